// Sampling in raster order over host memory: keeps the place, checks what is set, and asks a family's stack for the
// features of one channel group of one pixel at a time. Everything before that pixel is computed already and stays.
import { placeOf } from './imageModel';
import { subpixelsOf, type ImageDecoder, type ImageDecoderOptions, type ImageFacts } from './imageFamily';
import { createPlane, pixelAt, type Plane } from './imageLayers';

/** A family's layers, one pixel at a time. */
export interface PixelStack {
  /** The logits of sub-pixel (r, c, channel) of image `row` [levels], given everything before it. */
  logits(row: number, r: number, c: number, channel: number, out: Float32Array): void;
  /** Row r of every image is complete. */
  rowDone?(r: number): void;
}

export class RasterDecoder implements ImageDecoder {
  readonly rows: number;
  position = 0;
  private readonly stack: PixelStack;
  /** Levels as numbers from 0 to 1. */
  private readonly input: Plane;
  private readonly result: Float32Array;
  private readonly size: number;
  private computed = -1;

  constructor(
    private readonly facts: ImageFacts,
    options: ImageDecoderOptions,
    stackOver: (input: Plane, options: ImageDecoderOptions) => PixelStack,
  ) {
    this.rows = options.rows;
    this.size = subpixelsOf(facts);
    this.input = createPlane(options.rows, facts.height, facts.width, facts.channels);
    this.result = new Float32Array(options.rows * facts.levels);
    this.stack = stackOver(this.input, options);
  }

  next(): Promise<Float32Array> {
    if (this.position >= this.size) {
      return Promise.reject(new Error('ImageDecoder.next: expected a sub-pixel that is left, got none'));
    }
    if (this.computed !== this.position) {
      const { row, column, channel } = placeOf(this.facts, this.position);
      const { levels } = this.facts;
      for (let image = 0; image < this.rows; image++) {
        this.stack.logits(
          image,
          row,
          column,
          channel,
          this.result.subarray(image * levels, (image + 1) * levels),
        );
      }
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
    for (let image = 0; image < this.rows; image++) {
      const value = values[image] as number;
      if (!Number.isInteger(value) || value < 0 || value >= levels) {
        throw new Error(`ImageDecoder.set: expected a level in [0, ${levels}), got ${value}`);
      }
      this.input.values[pixelAt(this.input, image, row, column) + channel] = value / (levels - 1);
    }
    this.position++;
    if (channel === channels - 1 && column === width - 1) this.stack.rowDone?.(row);
  }

  dispose(): void {
    this.position = this.size;
  }
}
