// The terms of one scoring as columns that grow with each part, and the running product in logarithms. Pure.
// Sums in order and in double precision, as `score` does.
import type { SelectionPart } from '../../../src/protocol/scoreSelection';

export class Terms {
  /** Nats; NaN where a token is not scored. */
  readonly logProb: Float32Array;
  readonly id: Int32Array;
  /** ln of the product up to and with each row; a token that is not scored is no factor. */
  readonly running: Float64Array;
  private filled = 0;
  private readonly words = new Map<number, string>();

  constructor(readonly rows: number) {
    this.logProb = new Float32Array(rows);
    this.id = new Int32Array(rows);
    this.running = new Float64Array(rows);
  }

  /** Parts come in order. */
  add({ from, id, logProb }: Pick<SelectionPart, 'from' | 'id' | 'logProb'>): void {
    this.id.set(id, from);
    this.logProb.set(logProb, from);
    let sum = from > 0 ? (this.running[from - 1] ?? 0) : 0;
    for (let row = from; row < from + id.length; row++) {
      const term = logProb[row - from] ?? NaN;
      if (!Number.isNaN(term)) sum += term;
      this.running[row] = sum;
    }
    this.filled = from + id.length;
  }

  name(texts: Iterable<readonly [id: number, text: string]>): void {
    for (const [id, text] of texts) this.words.set(id, text);
  }

  get complete(): boolean {
    return this.filled === this.rows;
  }

  textOf(row: number): string {
    return this.words.get(this.id[row] ?? -1) ?? '';
  }

  /** ln of the joint probability. */
  get total(): number {
    return this.running[this.rows - 1] ?? 0;
  }
}
