// KaTeX as a script of its own, beside the views' scripts: fetched when the first formula is opened, and by all views.
// Its DOM renderer sets styles through the style API, which the policy allows; nothing here makes HTML from text.
import katex from 'katex';
import 'katex/dist/katex.min.css';
import type { DrawFormula } from './katexLoader';

const arLensDrawFormula: DrawFormula = (latex, element, options) =>
  katex.render(latex, element, { ...options, output: 'htmlAndMathml', trust: false, strict: 'error' });

Object.assign(window, { arLensDrawFormula });
