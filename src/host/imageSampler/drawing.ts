// The images that are drawn side by side: a tree of branches each, and which of them stand at the same sub-pixel and so
// are drawn together. Knows no engine.
import type { ImageSamplerProgress, ImageSamplerSettings } from '../../protocol/imageSampler';
import type { DrawnPart } from '../../protocol/imageSamplerView';
import { ImageTree } from './imageTree';

let drawings = 0;

export class Drawing {
  /** A number that no drawing of this window had before. */
  readonly serial = ++drawings;
  readonly trees: readonly ImageTree[];
  /** Where each step lies: (row · width + column) · channels + channel. The same for all images. */
  readonly places: Int32Array;

  /** @param size steps of a whole image */
  constructor(
    readonly size: number,
    readonly count: number,
  ) {
    this.trees = Array.from({ length: count }, () => new ImageTree(size));
    this.places = Int32Array.from({ length: size }, (_, step) => step);
  }

  tree(image: number): ImageTree {
    return this.trees[image] ?? new ImageTree(this.size);
  }

  get complete(): boolean {
    return this.trees.every((tree) => tree.complete);
  }

  get standing(): Int32Array {
    return Int32Array.from(this.trees, ({ step }) => step);
  }

  /** Images that stand where this one does and are of its class, itself among them. */
  abreast(image: number): number[] {
    const { step, first } = this.tree(image);
    return Array.from(this.trees.keys()).filter((each) => {
      const tree = this.tree(each);
      return tree.step === step && tree.first?.label === first?.label;
    });
  }

  /** The first step after this image's at which others stand, or the end: from there on they are drawn as well. */
  meetingOf(image: number): number {
    const { step } = this.tree(image);
    return Math.min(this.size, ...this.trees.map((tree) => tree.step).filter((each) => each > step));
  }

  /** Levels so far of these images, which stand abreast; 0 of the others [steps, count]. */
  path(images: readonly number[]): Uint8Array {
    const { count } = this;
    const { step } = this.tree(images[0] ?? 0);
    const path = new Uint8Array(step * count);
    for (const image of images) {
      this.tree(image)
        .read(0)
        .levels.forEach((level, at) => (path[at * count + image] = level));
    }
    return path;
  }

  /** @param forced the image whose first step was chosen by hand */
  add(
    { places, values, logProb }: ImageSamplerProgress,
    images: readonly number[],
    settings: ImageSamplerSettings,
    forced?: number,
  ): void {
    const { count } = this;
    this.places.set(places, this.tree(images[0] ?? 0).step);
    places.forEach((_, step) => {
      for (const image of images) {
        const at = step * count + image;
        this.tree(image).add(values[at] ?? 0, logProb[at] ?? 0, settings, step === 0 && image === forced);
      }
    });
  }

  part(image: number, from: number): DrawnPart {
    const tree = this.tree(image);
    const { serial, step } = tree;
    return { image, serial, from, places: this.places.slice(from, step), ...tree.read(from) };
  }

  /** [count, size]: what is not drawn yet is 0. */
  images(): Uint8Array {
    const { size, trees, places } = this;
    const images = new Uint8Array(size * this.count);
    trees.forEach((tree, image) =>
      tree.read(0).levels.forEach((level, step) => (images[image * size + (places[step] ?? 0)] = level)),
    );
    return images;
  }
}
