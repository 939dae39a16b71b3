// Sampling in raster order: keeps the place, checks what is set, and asks a family's stack for the features of one channel
// group of one pixel at a time, of all images at once. Everything before that pixel is computed already and stays.
import { placeOf } from './imageModel';
import { subpixelsOf, type ImageDecoder, type ImageDecoderOptions, type ImageFacts } from './imageFamily';
import { pixelAt, type Plane } from './imageLayers';

/** A family's layers, one pixel at a time. */
export interface PixelStack {
  /** Levels as numbers from 0 to 1, as far as they are set: [rows, H, W, channels]. */
  readonly input: Plane;
  /** The logits of sub-pixel (r, c, channel) of every image [rows, levels], given everything before it. */
  logits(r: number, c: number, channel: number, out: Float32Array): void;
  /** Row r of every image is complete. */
  rowDone?(r: number): void;
  /** Gives back what it holds. */
  dispose?(): void;
}

export class RasterDecoder implements ImageDecoder {
  readonly rows: number;
  position = 0;
  private readonly result: Float32Array;
  private readonly size: number;
  private computed = -1;

  constructor(
    private readonly facts: ImageFacts,
    options: ImageDecoderOptions,
    private readonly stack: PixelStack,
  ) {
    this.rows = options.rows;
    this.size = subpixelsOf(facts);
    this.result = new Float32Array(options.rows * facts.levels);
  }

  next(): Promise<Float32Array> {
    if (this.position >= this.size) {
      return Promise.reject(new Error('ImageDecoder.next: expected a sub-pixel that is left, got none'));
    }
    if (this.computed !== this.position) {
      const { row, column, channel } = placeOf(this.facts, this.position);
      this.stack.logits(row, column, channel, this.result);
      this.computed = this.position;
    }
    return Promise.resolve(this.result);
  }

  set(values: ArrayLike<number>): void {
    const { levels, channels, width } = this.facts;
    if (this.position >= this.size)
      throw new Error('ImageDecoder.set: expected a sub-pixel that is left, got none');
    if (values.length !== this.rows) {
      throw new Error(`ImageDecoder.set: expected ${this.rows} values, got ${values.length}`);
    }
    // A forced value, too, needs the features of its pixel: later pixels read them.
    if (this.computed !== this.position) void this.next();
    const { row, column, channel } = placeOf(this.facts, this.position);
    const { input } = this.stack;
    for (let image = 0; image < this.rows; image++) {
      const value = values[image] as number;
      if (!Number.isInteger(value) || value < 0 || value >= levels) {
        throw new Error(`ImageDecoder.set: expected a level in [0, ${levels}), got ${value}`);
      }
      input.values[pixelAt(input, image, row, column) + channel] = value / (levels - 1);
    }
    this.position++;
    if (channel === channels - 1 && column === width - 1) this.stack.rowDone?.(row);
  }

  dispose(): void {
    this.position = this.size;
    this.stack.dispose?.();
  }
}

/** The logits of one channel out of a plane that has those of all, of the current pixel. @param out [rows, levels] */
export function copyLogits(
  { features, values }: Plane,
  { levels }: ImageFacts,
  channel: number,
  out: Float32Array,
): void {
  for (let from = channel * levels, to = 0; to < out.length; from += features, to += levels) {
    for (let level = 0; level < levels; level++) out[to + level] = values[from + level] as number;
  }
}
