// The variables of an image model, made one by one from a seed or from a file, and all gone again when one fails.
// Knows no architecture.
import { tensor, tensor2d, tidy, variable } from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Tensor1D, Tensor2D, Variable } from '@tensorflow/tfjs-core';
import { Rng } from '../math/rng';
import { centreReads, type ConvolutionMask } from '../nn/convolutionMask';
import type { Place } from '../nn/maskedConvolution';
import type { NamedVariable, WeightSource } from './family';

/** A masked convolution's variables, and what its mask makes of them. */
export interface Convolution {
  readonly places: readonly Place[];
  readonly inputs: number;
  readonly outputs: number;
  readonly weight: Tensor2D; // [places · inputs, outputs]
  readonly bias: Tensor1D | null; // [outputs]
  /** 1 where a weight is read, [places · inputs, outputs]; null where all are (grey images have one channel group). */
  readonly open: Tensor2D | null;
}

export interface ConvolutionShape {
  readonly mask: ConvolutionMask;
  readonly inputs: number;
  readonly outputs: number;
  /** Standard deviation of the first weights is gain / √(places · inputs). */
  readonly gain?: number;
  readonly bias?: boolean;
  /** The channel group of an input and of an output; all of group 0 when absent. */
  readonly groupOfInput?: (input: number) => number;
  readonly groupOfOutput?: (output: number) => number;
}

export class ImageWeights {
  readonly variables: NamedVariable[] = [];
  private readonly constants: Tensor[] = [];
  private readonly rng: Rng | null;
  private readonly source: WeightSource | null;

  constructor(from: number | WeightSource) {
    this.rng = typeof from === 'number' ? new Rng(from) : null;
    this.source = typeof from === 'number' ? null : from;
  }

  /** Runs `make`; when it fails nothing is left behind. */
  build<T>(make: (weights: this) => T): T {
    try {
      return make(this);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** @param start a standard deviation, or the first values themselves */
  create<R extends Rank>(name: string, shape: number[], start: number | Float32Array): Tensor<R> {
    const size = shape.reduce((product, side) => product * side, 1);
    const { rng } = this;
    const deviation = typeof start === 'number' ? start : 0;
    const values = this.source
      ? this.source(name, shape)
      : typeof start !== 'number'
        ? start
        : Float32Array.from({ length: size }, () => (deviation === 0 || !rng ? 0 : deviation * rng.normal()));
    const created: Variable = tidy(() => variable(tensor(values, shape, 'float32')));
    this.variables.push({ name, variable: created, decays: shape.length > 1 });
    return created as Tensor as Tensor<R>;
  }

  convolution(name: string, shape: ConvolutionShape): Convolution {
    const { mask, inputs, outputs, gain = Math.SQRT2, bias = true } = shape;
    const places = placesOf(mask, shape);
    const rows = places.length * inputs;
    const weight = this.create<Rank.R2>(`${name}.weight`, [rows, outputs], gain / Math.sqrt(rows));
    const own = bias ? this.create<Rank.R1>(`${name}.bias`, [outputs], 0) : null;
    return { places, inputs, outputs, weight, bias: own, open: this.openOf(shape, places) };
  }

  dispose(): void {
    for (const { variable: each } of this.variables) each.dispose();
    for (const constant of this.constants) constant.dispose();
  }

  /** Only the centre is masked by channel groups; where every pair is open there is nothing to keep. */
  private openOf(shape: ConvolutionShape, places: readonly Place[]): Tensor2D | null {
    const { mask, inputs, outputs, groupOfInput = () => 0, groupOfOutput = () => 0 } = shape;
    const values = new Float32Array(places.length * inputs * outputs).fill(1);
    let closed = 0;
    for (const [place, step] of places.entries()) {
      if (!isCentre(step)) continue;
      for (let i = 0; i < inputs; i++) {
        for (let o = 0; o < outputs; o++) {
          if (centreReads(mask.centre, groupOfOutput(o), groupOfInput(i))) continue;
          values[(place * inputs + i) * outputs + o] = 0;
          closed++;
        }
      }
    }
    if (closed === 0) return null;
    const open = tidy(() => tensor2d(values, [places.length * inputs, outputs]));
    this.constants.push(open);
    return open;
  }
}

/** Each of `groups` channel groups has an equal run of the `width` features. */
export function groupIn(width: number, groups: number): (feature: number) => number {
  return (feature) => Math.floor((feature * groups) / width);
}

export function parametersOf(mask: ConvolutionMask, inputs: number, outputs: number): number {
  const places = mask.offsets.length + (mask.centre === 'none' || mask.centre === 'before' ? 0 : 1);
  return places * inputs * outputs + outputs;
}

/** A centre that no group reads (type A of a grey image) has no weights at all. */
function placesOf(mask: ConvolutionMask, shape: ConvolutionShape): Place[] {
  const { inputs, outputs, groupOfInput = () => 0, groupOfOutput = () => 0 } = shape;
  for (let i = 0; i < inputs; i++) {
    for (let o = 0; o < outputs; o++) {
      if (centreReads(mask.centre, groupOfOutput(o), groupOfInput(i))) return [...mask.offsets, [0, 0]];
    }
  }
  return [...mask.offsets];
}

function isCentre([rows, columns]: Place): boolean {
  return rows === 0 && columns === 0;
}
