// The effective receptive field: the mean of |∂ log p / ∂ an input| over images and outputs, and how few inputs hold most of it
// (Luo, Li, Urtasun, Zemel 2016, arXiv:1701.04128, with log p in place of a unit's value). Pure; knows no network.
import type { GridShape, SubpixelSet } from '../reach/subpixelSet';

/** Shares of the whole whose area is given. */
export const SHARES = [0.5, 0.9, 0.99] as const;

export interface EffectiveArea {
  readonly share: number;
  /** The fewest inputs that together hold this share. */
  readonly count: number;
  /** What each of them has at least. */
  readonly least: number;
}

/** A mean over pairs of an image and an output, input by input: of one output, or by where inputs lie around theirs. */
export class EffectiveMean {
  private readonly sums: Float64Array;
  private readonly counts: Float64Array;
  pairs = 0;

  /** @param around the output that the mean is drawn around; each pair's inputs are moved so that its own output lies there */
  constructor(
    private readonly shape: GridShape,
    private readonly around: number,
  ) {
    const size = shape.height * shape.width * shape.channels;
    this.sums = new Float64Array(size);
    this.counts = new Float64Array(size);
  }

  /** @param gradients of one image's inputs to its output, [H · W · channels]; the output is of the same channel */
  add(gradients: Float32Array, output: number): void {
    const { height, width, channels } = this.shape;
    const place = (index: number): [number, number] => {
      const pixel = Math.floor(index / channels);
      return [Math.floor(pixel / width), pixel % width];
    };
    const [[row, column], [own, ownColumn]] = [place(this.around), place(output)];
    const [down, right] = [row - own, column - ownColumn];
    this.pairs++;
    for (let r = Math.max(0, -down); r < Math.min(height, height - down); r++) {
      for (let c = Math.max(0, -right); c < Math.min(width, width - right); c++) {
        const [from, to] = [(r * width + c) * channels, ((r + down) * width + c + right) * channels];
        for (let channel = 0; channel < channels; channel++) {
          this.sums[to + channel] =
            (this.sums[to + channel] as number) + (gradients[from + channel] as number);
          this.counts[to + channel] = (this.counts[to + channel] as number) + 1;
        }
      }
    }
  }

  /** An input that lay outside of every pair's image has none: 0. [H · W · channels] */
  mean(): Float32Array {
    return Float32Array.from(this.sums, (sum, at) => sum / Math.max(1, this.counts[at] as number));
  }
}

/** Inputs that moved an output although it does not read them. @param gradients of one output's inputs */
export function movedOutside(gradients: Float32Array, seen: SubpixelSet): number {
  return gradients.reduce((count, value, input) => count + (value !== 0 && !seen.has(input) ? 1 : 0), 0);
}

/** The strongest inputs first, until a share of the sum is reached; none where all are 0. */
export function effectiveAreas(values: Float32Array): EffectiveArea[] {
  const sorted = Float32Array.from(values).sort().reverse();
  const total = sorted.reduce((sum, value) => sum + value, 0);
  return SHARES.map((share) => {
    if (total === 0) return { share, count: 0, least: 0 };
    let [sum, count] = [0, 0];
    // Sums in single steps differ from the total by rounding.
    while (count < sorted.length && sum < share * total * (1 - 1e-9)) sum += sorted[count++] as number;
    return { share, count, least: sorted[count - 1] as number };
  });
}
