// Rotary positions: the first channels of each head of queries and keys turn by an angle that grows with the position,
// channel c together with channel c + R/2, so that scores depend on distances alone (Su et al., arXiv 2104.09864).
import { add, concat, keep, mul, reshape, slice, sub, tensor2d, tidy, tile } from '@tensorflow/tfjs-core';
import type { Rank, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import type { RopeAttributes, RopeInputs } from '../kernels/fusedKernels';
import { fusedOp, isFused, output, runFused } from './fused';
import { dependsOnLength, frequencyKey, ropeFrequencies } from './ropeFrequencies';
import type { RopeSettings } from './ropeFrequencies';

/** Cosines and sines of every position. */
export interface RopeTables {
  readonly cos: Tensor2D; // [Tmax, R/2]
  readonly sin: Tensor2D; // [Tmax, R/2]
}

export interface RopeOptions {
  /** B: rows of x are [B, T] flattened. */
  readonly batch: number;
  /** Heads in a row of x, those that do not turn included. */
  readonly heads: number;
  /** How many of them turn: the first ones. */
  readonly turned: number;
  /** Position of the first row of each sequence. */
  readonly start: number;
}

/**
 * @param x [B·T, heads·D]
 * @returns the same shape
 */
export function rope(x: Tensor2D, tables: RopeTables, options: RopeOptions): Tensor2D {
  if (!isFused(FusedKernel.rope)) return ropePlain(x, tables, options);
  const { T } = sizes(x, tables, options);
  const { heads, turned, start } = options;
  const run = (inputs: RopeInputs, back: boolean): Tensor2D => {
    const attributes: RopeAttributes = { time: T, heads, turned, start, back };
    return output(runFused(FusedKernel.rope, inputs, attributes), 0);
  };
  return fusedOp<Tensor2D>(
    [x],
    (save) => {
      const { cos, sin } = tables;
      save([cos, sin]);
      return run({ x, cos, sin }, false);
    },
    (dy, saved) => [run({ x: dy, cos: output(saved, 0), sin: output(saved, 1) }, true)],
  );
}

export function ropePlain(x: Tensor2D, tables: RopeTables, options: RopeOptions): Tensor2D {
  const { B, T, D, half } = sizes(x, tables, options);
  const { heads, turned, start } = options;
  return tidy(() => {
    const split = reshape<Rank.R4>(x, [B, T, heads, D]);
    const part = (from: number, count: number): Tensor4D =>
      slice(split, [0, 0, 0, from], [B, T, turned, count]);
    const [first, second] = [part(0, half), part(half, half)]; // [B, T, turned, R/2]
    const angles = (table: Tensor2D): Tensor4D =>
      reshape(tile(slice(table, [start, 0], [T, half]), [B, 1]), [B, T, 1, half]);
    const [cos, sin] = [angles(tables.cos), angles(tables.sin)];
    const pieces = [sub(mul(first, cos), mul(second, sin)), add(mul(second, cos), mul(first, sin))];
    if (2 * half < D) pieces.push(part(2 * half, D - 2 * half));
    const done = concat(pieces as Tensor4D[], 3); // [B, T, turned, D]
    const rest = heads - turned;
    if (rest === 0) return reshape(done, [B * T, heads * D]);
    return reshape(concat([done, slice(split, [0, 0, turned, 0], [B, T, rest, D])], 2), [B * T, heads * D]);
  });
}

/** A model's tables. Where turning depends on the window's length they are made anew when it does. */
export class Rotation {
  private tables: RopeTables;
  private key: number;

  constructor(
    private readonly settings: RopeSettings,
    private readonly positions: number,
  ) {
    this.key = frequencyKey(settings, 1);
    this.tables = this.tablesFor(1);
  }

  /** Whether logits of a position depend on how many positions stand in its window. */
  get dependsOnLength(): boolean {
    return dependsOnLength(this.settings);
  }

  /** Whether what was turned in a window of `before` positions holds in one of `after`. */
  same(before: number, after: number): boolean {
    return frequencyKey(this.settings, before) === frequencyKey(this.settings, after);
  }

  /** @param length positions of the window. The tables stay this object's and hold until the next call. */
  of(length: number): RopeTables {
    const key = frequencyKey(this.settings, length);
    if (key === this.key) return this.tables;
    this.dispose();
    this.tables = this.tablesFor(length);
    this.key = key;
    return this.tables;
  }

  dispose(): void {
    this.tables.cos.dispose();
    this.tables.sin.dispose();
  }

  private tablesFor(length: number): RopeTables {
    const { inverse, amplitude } = ropeFrequencies(this.settings, length);
    const table = (value: (angle: number) => number): Tensor2D => {
      const values = new Float32Array(this.positions * inverse.length);
      for (let at = 0; at < values.length; at++) {
        const pair = at % inverse.length;
        values[at] = amplitude * value(((at - pair) / inverse.length) * (inverse[pair] ?? 0));
      }
      return keep(tensor2d(values, [this.positions, inverse.length]));
    };
    return { cos: table(Math.cos), sin: table(Math.sin) };
  }
}

function sizes(x: Tensor2D, { cos }: RopeTables, { batch: B, heads, turned, start }: RopeOptions) {
  const [M, columns] = x.shape;
  const [positions, half] = cos.shape;
  const T = M / B;
  const D = columns / heads;
  if (!Number.isInteger(T) || !Number.isInteger(D) || 2 * half > D || turned > heads) {
    throw new Error(`rope: expected [${B}·T, ${heads}·D] with D ≥ ${2 * half}, got [${M}, ${columns}]`);
  }
  if (start + T > positions) {
    throw new Error(`rope: expected at most ${positions} positions, got ${start + T}`);
  }
  return { B, T, D, half };
}
