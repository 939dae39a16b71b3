// The terms and the figures as data: CSV, JSON, and the chain rule as LaTeX.
import type { ScoreSelectionContent } from '../../../src/protocol/scoreSelection';
import { FORMULAS } from '../../formulas/formulaTable';
import { latexOfLog } from '../../formulas/latexNumber';
import { toCsv } from '../../ui/copyAsData';
import { figuresOf } from './figures';
import type { Terms } from './terms';

const LOG10 = Math.LN10;

export function termsCsv(content: ScoreSelectionContent, terms: Terms): string {
  const rows = Array.from({ length: terms.rows }, (_, row) => row);
  return toCsv([
    { name: 'token', values: rows.map((row) => content.first + row + 1) },
    { name: 'text', values: rows.map((row) => terms.textOf(row)) },
    { name: 'log probability (nats)', values: terms.logProb },
    { name: 'probability', values: terms.logProb.map(Math.exp) },
    { name: 'running product (log10)', values: terms.running.map((log) => log / LOG10) },
  ]);
}

export function termsJson(content: ScoreSelectionContent, terms: Terms): string {
  const { file, model, what, range, from, to, widened, summary } = content;
  const rows = Array.from({ length: terms.rows }, (_, row) => {
    const logProb = terms.logProb[row] ?? NaN;
    return {
      token: content.first + row + 1,
      text: terms.textOf(row),
      logProb: Number.isNaN(logProb) ? null : logProb,
      runningLogProb: terms.running[row],
    };
  });
  const about = { file, model, what, range, from, to, widened, figures: figuresOf(summary), summary };
  return JSON.stringify({ ...about, rows }, null, 1);
}

export function chainRuleLatex(terms: Terms): string {
  const { left, right, numbers, evaluate } = FORMULAS.chainRule;
  const values = { logProb: terms.logProb };
  return `${left} = ${right} = ${numbers(values)} = ${latexOfLog(evaluate(values))}`;
}
