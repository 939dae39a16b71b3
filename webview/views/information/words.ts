// The view's charts in sentences, for the live region and for those who do not see them. Text only.
import type { AblationReport, AblationRow, InformationReport } from '../../../src/protocol/information';
import { formatCount, formatSmall, formatValue, visibleToken } from '../../ui/format';
import { contextName } from './contextRows';
import type { Positions } from './positions';

const bits = (nats: number): number => nats / Math.LN2;

/** Three decimals where they say something, else a power of ten: mutual information spans five of them. */
export function formatInformation(value: number): string {
  return Math.abs(value) >= 0.01 ? formatValue(value) : formatSmall(value);
}

/** What is known at one token. */
export function tokenSentence(positions: Positions, text: string, token: number): string {
  const name = `token ${token + 1} of ${positions.tokens}, ${tokenText(positions, text, token)}`;
  const surprisal = positions.bits[token] ?? NaN;
  if (Number.isNaN(surprisal)) return `${name}, not scored: nothing stands before it`;
  const entropy = positions.entropy[token] ?? NaN;
  return `${name}, per-context entropy ${formatValue(entropy)} bits, surprisal ${formatValue(surprisal)} bits`;
}

export function tokenText({ start, end }: Positions, text: string, token: number): string {
  return visibleToken(text.slice(start[token], end[token]));
}

/** ± the standard error, or why there is none. */
export function errorWords({
  standardErrorBits,
  blocks,
  blockLength,
}: InformationReport['surprisal']): string {
  return standardErrorBits === null
    ? 'too few tokens for a standard error'
    : `standard error, from the means of ${blocks} blocks of ${formatCount(blockLength)} tokens`;
}

export function reportSentence(file: string, report: InformationReport): string {
  const { conditionalEntropy: mean, surprisal, summary } = report;
  return `${file}: conditional entropy ${formatValue(mean.bits)} bits/token, surprisal ${formatValue(surprisal.bits)} bits/token, over ${mean.count} tokens, ${summary.likelihood}`;
}

/** From where to where the dependence falls. */
export function distanceSentence({ mutualInformation: found }: InformationReport): string {
  const last = found.distance.length - 1;
  if (last < 0) return 'The text is too short for pairs at a distance.';
  const at = (i: number) =>
    `${formatInformation(found.bits[i] ?? NaN)} bits at distance ${found.distance[i]}`;
  return `Mutual information: ${at(0)}, ${at(last)}; ${found.used} of ${last + 1} distances stand out from the shuffled text.`;
}

/** `law` in plain signs: 0.64 · e^(−0.045 d). */
export function fitLaw({
  kind,
  amplitude,
  rate,
}: InformationReport['mutualInformation']['fits'][number]): string {
  const sign = rate < 0 ? '' : '−';
  const size = formatInformation(Math.abs(rate));
  const front = formatInformation(amplitude);
  return kind === 'exponential' ? `${front} · e^(${sign}${size} d)` : `${front} · d^(${sign}${size})`;
}

export function contextsSentence(report: AblationReport, rows: readonly AblationRow[]): string {
  const written = rows.map(
    (row) =>
      `${contextName(row)}: surprisal ${formatValue(-bits(row.logProb))}, per-context entropy ${formatValue(bits(row.entropy))} bits`,
  );
  return `Token ${report.at.token + 1} by what stands before it. ${written.join('; ')}.`;
}
