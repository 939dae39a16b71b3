// The steps of a drawing so far: where each lies, its levels in all images, and their log-probabilities. Pure.
import type { ImageSamplerProgress } from '../../protocol/imageSampler';
import type { DrawnPart } from '../../protocol/imageSamplerView';

let serials = 0;

export class Drawing {
  /** A number that no drawing of this window had before. */
  readonly serial = ++serials;
  steps = 0;
  private readonly places: Int32Array;
  private readonly values: Uint8Array;
  private readonly logProb: Float32Array;

  /** @param size steps of a whole image */
  constructor(
    readonly size: number,
    readonly count: number,
  ) {
    this.places = new Int32Array(size);
    this.values = new Uint8Array(size * count);
    this.logProb = new Float32Array(size * count);
  }

  get complete(): boolean {
    return this.steps === this.size;
  }

  /** [steps, count] */
  get path(): Uint8Array {
    return this.values.slice(0, this.steps * this.count);
  }

  add({ places, values, logProb }: ImageSamplerProgress): void {
    const { steps, count } = this;
    this.places.set(places, steps);
    this.values.set(values, steps * count);
    this.logProb.set(logProb, steps * count);
    this.steps += places.length;
  }

  /** The same without its last step; another drawing, since a view cannot take steps back. */
  withoutLast(): Drawing {
    const shorter = new Drawing(this.size, this.count);
    const steps = Math.max(0, this.steps - 1);
    shorter.add({ ...this.part(0, steps), next: null });
    return shorter;
  }

  part(from: number, to = this.steps): DrawnPart {
    const { count } = this;
    return {
      serial: this.serial,
      from,
      places: this.places.slice(from, to),
      values: this.values.slice(from * count, to * count),
      logProb: this.logProb.slice(from * count, to * count),
    };
  }

  /** [count, size]: what is not drawn yet is 0. */
  images(): Uint8Array {
    const { size, count } = this;
    const images = new Uint8Array(size * count);
    for (let step = 0; step < this.steps; step++) {
      const place = this.places[step] ?? 0;
      for (let image = 0; image < count; image++)
        images[image * size + place] = this.values[step * count + image] ?? 0;
    }
    return images;
  }
}
