// What all comparisons of a model come to, in one sentence: the worst finding first. Knows no network.
import type { Comparison } from './comparison';
import type { RowLeak } from './measured';

export interface Findings {
  readonly predicting: readonly Comparison[];
  readonly sampled: Comparison | undefined;
  readonly training: Comparison | undefined;
  readonly rowLeaks: readonly RowLeak[];
}

/** The worst finding first; where there is none, what the longest comparison says. */
export function verdictOf({ predicting, sampled, training, rowLeaks }: Findings): string {
  const last = predicting.at(-1);
  const leaking = [...predicting].reverse().find(({ leaks }) => leaks.length > 0);
  if (leaking) return leaking.verdict + (leaking === last ? '' : ` (at length ${leaking.length})`);
  if (sampled && sampled.leaks.length > 0) return `${sampled.verdict} (at length ${sampled.length})`;
  if (training && training.leaks.length > 0) return `while training, ${training.verdict}`;
  if (rowLeaks.length > 0) return rowsVerdict(rowLeaks);
  return (predicting.find(({ agrees }) => !agrees) ?? last)?.verdict ?? '';
}

export function rowsVerdict(rowLeaks: readonly RowLeak[]): string {
  const [row] = rowLeaks;
  if (!row) return 'no row of a batch depends on another';
  const words = rowLeaks.length === 1 ? '1 leak' : `${rowLeaks.length} leaks`;
  return `${words} between rows of a batch: output ${row.output} of row ${row.row} depends on input ${row.input} of row ${row.otherRow}`;
}
