// A selection's numbers and rows in words, for people and screen readers. Pure.
import type { ScoreSelectionContent } from '../../../src/protocol/scoreSelection';
import { formatCount, formatValue, raised, visibleToken } from '../../ui/format';
import { decimalOfLog } from '../../formulas/latexNumber';
import type { Terms } from './terms';

/** e^log: plain where a person reads it at a glance, else mantissa × 10ⁿ, however small. All with so many digits. */
export function probabilityOf(log: number, digits = 4): string {
  if (Number.isNaN(log)) return 'not scored';
  if (log >= 0) return '1';
  const { mantissa, exponent } = decimalOfLog(log, digits);
  if (exponent >= -3) return Math.exp(log).toPrecision(digits);
  return `${mantissa.toFixed(digits - 1)} × 10${raised(exponent)}`;
}

export function rowSentence(content: ScoreSelectionContent, terms: Terms, row: number): string {
  const name = `Token ${formatCount(content.first + row + 1)} ‘${visibleToken(terms.textOf(row))}’`;
  const log = terms.logProb[row] ?? NaN;
  if (Number.isNaN(log)) return `${name}: not scored, nothing stands before it`;
  const so = terms.running[row] ?? NaN;
  return `${name}: p ${probabilityOf(log)}, product so far ${probabilityOf(so)}`;
}

export function summarySentence(content: ScoreSelectionContent): string {
  const { nll, scored, perplexity, stride, likelihood } = content.summary;
  const bits = formatValue(nll / Math.LN2, 2);
  return `${content.file}: ${bits} bits over ${scored} tokens, PPL ${formatValue(perplexity, 2)} with stride ${stride}, ${likelihood}`;
}
