// The images as they are drawn: of each its path so far, pixels and log-probabilities. Knows no page but for the canvases
// it fills.
import type { DrawnPart, ImageSamplerContent } from '../../../src/protocol/imageSamplerView';

interface DrawnImage {
  serial: number;
  steps: number;
  nats: number;
  isDirty: boolean;
  readonly pixels: ImageData;
  readonly canvas: OffscreenCanvas;
}

export class DrawnImages {
  readonly drawing: number;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  /** Steps of a whole image. */
  readonly size: number;
  /** [image, height · width · channels]; −1 where nothing is drawn yet. */
  readonly levels: Int16Array;
  /** Where each step lies, as far as any image has come. */
  private readonly places: Int32Array;
  private readonly stepAt: Int32Array;
  private readonly channels: number;
  private readonly top: number;
  private readonly images: DrawnImage[];

  constructor({ drawing, choice, model, steps }: ImageSamplerContent) {
    this.drawing = drawing;
    this.count = choice.count;
    this.height = model.height;
    this.width = model.width;
    this.size = steps;
    this.channels = model.channels;
    this.top = model.levels - 1;
    this.levels = new Int16Array(choice.count * steps).fill(-1);
    this.places = Int32Array.from({ length: steps }, (_, step) => step);
    this.stepAt = this.places.slice();
    this.images = Array.from({ length: choice.count }, () => ({
      serial: -1,
      steps: 0,
      nats: 0,
      isDirty: false,
      pixels: new ImageData(model.width, model.height),
      canvas: new OffscreenCanvas(model.width, model.height),
    }));
  }

  stepsOf(image: number): number {
    return this.images[image]?.steps ?? 0;
  }

  /** −log p of an image so far. */
  natsOf(image: number): number {
    return this.images[image]?.nats ?? 0;
  }

  /** The place of a step, and the step of a place; of what no image has come to, in raster order. */
  placeOf(step: number): number {
    return this.places[step] ?? step;
  }
  stepOf(row: number, column: number): number {
    return this.stepAt[(row * this.width + column) * this.channels] ?? 0;
  }

  /** Another path than before begins with an empty image. */
  add({ image, serial, from, places, levels, nats }: DrawnPart): void {
    const own = this.images[image];
    if (own === undefined) return;
    if (own.serial !== serial) this.empty(image, serial);
    if (from !== own.steps) return;
    const { channels, top, size } = this;
    const { data } = own.pixels;
    places.forEach((place, step) => {
      const level = levels[step] ?? 0;
      this.levels[image * size + place] = level;
      this.places[from + step] = place;
      this.stepAt[place] = from + step;
      own.nats += nats[step] ?? 0;
      const at = 4 * Math.floor(place / channels);
      const byte = Math.round((255 * level) / top);
      if (channels === 1) data.fill(byte, at, at + 3);
      else data[at + (place % channels)] = byte;
      data[at + 3] = 255;
    });
    own.isDirty = true;
    own.steps += places.length;
  }

  /** What is not drawn is transparent. */
  picture(image: number): OffscreenCanvas {
    const { canvas, pixels, isDirty } = this.images[image] as DrawnImage;
    if (isDirty) canvas.getContext('2d')?.putImageData(pixels, 0, 0);
    (this.images[image] as DrawnImage).isDirty = false;
    return canvas;
  }

  private empty(image: number, serial: number): void {
    const own = this.images[image] as DrawnImage;
    own.serial = serial;
    own.steps = 0;
    own.nats = 0;
    own.isDirty = true;
    own.pixels.data.fill(0);
    this.levels.fill(-1, image * this.size, (image + 1) * this.size);
  }
}
