// One step of causal attention over remembered keys and values: what makes sampling linear instead of quadratic.
// Equal to the last row of causalAttention over the whole sequence.
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
import { isFused, output, runFused } from './fused';

/** Rows that were not written yet hold zeros or an earlier sequence: only rows 0…position are ever read. */
export interface KeyValueCache {
  readonly keys: Variable<Rank.R3>; // [B, Tmax, C]
  readonly values: Variable<Rank.R3>; // [B, Tmax, C]
}

export interface DecodeAttentionOptions {
  readonly heads: number;
  /** 0-based place of this element in its sequence. */
  readonly position: number;
}

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

/** Remembers a whole sequence at once. @param qkv [B·T, 3C] as causalAttention takes it */
export function fillKeyValueCache(cache: KeyValueCache, qkv: Tensor2D, batch: number): void {
  const [, length, C] = cache.keys.shape;
  const T = qkv.shape[0] / batch;
  for (const [index, store] of [cache.keys, cache.values].entries()) {
    tidy(() => {
      const columns = slice(qkv, [0, (index + 1) * C], [batch * T, C]);
      const rows = reshape<Rank.R3>(columns, [batch, T, C]);
      store.assign(T === length ? rows : concat([rows, zeros<Rank.R3>([batch, length - T, C])], 1));
    });
  }
}

/**
 * Writes row `position` of the cache, then attends to rows 0…position. Not differentiable.
 * @param qkv [B, 3C]
 * @returns [B, C]
 */
export function decodeAttention(
  qkv: Tensor2D,
  cache: KeyValueCache,
  options: DecodeAttentionOptions,
): Tensor2D {
  if (!isFused(FusedKernel.decodeAttention)) return decodeAttentionPlain(qkv, cache, options);
  const inputs: DecodeAttentionInputs = { qkv, keys: cache.keys, values: cache.values };
  const attributes: DecodeAttentionAttributes = { heads: options.heads, position: options.position };
  return output(runFused(FusedKernel.decodeAttention, inputs, attributes), 0);
}

export function decodeAttentionPlain(
  qkv: Tensor2D,
  cache: KeyValueCache,
  options: DecodeAttentionOptions,
): Tensor2D {
  const { heads: H, position } = options;
  const [B, , C] = cache.keys.shape;
  const D = C / H;
  writeRow(cache.keys, qkv, C, position);
  writeRow(cache.values, qkv, 2 * C, position);
  return tidy(() => {
    const seen = (store: Variable<Rank.R3>): Tensor4D => {
      const rows = slice(store as Tensor3D, [0, 0, 0], [B, position + 1, C]);
      return transpose(reshape<Rank.R4>(rows, [B, position + 1, H, D]), [0, 2, 1, 3]); // [B, H, t, D]
    };
    const queries = reshape<Rank.R4>(slice(qkv, [0, 0], [B, C]), [B, H, 1, D]);
    const similarity = mul<Tensor4D>(matMul(queries, seen(cache.keys), false, true), 1 / Math.sqrt(D)); // [B, H, 1, t]
    return reshape(matMul(softmax(similarity), seen(cache.values)), [B, C]);
  });
}

function writeRow(store: Variable<Rank.R3>, qkv: Tensor2D, column: number, position: number): void {
  const [B, length, C] = store.shape;
  tidy(() => {
    const row = reshape<Rank.R3>(slice(qkv, [0, column], [B, C]), [B, 1, C]);
    const pieces: Tensor3D[] = [row];
    if (position > 0) pieces.unshift(slice(store as Tensor3D, [0, 0, 0], [B, position, C]));
    if (position + 1 < length) {
      pieces.push(slice(store as Tensor3D, [0, position + 1, 0], [B, length - position - 1, C]));
    }
    store.assign(pieces.length === 1 ? row : concat(pieces, 1));
  });
}
