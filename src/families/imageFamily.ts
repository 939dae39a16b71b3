// The contract every image family meets, beside the one of texts (family.ts), whose words it shares. An image is
// generated sub-pixel by sub-pixel (R → G → B of a pixel), in raster order unless its taps name another, and no element
// depends on itself: strict causality.
// Knows no family, no process, no file path.
import type { Rank, Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Static, TObject } from '@sinclair/typebox';
import type { FamilyHead, LossOptions, NamedVariable, TapGraph, WeightSource } from './family';

/** What the data decides about a model, beside its hyper-parameters. */
export interface ImageFacts {
  readonly height: number;
  readonly width: number;
  /** 1 (grey) or 3 (RGB). */
  readonly channels: number;
  /** Values of a sub-pixel: 0 … levels − 1. */
  readonly levels: number;
  /** What each image is drawn given, place by place; absent: nothing. */
  readonly condition?: ConditionFacts;
}

/** The condition of an image, which lies outside the order of generation: all of it is known before the first sub-pixel. */
export type ConditionFacts =
  /** The image itself, shrunken: of each block of factor × factor pixels the mean, which all of its pixels see. */
  | { readonly kind: 'shrunken'; readonly factor: number }
  /** Another picture of the same size. */
  | { readonly kind: 'picture'; readonly channels: number }
  /** A map of the same size that has one of so many labels at each pixel. */
  | { readonly kind: 'labels'; readonly labels: number };

export interface ImageBatch {
  /** int32 [B, H, W, C], each in [0, levels) */
  readonly pixels: Tensor<Rank.R4>;
  /** int32 [B]: the class of each image, −1 for none. Absent: no image has one. */
  readonly labels?: Tensor<Rank.R1>;
  /** float32 [B, H, W, conditionFeatures], from 0 to 1; of a model whose facts have a condition, always there. */
  readonly condition?: Tensor<Rank.R4>;
}

/**
 * Incremental sampling of several images at once, in the order of generation: the distribution of the next sub-pixel,
 * then its value. The same numbers as `logits`; only what the new sub-pixel changes is computed.
 */
export interface ImageDecoder {
  readonly rows: number;
  /**
   * The sub-pixel that comes next: (row · width + column) · channels + channel, whatever the order of generation is.
   * H·W·C when all are there.
   */
  readonly position: number;
  /** Unnormalised log-probabilities of the next sub-pixel, [rows, levels]; the same array at every call. */
  next(): Promise<Float32Array>;
  /** What the next sub-pixel of each row is; moves on. */
  set(values: ArrayLike<number>): void;
  dispose(): void;
}

export interface ImageDecoderOptions {
  readonly rows: number;
  /** The class of each row, −1 for none. */
  readonly labels?: readonly number[];
  /** [rows, H, W, conditionFeatures], as in a batch. */
  readonly condition?: Float32Array;
}

/** What the gates of one stack of a layer make of images: y = tanh(W_f ∗ x) ⊙ σ(W_g ∗ x), feature by feature. */
export interface GateTrace {
  readonly stack: string;
  /** tanh(W_f ∗ x) and σ(W_g ∗ x), [B, H, W, C]. */
  readonly filter: Float32Array;
  readonly gate: Float32Array;
}

export interface Gates {
  readonly layers: number;
  /** @param layer from 0 */
  trace(batch: ImageBatch, layer: number): Promise<readonly GateTrace[]>;
}

export interface ImageModel<C = unknown> {
  readonly config: C;
  readonly facts: ImageFacts;
  /** Classes it can be conditioned on; 0 for none. */
  readonly classes: number;
  readonly variables: readonly NamedVariable[];
  /** Mean nats per sub-pixel. Differentiable unless the family has `fit`. */
  loss(batch: ImageBatch, options?: LossOptions): Scalar;
  /**
   * Teacher-forced logits [B, H, W, C, K]. Any height and width where the family `takesAnySize`.
   * @param options as of `loss`, which is their mean: while training, those that a step learns from
   */
  logits(batch: ImageBatch, options?: LossOptions): Tensor<Rank.R5>;
  /**
   * The same of sub-pixels that are mixtures of levels: what the model makes of a level is mixed by these shares, which
   * sum to 1. Differentiable by them. Only where levels are names.
   * @param shares [B, H, W, C, K]
   */
  mixedLogits?(shares: Tensor<Rank.R5>, labels?: ImageBatch['labels']): Tensor<Rank.R5>;
  /** Nats of each sub-pixel, [B, H, W, C]; only where the likelihood is exact or a bound. */
  logProb?(batch: ImageBatch): Promise<Float32Array>;
  decoder(options: ImageDecoderOptions): ImageDecoder;
  /** Only where layers are gated. */
  readonly gates?: Gates;
  /** Data-dependent initialisation: called once with the first images, before training from a seed begins. */
  initialise?(batch: ImageBatch): void;
  /** Training without gradient steps: there is nothing to learn, or it is learnt in one pass. */
  fit?(): void;
  dispose(): void;
}

export interface ImageFamilyFiles<C> {
  /** config.json's content; `model_type` names the family. */
  toConfig(config: C, facts: ImageFacts): Record<string, unknown>;
  /** Null when this config.json is not this family's; throws an ArLensError when it is but is wrong. */
  fromConfig(config: Readonly<Record<string, unknown>>): { config: C; facts: ImageFacts } | null;
}

export type Sensitivity = 'brightness' | 'level';

export interface ImageFamily<S extends TObject = TObject> extends FamilyHead<S> {
  readonly domain: 'image';
  readonly causality: 'strict';
  /** Whether a model runs on images of another height and width than it was trained on. */
  readonly takesAnySize: boolean;
  /**
   * What an effective field is the derivative by: `brightness` where `logits` of float32 pixels are a differentiable function
   * of them, levels being numbers to the model; `level` where levels are names to it, and it has `mixedLogits`.
   */
  readonly sensitivity?: Sensitivity;
  /** Whether its models have `gates`. */
  readonly gated?: boolean;
  /** Whether its models read a condition, where the facts have one. */
  readonly takesCondition?: boolean;
  /** Whether its models read numbers on the host in the middle of a call, which a graphics card answers only later. */
  readonly readsOnHost?: boolean;
  /** What the hyper-parameters and the data together rule out; one sentence that begins with the key, or null. */
  factsProblem?(config: Static<S>, facts: ImageFacts): string | null;
  taps(config: Static<S>, facts: ImageFacts): TapGraph;
  /** The taps of the same stack so deep that another layer reaches nothing new in such an image. */
  deepestTaps(config: Static<S>, facts: ImageFacts): TapGraph;
  /** The id of the node of `taps` that a variable belongs to, by the variable's name. */
  nodeOf(variable: string, config: Static<S>): string;
  build(config: Static<S>, facts: ImageFacts, from: number | WeightSource): ImageModel<Static<S>>;
  readonly files: ImageFamilyFiles<Static<S>>;
}

/** Sub-pixels of an image: what bits/dim are per. */
export function subpixelsOf({
  height,
  width,
  channels,
}: Pick<ImageFacts, 'height' | 'width' | 'channels'>): number {
  return height * width * channels;
}

/** Numbers of a condition at each pixel; 0 without one. */
export function conditionFeatures({ channels, condition }: ImageFacts): number {
  if (!condition) return 0;
  switch (condition.kind) {
    case 'shrunken':
      return channels;
    case 'picture':
      return condition.channels;
    case 'labels':
      return condition.labels;
    default:
      return condition satisfies never;
  }
}
