// The columns of a text's tokens while their number is not known.
import type { Encoded } from '../encoded';

export class GrowingColumns {
  private ids = new Int32Array(1024);
  private from = new Uint32Array(1024);
  private to = new Uint32Array(1024);
  count = 0;

  add(id: number, byteStart: number, byteEnd: number): void {
    if (this.count === this.ids.length) this.grow();
    this.ids[this.count] = id;
    this.from[this.count] = byteStart;
    this.to[this.count++] = byteEnd;
  }

  done(): Pick<Encoded, 'ids' | 'byteStart' | 'byteEnd'> {
    return {
      ids: this.ids.slice(0, this.count),
      byteStart: this.from.slice(0, this.count),
      byteEnd: this.to.slice(0, this.count),
    };
  }

  private grow(): void {
    const longer = <T extends Int32Array | Uint32Array>(column: T, empty: T): T => {
      empty.set(column);
      return empty;
    };
    const length = 2 * this.count;
    this.ids = longer(this.ids, new Int32Array(length));
    this.from = longer(this.from, new Uint32Array(length));
    this.to = longer(this.to, new Uint32Array(length));
  }
}
