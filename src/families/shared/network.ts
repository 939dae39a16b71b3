// What a decoder-only transformer is to the machinery around it: a residual stream whose blocks attend in a given way,
// and a head. Training, scoring, tracing and the cached decoder differ only in how they attend. Knows no family.
import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { AttentionHeads } from '../../nn/causalAttention';
import { dropout } from '../../nn/dropout';
import type { DropoutChoice } from '../../nn/dropout';
import type { Rotation } from '../../nn/rope';
import type { NamedVariable } from '../family';

/** How one layer attends. */
export interface LayerAttention extends AttentionHeads {
  /** Positions that one sees, itself included; all when absent. */
  readonly window?: number;
}

/** From packed queries, keys and values [B·T, (H + 2G)·D] of one layer to what it attended to [B·T, H·D]. */
export type Attend = (qkv: Tensor2D, layer: number) => Tensor2D;

/** The dropout of one place in the model; places are numbered, and 3·layer is the layer's attention. */
export type DropoutAt = (place: number) => DropoutChoice;

export interface Pass {
  /** Position of the first column of the ids. */
  readonly start: number;
  readonly attend: Attend;
  /** Absent: no dropout. */
  readonly dropoutAt?: DropoutAt;
}

export interface Network {
  readonly width: number;
  readonly heads: number;
  /** D: channels of one head. */
  readonly headSize: number;
  /** Rate of dropout while training. */
  readonly dropout: number;
  readonly contextLength: number;
  readonly vocabulary: number;
  readonly variables: readonly NamedVariable[];
  /** One for each layer. */
  readonly layers: readonly LayerAttention[];
  /** Channels of a position's keys in one layer, and of its values: G·D. */
  readonly keyWidth: number;
  /** Where positions turn queries and keys. */
  readonly rotation?: Rotation;
  /**
   * Tidies nothing: what is looked at on the way stays the caller's.
   * @param ids int32 [B, T]
   * @returns the residual stream after the last block, before the final norm: [B·T, C]
   */
  stream(ids: Tensor2D, pass: Pass): Tensor2D;
  /** Final norm and head. @param x [M, C] @returns logits [M, V] */
  head(x: Tensor2D): Tensor2D;
}

/** Positions whose keys and values a layer must remember. */
export function rememberedPositions(
  network: Network,
  layer: number,
  positions = network.contextLength,
): number {
  return Math.min(positions, network.layers[layer]?.window ?? positions);
}

/** Dropout at a place of the model, where the pass has any. */
export function drop(pass: Omit<Pass, 'start'>, x: Tensor2D, place: number): Tensor2D {
  return pass.dropoutAt === undefined ? x : dropout(x, pass.dropoutAt(place));
}
