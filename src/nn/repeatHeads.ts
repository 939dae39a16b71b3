// Grouped attention's shared keys and values, once for each head of queries that uses them.
import { reshape, tile } from '@tensorflow/tfjs-core';
import type { Rank, Tensor4D } from '@tensorflow/tfjs-core';

/** @param x [B, G, T, D] @returns [B, G·times, T, D]: head h is x's head ⌊h / times⌋ */
export function repeatHeads(x: Tensor4D, times: number): Tensor4D {
  if (times === 1) return x;
  const [B, G, T, D] = x.shape;
  // Three axes are enough, and tile has a gradient for no more than four.
  const repeated = tile(reshape<Rank.R3>(x, [B * G, 1, T * D]), [1, times, 1]);
  return reshape(repeated, [B, G * times, T, D]);
}
