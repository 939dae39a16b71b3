// What a set of images is, and what one is asked for. Knows no file format, no model and no levels.
import type { Resizing } from './resize';

export interface ImageSet {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** The class of each image; null without labels. */
  readonly labels: Int32Array | null;
  /** How many classes the labels name. */
  readonly classes: number;
  /** Class by class, where they are folders; else empty. */
  readonly classNames: readonly string[];
  /** Where the labels were read: a file's path or 'folders'; null without labels. */
  readonly labelSource: string | null;
  readonly files: number;
  readonly bytes: number;
  /** Of the files' bytes one after another. */
  readonly sha256: string;
  /** 8-bit values of the images `indices` [indices.length, height, width, channels] */
  pixels(indices: ArrayLike<number>): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface ImageSource {
  /** A file, a folder or a glob, relative to `base`. */
  readonly source: string;
  readonly workspace: string;
  readonly base: string;
  /** An IDX file of labels, or 'folders': the name of the folder that each picture lies in. */
  readonly labels?: string;
  /** The folders that are classes, in their order; those there are, sorted, when absent. */
  readonly classNames?: readonly string[];
  readonly resizing?: Resizing;
  /** 1 or 3; what the images are when absent. */
  readonly channels?: number;
  /** Leaves `sha256` empty: a file of gigabytes is then looked at without being read whole. */
  readonly withoutHash?: boolean;
  /** Names the source in sentences; 'data.source' when absent. */
  readonly place?: string;
}

/** Grey from RGB by the weights of ITU-R BT.601; RGB from grey by repetition. */
export function recolour(pixels: Uint8Array, from: number, to: number): Uint8Array {
  if (from === to) return pixels;
  const count = pixels.length / from;
  const out = new Uint8Array(count * to);
  for (let at = 0; at < count; at++) {
    const [r = 0, g = 0, b = 0] = [pixels[at * from], pixels[at * from + 1], pixels[at * from + 2]];
    if (to === 1) out[at] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
    else out.fill(r, at * 3, at * 3 + 3);
  }
  return out;
}
