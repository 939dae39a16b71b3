// AdamW with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101) over all variables at once:
// torch.optim.AdamW's arithmetic. Knows no model: a list of variables, and which of them decay.
import { add, mul, sqrt, square, sub, tidy, variable, zerosLike, div, tensor } from '@tensorflow/tfjs-core';
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import type { AdamWAttributes, AdamWInputs } from '../kernels/fusedKernels';
import { isFused, runFused } from './fused';
import { clippingFactor, globalNorm } from './globalNorm';

export interface OptimizedVariable {
  readonly name: string;
  readonly variable: Variable;
  /** Whether weight decay applies (matrices only, in GPT-2's recipe). */
  readonly decays: boolean;
}

export interface AdamWOptions {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  readonly weightDecay?: number;
  /** Gradients together longer than this are scaled down to it; absent = never. */
  readonly clipNorm?: number;
}

/** A moment buffer as it goes into and comes out of a file. */
export interface NamedBuffer {
  readonly name: string;
  readonly shape: number[];
  readonly data: Float32Array;
}
export interface AdamWState {
  /** Steps taken. */
  readonly step: number;
  /** `<variable>.exp_avg` and `<variable>.exp_avg_sq`, torch's names. */
  readonly buffers: readonly NamedBuffer[];
}

export class AdamW {
  private steps = 0;
  private readonly first: Variable[];
  private readonly second: Variable[];
  private readonly options: Required<Omit<AdamWOptions, 'clipNorm'>>;
  private readonly clipNorm: number | undefined;

  constructor(
    private readonly variables: readonly OptimizedVariable[],
    options: AdamWOptions = {},
  ) {
    this.options = {
      beta1: options.beta1 ?? 0.9,
      beta2: options.beta2 ?? 0.99,
      epsilon: options.epsilon ?? 1e-8,
      weightDecay: options.weightDecay ?? 0.1,
    };
    this.clipNorm = options.clipNorm;
    const zeros = () => variables.map(({ variable: v }) => tidy(() => variable(zerosLike(v), false)));
    this.first = zeros();
    this.second = zeros();
  }

  /**
   * Updates the variables in place; the caller still owns the gradients.
   * @returns the gradients' norm before clipping. When it is not finite nothing was updated and no step counted.
   */
  async step(gradients: readonly Tensor[], learningRate: number): Promise<number> {
    if (gradients.length !== this.variables.length) {
      throw new Error(`AdamW.step: expected ${this.variables.length} gradients, got ${gradients.length}`);
    }
    const normTensor = globalNorm(gradients);
    const norm = await normTensor
      .data()
      .then((values) => values[0] as number)
      .finally(() => normTensor.dispose());
    if (!Number.isFinite(norm)) return norm;
    this.steps++;
    const update: AdamWAttributes = {
      learningRate,
      beta1: this.options.beta1,
      beta2: this.options.beta2,
      epsilon: this.options.epsilon,
      step: this.steps,
      decay: this.variables.map(({ decays }) => (decays ? this.options.weightDecay : 0)),
      gradientScale: this.clipNorm === undefined ? 1 : clippingFactor(norm, this.clipNorm),
    };
    const parameters = this.variables.map(({ variable: v }) => v);
    if (isFused(FusedKernel.adamW)) adamWFused(parameters, gradients, this.first, this.second, update);
    else adamWPlain(parameters, gradients, this.first, this.second, update);
    return norm;
  }

  async state(): Promise<AdamWState> {
    const buffers: NamedBuffer[] = [];
    for (const [index, { name }] of this.variables.entries()) {
      for (const [suffix, list] of [['exp_avg', this.first] as const, ['exp_avg_sq', this.second] as const]) {
        const moment = list[index] as Variable;
        buffers.push({
          name: `${name}.${suffix}`,
          shape: moment.shape,
          data: Float32Array.from(await moment.data()),
        });
      }
    }
    return { step: this.steps, buffers };
  }

  /** Takes back what `state` gave; a missing or misshapen buffer is an error and leaves everything as it was. */
  restore(state: AdamWState): void {
    const byName = new Map(state.buffers.map((buffer) => [buffer.name, buffer]));
    const found = [this.first, this.second].map((list, which) =>
      list.map((moment, index) => {
        const name = `${this.variables[index]?.name}.${which === 0 ? 'exp_avg' : 'exp_avg_sq'}`;
        const buffer = byName.get(name);
        if (buffer === undefined || buffer.data.length !== moment.size) {
          const got = buffer === undefined ? 'none' : `${buffer.data.length}`;
          throw new Error(`AdamW.restore: expected ${moment.size} values of ${name}, got ${got}`);
        }
        return { moment, data: buffer.data };
      }),
    );
    for (const { moment, data } of found.flat()) tidy(() => moment.assign(tensor(data, moment.shape)));
    this.steps = state.step;
  }

  dispose(): void {
    for (const moment of [...this.first, ...this.second]) moment.dispose();
  }
}

function adamWFused(
  parameters: readonly Variable[],
  gradients: readonly Tensor[],
  first: readonly Variable[],
  second: readonly Variable[],
  update: AdamWAttributes,
): void {
  const inputs: AdamWInputs = {};
  for (const [index, parameter] of parameters.entries()) {
    inputs[`p${index}`] = parameter;
    inputs[`g${index}`] = gradients[index] as Tensor;
    inputs[`m${index}`] = first[index] as Variable;
    inputs[`v${index}`] = second[index] as Variable;
  }
  runFused(FusedKernel.adamW, inputs, update);
}

/** The same update, tensor by tensor. */
export function adamWPlain(
  parameters: readonly Variable[],
  gradients: readonly Tensor[],
  first: readonly Variable[],
  second: readonly Variable[],
  update: AdamWAttributes,
): void {
  const { learningRate, beta1, beta2, epsilon, step } = update;
  const firstCorrection = 1 - beta1 ** step;
  const secondCorrection = 1 - beta2 ** step;
  for (const [index, parameter] of parameters.entries()) {
    const m = first[index] as Variable;
    const v = second[index] as Variable;
    tidy(() => {
      const gradient = mul(gradients[index] as Tensor, update.gradientScale);
      m.assign(add(mul(m, beta1), mul(gradient, 1 - beta1)));
      v.assign(add(mul(v, beta2), mul(square(gradient), 1 - beta2)));
      const decayed = mul(parameter, 1 - learningRate * (update.decay[index] as number));
      const denominator = add(div(sqrt(v), Math.sqrt(secondCorrection)), epsilon);
      parameter.assign(sub(decayed, mul(div(m, denominator), learningRate / firstCorrection)));
    });
  }
}
