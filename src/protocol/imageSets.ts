// What the interactive engine is asked of images that a person looks at: slices of a file, the bits of each image, and
// one image pixel by pixel. Types only; bulk numbers as typed arrays.
import type { Call } from './calls';
import type { Badge } from './figure';
import type { ImageCondition } from './imageCondition';
import type { ScoreImagesSummary } from './images';
import type { InspectSubject } from './subject';

export interface ImageSetParams {
  /** Absolute path of an IDX, .npy, .npz, PNG or JPEG file, or of a folder of pictures. */
  readonly path: string;
}
export interface ImageSetInfo {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  /** 1 (grey) or 3 (RGB). */
  readonly channels: number;
  readonly files: number;
}

/** What a new spec says of these images. */
export interface ImageSourceInfo extends Omit<ImageSetInfo, 'files'> {
  /** As `data.labels` of a spec beside them: a file's name, or "folders"; null where none are found. */
  readonly labels: string | null;
  /** Classes that the labels name; 0 without. */
  readonly classes: number;
  /** Pictures of several sizes: `height` and `width` are those that they were brought to. */
  readonly resized: boolean;
}

export interface ThumbnailsParams extends ImageSetParams {
  readonly indices: Int32Array;
  /** The longest side that is sent: larger images are brought down to it. */
  readonly side: number;
}
export interface Thumbnails {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** 8-bit values [indices.length, height, width, channels] */
  readonly pixels: Uint8Array;
}

/** What a model of images is: a run, or a spec whose family has nothing to learn. */
export interface ImageModelInfo {
  readonly family: string;
  readonly title: string;
  readonly device: string;
  readonly likelihood: Badge;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly levels: number;
  /** 0: it knows none. */
  readonly classes: number;
  /** Class by class, where they have names; else empty. */
  readonly classNames: readonly string[];
  readonly takesAnySize: boolean;
  /** How 8-bit values become levels. */
  readonly quantize: string;
  /** What it is given of each image, place by place; null: nothing. */
  readonly condition: ImageCondition | null;
}

export interface ImageBitsParams extends ImageSetParams {
  readonly subject: InspectSubject;
  /** Scores without a class, whatever labels there are; by a model with classes, labels are looked for otherwise. */
  readonly withoutLabels?: boolean;
}
export interface ImageBitsProgress {
  readonly done: number;
  readonly images: number;
  /** Nats of each image since the last report, in order. */
  readonly nats: Float64Array;
  /** The class that each of them is scored under; null without. */
  readonly labels: Int32Array | null;
}

export interface ImageNatsParams extends ImageBitsParams {
  readonly image: number;
}
/** One image under a model, sub-pixel by sub-pixel [height, width, channels]. */
export interface ImageNats {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly levels: number;
  /** The class that it is scored under; null without. */
  readonly label: number | null;
  readonly level: Uint8Array;
  /** What it is given place by place, as a person sees it: 8-bit values [height, width, channels]; null: nothing. */
  readonly condition: { readonly channels: number; readonly pixels: Uint8Array } | null;
  /** Nats. */
  readonly logProb: Float32Array;
  /** Nats: of each sub-pixel's distribution. */
  readonly entropy: Float32Array;
  /** 1 more than how many levels are likelier than the one that is there: 1 is the likeliest. */
  readonly rank: Uint16Array;
  /** The model's order of generation, where it is not raster: which sub-pixel comes at each step. */
  readonly order: Int32Array | null;
}

export interface PixelDistributionParams extends ImageNatsParams {
  readonly row: number;
  readonly column: number;
}
export interface PixelDistribution {
  readonly channels: number;
  readonly levels: number;
  /** Nats [channels, levels], given everything before each sub-pixel. */
  readonly logProb: Float32Array;
  /** The class that the image is scored under; null without. */
  readonly label: number | null;
  /** What is there, and of its distribution the nats of entropy and the rank, as of `ImageNats` [channels]. */
  readonly level: Uint8Array;
  readonly entropy: Float32Array;
  readonly rank: Uint16Array;
}

/** The interactive engine's part of it. */
export interface ImageSetCalls {
  imageSet: Call<ImageSetParams, ImageSetInfo>;
  imageSource: Call<ImageSetParams, ImageSourceInfo>;
  thumbnails: Call<ThumbnailsParams, Thumbnails>;
  imageModel: Call<InspectSubject, ImageModelInfo>;
  /** As `scoreImages`, image by image. */
  imageBits: Call<ImageBitsParams, ScoreImagesSummary, ImageBitsProgress>;
  imageNats: Call<ImageNatsParams, ImageNats>;
  pixelDistribution: Call<PixelDistributionParams, PixelDistribution>;
}
