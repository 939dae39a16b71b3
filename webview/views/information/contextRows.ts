// Which shortened contexts are shown, and what they are called. Pure.
import type { AblationReport, AblationRow } from '../../../src/protocol/information';
import { formatCount } from '../../ui/format';
import type { Settings } from './settings';

/** The rows that are shown: by what stands in front, and last the one that `score` says. */
export function rowsOf(report: AblationReport, front: Settings['front']): AblationRow[] {
  const { bos, withStart, alone, full } = report;
  const zero = withStart.filter(({ tokens }) => tokens === 0);
  const rows = bos && front === 'start' ? [...withStart] : [...zero, ...alone];
  const last = rows.at(-1);
  const same = full === null || (last?.tokens === full.tokens && last.start === full.start);
  return same ? rows : [...rows, full];
}

export function contextName({ tokens, start }: Pick<AblationRow, 'tokens' | 'start'>): string {
  return start ? `start + ${formatCount(tokens)}` : `last ${formatCount(tokens)}`;
}
