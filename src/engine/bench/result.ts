// What one benchmark answers: ours, the peer's and the ratio. Types only.

export interface BenchResult {
  readonly name: string;
  readonly ours: number;
  readonly peer: number | null;
  /** ours / peer. */
  readonly ratio: number | null;
  readonly unit: 'ms/step' | 'tokens/s' | 'images/s';
  readonly better: 'lower' | 'higher';
  /** What `ours` is the best of. */
  readonly count: number;
  readonly median: number;
}
