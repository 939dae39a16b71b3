// One step of causal attention over remembered keys and values: what makes sampling linear instead of quadratic.
// Equal to the last row of causalAttention over the whole sequence. The cache is a ring: with a sliding window it is as
// long as the window, and the oldest row makes room for the newest.
import {
  concat,
  matMul,
  mul,
  reshape,
  slice,
  softmax,
  tidy,
  transpose,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor2D, Tensor3D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import type { DecodeAttentionAttributes, DecodeAttentionInputs } from '../kernels/fusedKernels';
import type { AttentionHeads } from './causalAttention';
import { isFused, output, runFused } from './fused';
import { repeatHeads } from './repeatHeads';

/** Row r holds the latest position p with p mod Tmax = r. Rows that were not written yet are never read. */
export interface KeyValueCache {
  readonly keys: Variable<Rank.R3>; // [B, Tmax, G·D]
  readonly values: Variable<Rank.R3>; // [B, Tmax, G·D]
}

export interface DecodeAttentionOptions extends AttentionHeads {
  /** 0-based place of this element in its sequence. */
  readonly position: number;
}

/** @param length positions that are remembered @param width of the keys: G·D */
export function createKeyValueCache(batch: number, length: number, width: number): KeyValueCache {
  return tidy(() => ({
    keys: variable(zeros<Rank.R3>([batch, length, width]), false),
    values: variable(zeros<Rank.R3>([batch, length, width]), false),
  }));
}

export function disposeKeyValueCache(cache: KeyValueCache): void {
  cache.keys.dispose();
  cache.values.dispose();
}

/** Remembers a whole sequence at once. @param qkv [B·T, (H + 2G)·D] as causalAttention takes it */
export function fillKeyValueCache(cache: KeyValueCache, qkv: Tensor2D, batch: number): void {
  const [, length, width] = cache.keys.shape;
  const [M, columns] = qkv.shape;
  const T = M / batch;
  for (const [index, store] of [cache.keys, cache.values].entries()) {
    tidy(() => {
      const part = slice(qkv, [0, columns - (2 - index) * width], [M, width]);
      const rows = reshape<Rank.R3>(part, [batch, T, width]);
      const from = (start: number, count: number): Tensor3D =>
        slice(rows, [0, start, 0], [batch, count, width]);
      if (T < length) {
        store.assign(concat([rows, zeros<Rank.R3>([batch, length - T, width])], 1));
      } else {
        // The last `length` positions, each in its own row: those from a multiple of `length` on stand first.
        const turn = T % length;
        const older = from(T - length, length - turn);
        store.assign(turn === 0 ? older : concat([from(T - turn, turn), older], 1));
      }
    });
  }
}

/**
 * Writes the position's row of the cache, then attends to all rows that hold a position. Not differentiable.
 * @param qkv [B, (H + 2G)·D]
 * @returns [B, H·D]
 */
export function decodeAttention(
  qkv: Tensor2D,
  cache: KeyValueCache,
  options: DecodeAttentionOptions,
): Tensor2D {
  if (!isFused(FusedKernel.decodeAttention)) return decodeAttentionPlain(qkv, cache, options);
  const { H, G, scale } = sizes(qkv, cache, options);
  const inputs: DecodeAttentionInputs = { qkv, keys: cache.keys, values: cache.values };
  const attributes: DecodeAttentionAttributes = {
    heads: H,
    keyHeads: G,
    position: options.position,
    scale,
  };
  return output(runFused(FusedKernel.decodeAttention, inputs, attributes), 0);
}

export function decodeAttentionPlain(
  qkv: Tensor2D,
  cache: KeyValueCache,
  options: DecodeAttentionOptions,
): Tensor2D {
  const { position } = options;
  const { B, length, H, G, D, scale } = sizes(qkv, cache, options);
  writeRow(cache.keys, qkv, H * D, position % length);
  writeRow(cache.values, qkv, (H + G) * D, position % length);
  const t = Math.min(position + 1, length);
  return tidy(() => {
    const seen = (store: Variable<Rank.R3>): Tensor4D => {
      const rows = slice(store as Tensor3D, [0, 0, 0], [B, t, G * D]);
      const split: Tensor4D = transpose(reshape<Rank.R4>(rows, [B, t, G, D]), [0, 2, 1, 3]);
      return repeatHeads(split, H / G); // [B, H, t, D]
    };
    const queries = reshape<Rank.R4>(slice(qkv, [0, 0], [B, H * D]), [B, H, 1, D]);
    const similarity = mul<Tensor4D>(matMul(queries, seen(cache.keys), false, true), scale); // [B, H, 1, t]
    return reshape(matMul(softmax(similarity), seen(cache.values)), [B, H * D]);
  });
}

function sizes(
  qkv: Tensor2D,
  cache: KeyValueCache,
  { heads: H, keyHeads: G = H, scale }: DecodeAttentionOptions,
) {
  const [B, length, width] = cache.keys.shape;
  const D = width / G;
  if (qkv.shape[1] !== (H + 2 * G) * D) {
    throw new Error(`decodeAttention: expected [${B}, ${(H + 2 * G) * D}], got [${qkv.shape.join(', ')}]`);
  }
  return { B, length, H, G, D, scale: scale ?? 1 / Math.sqrt(D) };
}

function writeRow(store: Variable<Rank.R3>, qkv: Tensor2D, column: number, row: number): void {
  const [B, length, width] = store.shape;
  tidy(() => {
    const written = reshape<Rank.R3>(slice(qkv, [0, column], [B, width]), [B, 1, width]);
    const pieces: Tensor3D[] = [written];
    if (row > 0) pieces.unshift(slice(store as Tensor3D, [0, 0, 0], [B, row, width]));
    if (row + 1 < length) {
      pieces.push(slice(store as Tensor3D, [0, row + 1, 0], [B, length - row - 1, width]));
    }
    store.assign(pieces.length === 1 ? written : concat(pieces, 1));
  });
}
