// The images as they are drawn: pixels that are there, log-probabilities so far, and the path that was taken. Knows no
// page but for the canvases it fills.
import type { DrawnPart, ImageSamplerContent } from '../../../src/protocol/imageSamplerView';

export class DrawnImages {
  readonly serial: number;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  steps = 0;
  /** Nats of each image so far. */
  readonly nats: Float64Array;
  /** [image, height · width · channels]; −1 where nothing is drawn yet. */
  readonly levels: Int16Array;
  private readonly channels: number;
  private readonly top: number;
  private readonly values: Uint8Array;
  private readonly pixels: ImageData[];
  private readonly canvases: OffscreenCanvas[];
  private readonly dirty = new Set<number>();

  constructor({ serial, choice, model, steps }: ImageSamplerContent) {
    this.serial = serial;
    this.count = choice.count;
    this.height = model.height;
    this.width = model.width;
    this.channels = model.channels;
    this.top = model.levels - 1;
    this.nats = new Float64Array(choice.count);
    this.levels = new Int16Array(choice.count * steps).fill(-1);
    this.values = new Uint8Array(choice.count * steps);
    this.pixels = Array.from({ length: choice.count }, () => new ImageData(model.width, model.height));
    this.canvases = this.pixels.map(() => new OffscreenCanvas(model.width, model.height));
  }

  /** Of these images, and next in their order. */
  fits({ serial, from }: DrawnPart): boolean {
    return serial === this.serial && from === this.steps;
  }

  add({ places, values, logProb }: DrawnPart): void {
    const { count, channels, top } = this;
    const size = this.levels.length / count;
    this.values.set(values, this.steps * count);
    places.forEach((place, step) => {
      for (let image = 0; image < count; image++) {
        const level = values[step * count + image] ?? 0;
        this.levels[image * size + place] = level;
        this.nats[image] = (this.nats[image] ?? 0) - (logProb[step * count + image] ?? 0);
        const { data } = this.pixels[image] as ImageData;
        const at = 4 * Math.floor(place / channels);
        const byte = Math.round((255 * level) / top);
        if (channels === 1) data.fill(byte, at, at + 3);
        else data[at + (place % channels)] = byte;
        data[at + 3] = 255;
        this.dirty.add(image);
      }
    });
    this.steps += places.length;
  }

  /** What is not drawn is transparent. */
  picture(image: number): OffscreenCanvas {
    const canvas = this.canvases[image] as OffscreenCanvas;
    if (this.dirty.delete(image))
      canvas.getContext('2d')?.putImageData(this.pixels[image] as ImageData, 0, 0);
    return canvas;
  }

  /** One character a level [steps, count]. */
  path(): string {
    let path = '';
    for (const level of this.values.subarray(0, this.steps * this.count)) path += String.fromCharCode(level);
    return path;
  }
}
