// What the view holds of a set of images: bits/dim as they arrive, the order they are shown in, and small pictures, of
// which it fetches those in sight and forgets those that were not for long. Knows no canvas of the page.
import type { ImagesBits, ImagesSlice } from '../../../src/protocol/imagesView';
import type { Order } from './settings';

const MOST_KEPT = 4096;
const MOST_REQUESTS = 2;
/** Images of one request. */
const MOST_ASKED = 256;

export class Gallery {
  /** bits/dim; NaN where an image is not scored. */
  bits = new Float32Array(0);
  scored = 0;
  /** The class that each image is scored under; −1 without. */
  labels = new Int32Array(0);
  labelled = false;
  private serial = -1;
  private sorted: { readonly key: string; readonly order: Uint32Array } | undefined;
  /** Least recently drawn first. */
  private readonly pictures = new Map<number, OffscreenCanvas>();
  private readonly pending = new Set<number>();
  private requests = 0;

  constructor(readonly images: number) {
    this.bits = new Float32Array(images).fill(NaN);
    this.labels = new Int32Array(images).fill(-1);
  }

  /** Another scoring starts with nothing. */
  begin(serial: number): void {
    if (serial === this.serial) return;
    this.serial = serial;
    this.bits.fill(NaN);
    this.labels.fill(-1);
    [this.scored, this.labelled] = [0, false];
    this.sorted = undefined;
  }

  add({ serial, from, bits, labels }: ImagesBits): void {
    this.begin(serial);
    const room = Math.max(0, this.images - from);
    this.bits.set(bits.subarray(0, room), from);
    if (labels !== null) {
      this.labels.set(labels.subarray(0, room), from);
      this.labelled = true;
    }
    this.scored = from + bits.length;
  }

  /** Images by place. What is not scored yet comes last, as it lies in the file. */
  order(by: Order): Uint32Array {
    const key = `${this.serial} ${this.scored} ${by}`;
    if (this.sorted?.key === key) return this.sorted.order;
    const order = Uint32Array.from({ length: this.images }, (_, image) => image);
    if (by !== 'file' && this.scored > 0) {
      const { bits } = this;
      const sign = by === 'most' ? -1 : 1;
      order
        .subarray(0, this.scored)
        .sort((a, b) => sign * ((bits[a] as number) - (bits[b] as number)) || a - b);
    }
    this.sorted = { key, order };
    return order;
  }

  /** The class that an image is scored under; null without. */
  label(image: number): number | null {
    const label = this.labels[image] ?? -1;
    return label < 0 ? null : label;
  }

  picture(image: number): OffscreenCanvas | undefined {
    const found = this.pictures.get(image);
    if (found !== undefined) {
      this.pictures.delete(image);
      this.pictures.set(image, found);
    }
    return found;
  }

  /** Which of the images in sight are to be asked for now; none while earlier requests are under way. */
  wanted(inSight: Iterable<number>): number[] {
    if (this.requests >= MOST_REQUESTS) return [];
    const missing: number[] = [];
    for (const image of inSight) {
      if (missing.length >= MOST_ASKED) break;
      if (!this.pictures.has(image) && !this.pending.has(image)) missing.push(image);
    }
    if (missing.length === 0) return missing;
    this.requests++;
    for (const image of missing) this.pending.add(image);
    return missing;
  }

  take({ indices, height, width, channels, pixels }: ImagesSlice): void {
    this.requests = Math.max(0, this.requests - 1);
    const size = height * width * channels;
    indices.forEach((image, at) => {
      this.pending.delete(image);
      this.pictures.set(
        image,
        canvasOf(pixels.subarray(at * size, (at + 1) * size), { height, width, channels }),
      );
    });
    for (const oldest of this.pictures.keys()) {
      if (this.pictures.size <= MOST_KEPT) break;
      this.pictures.delete(oldest);
    }
  }

  /** A request came to nothing: what it asked for may be asked for again. */
  forgetRequests(): void {
    this.pending.clear();
    this.requests = 0;
  }
}

/** @param values 8 bits each [height, width, channels] */
export function canvasOf(
  values: ArrayLike<number>,
  { height, width, channels }: { readonly height: number; readonly width: number; readonly channels: number },
): OffscreenCanvas {
  const image = new ImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let c = 0; c < 3; c++)
      image.data[4 * pixel + c] = values[pixel * channels + (channels === 1 ? 0 : c)] ?? 0;
    image.data[4 * pixel + 3] = 255;
  }
  return canvasWith(image);
}

export function canvasWith(image: ImageData): OffscreenCanvas {
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext('2d')?.putImageData(image, 0, 0);
  return canvas;
}
