// A model's variables, made one by one from a seed or from a WeightSource. Knows no file and no family.
import { tensor, tidy, variable } from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { Rng } from '../../math/rng';
import type { NamedVariable, WeightSource } from '../family';

/** How a tensor is initialised: a constant, or N(0, deviation²). */
export type Start = { readonly constant: number } | { readonly deviation: number };

/** GPT-2's, and every family's here that came after it. */
export const DEVIATION = 0.02;

export interface Norm {
  readonly gain: Tensor1D; // [C]
  readonly bias: Tensor1D; // [C]
}
export interface Dense {
  readonly weight: Tensor2D;
  readonly bias: Tensor1D | null; // [out]
}

/** Makes a model's variables in order. */
export class VariableMaker {
  readonly variables: NamedVariable[] = [];
  private readonly values: (name: string, shape: readonly number[], start: Start) => Float32Array;

  constructor(from: number | WeightSource) {
    if (typeof from === 'number') {
      const rng = new Rng(from);
      this.values = (_, shape, start) => initialValues(shape, start, rng);
    } else {
      this.values = from;
    }
  }

  create<R extends Rank>(name: string, shape: number[], start: Start): Tensor<R> {
    const values = this.values(name, shape, start);
    const created: Variable = tidy(() => variable(tensor(values, shape, 'float32')));
    this.variables.push({ name, variable: created, decays: shape.length > 1 });
    return created as Tensor as Tensor<R>;
  }

  vector(name: string, size: number, constant: number): Tensor1D {
    return this.create<Rank.R1>(name, [size], { constant });
  }

  matrix(name: string, rows: number, columns: number, deviation = DEVIATION): Tensor2D {
    return this.create<Rank.R2>(name, [rows, columns], { deviation });
  }

  norm(name: string, size: number): Norm {
    return { gain: this.vector(`${name}.weight`, size, 1), bias: this.vector(`${name}.bias`, size, 0) };
  }
}

/** Runs `make`; where it fails, nothing that it made is left. */
export function makeVariables<T extends object>(
  from: number | WeightSource,
  make: (maker: VariableMaker) => T,
): T & { readonly variables: readonly NamedVariable[] } {
  const maker = new VariableMaker(from);
  try {
    return { ...make(maker), variables: maker.variables };
  } catch (error) {
    for (const created of maker.variables) created.variable.dispose();
    throw error;
  }
}

function initialValues(shape: readonly number[], start: Start, rng: Rng): Float32Array {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  if ('constant' in start) return values.fill(start.constant);
  for (let i = 0; i < values.length; i++) values[i] = start.deviation * rng.normal();
  return values;
}
