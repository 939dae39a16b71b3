// What the Receptive field view asks an engine, and what it answers: from which depth on an output reads each input, for
// several stacks on the same grid. Types and limits only; bulk numbers as typed arrays.
import type { EffectiveMeasure } from './effectiveMeasures';
import type { ImageMaskLayer, SubjectDomain } from './images';
import type { InspectSubject } from './subject';

export const FIELD_LIMITS = {
  /** Rows and columns of a grid. */
  side: { minimum: 1, maximum: 64 },
  layers: { minimum: 1, maximum: 128 },
  kernel: { minimum: 1, maximum: 15 },
  firstKernel: { minimum: 1, maximum: 31 },
} as const;

/** A grid and the stacks on it: what the view's builder holds. */
export interface FieldSettings {
  readonly height: number;
  readonly width: number;
  /** 1 (grey) or 3 (RGB). */
  readonly channels: number;
  readonly layers: number;
  /** Odd, like firstKernel. */
  readonly kernel: number;
  readonly firstKernel: number;
  /** Ids of the families that stand side by side, one or two. */
  readonly families: readonly string[];
  /** In which order pixels are generated, of families that let one choose; their own where absent. */
  readonly order?: string;
}

export interface FieldParams {
  /** Whose settings are taken where none are given; the usual ones when absent. */
  readonly subject?: InspectSubject;
  /** In place of the subject's own. */
  readonly settings?: Partial<FieldSettings>;
  /** Row and column of the output; a text's place is in row 0. The middle when absent. */
  readonly position?: readonly [row: number, column: number];
  readonly channel?: number;
}

export interface FieldStack {
  readonly family: string;
  readonly title: string;
  /** False for a family whose depth is nothing to choose: it is the same at every depth. */
  readonly layered: boolean;
  /**
   * The least number of layers with which the output reads each input, 0 where no depth reads it, in raster order:
   * (row · width + column) · channels + channel.
   */
  readonly first: Uint16Array;
  /** Inputs that the order of generation allows. */
  readonly allowed: number;
  /** When each input is generated, as in `first`; null where the order is raster. Those before the `allowed`th are allowed. */
  readonly steps: Int32Array | null;
  /** The order's name; of a random one, with its seed. */
  readonly order: string;
  /** The kernels of its layers, each kind once. */
  readonly masks: readonly ImageMaskLayer[];
}

export interface FieldReport {
  readonly domain: SubjectDomain;
  readonly settings: FieldSettings;
  /** The subject's own; absent without one. Its first family is the subject's. */
  readonly own?: FieldSettings;
  /** Where the grid's size comes from; of a subject's larger images only a part is looked at. */
  readonly from: 'builder' | 'model' | 'data' | 'assumed' | 'part';
  /** All that can stand side by side. */
  readonly families: ReadonlyArray<{
    readonly id: string;
    readonly title: string;
    /** Its layers are gated. */
    readonly gated: boolean;
    /** What the effective field of its networks is the derivative by; null where it has none. */
    readonly measure: EffectiveMeasure | null;
  }>;
  readonly position: readonly [row: number, column: number];
  readonly channel: number;
  readonly causality: 'strict' | 'shifted';
  /** What is counted. */
  readonly unit: 'pixel' | 'subpixel' | 'token';
  /** Orders to choose from; empty where none of the families lets one choose. */
  readonly orders: readonly string[];
  /** The deepest that is worth looking at: with another layer no output sees more. */
  readonly deepest: number;
  readonly stacks: readonly FieldStack[];
}

/** The kernel of one layer, without any model. */
export interface KernelMaskParams {
  readonly kernel: number;
  readonly type: 'A' | 'B' | 'vertical' | 'horizontal A' | 'horizontal B';
  readonly channels: number;
  /** Channels as they are generated: [2, 1, 0] is B → G → R. */
  readonly order: readonly number[];
}
/** `centre[to][from]` of the channels as they are stored, R, G, B. */
export type KernelMask = Pick<ImageMaskLayer, 'rows' | 'centre'>;

/** What networks of these stacks were seen to read, at their own depth, beside what is declared. Inputs as in `first`. */
export interface MeasuredStack {
  readonly family: string;
  readonly title: string;
  /** Of this output: inputs whose change moved it, allowed ones and others. */
  readonly seen: number;
  readonly leaks: number;
  readonly agrees: boolean;
  readonly undeclared: Int32Array;
  readonly unmeasured: Int32Array;
  /** Over all outputs of the grid: pairs that were compared, and those that differ. */
  readonly pairs: number;
  readonly differing: number;
  /** Whose weights. */
  readonly draws: readonly string[];
}
export interface FieldMeasurement {
  readonly settings: FieldSettings;
  readonly position: readonly [row: number, column: number];
  readonly channel: number;
  readonly stacks: readonly MeasuredStack[];
}

export interface EffectiveParams {
  /** A run or model folder. */
  readonly model: string;
  /** Images to average over; the run's own held-out ones when absent. */
  readonly file?: string;
  /** Nothing outside it is read as the run's own data; the folder of its spec when absent. */
  readonly workspace?: string;
  /** So many of them at most. */
  readonly images?: number;
  readonly position: readonly [row: number, column: number];
  readonly channel?: number;
}
/** A mean of derivatives of log p, in the unit of the report's measure. */
export interface EffectiveMap {
  /** Of each input, as in `first`. */
  readonly values: Float32Array;
  /** Pairs of an image and an output that it is the mean of. */
  readonly pairs: number;
  /** The fewest inputs that hold each share of the sum, and what each of those has at least. */
  readonly areas: ReadonlyArray<{ readonly share: number; readonly count: number; readonly least: number }>;
  /** Pairs of an output and an input that moved it although its closure does not read it: 0 unless the network leaks. */
  readonly outside: number;
}
export interface EffectiveReport {
  readonly family: string;
  readonly title: string;
  readonly settings: Pick<FieldSettings, 'height' | 'width' | 'channels'>;
  readonly position: readonly [row: number, column: number];
  readonly channel: number;
  readonly unit: 'pixel' | 'subpixel';
  readonly measure: EffectiveMeasure;
  /** Inputs that the closure reads. */
  readonly seen: number;
  readonly images: number;
  /** Which images, in words. */
  readonly source: string;
  /** Whether each image came with its class; null of a model that knows no classes. */
  readonly given: 'class' | 'no class' | null;
  /** Of this output, over the images. */
  readonly here: EffectiveMap;
  /** Of outputs drawn by a seed, one an image, moved to where this output lies. */
  readonly everywhere: EffectiveMap;
}
