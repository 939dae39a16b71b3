// One optimizer step: batches, gradients, clipping, AdamW, the schedule. A pure function of (weights, moments, step).
// Knows no file, no run and no clock.
import { add, div, tidy, type Scalar, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import type { NamedVariable } from '../../families/family';
import { AdamW } from '../../nn/adamw';
import { lossAndGradients, type LossAndGradients } from '../../nn/gradients';
import { learningRateAt } from '../../nn/learningRate';
import type { OptimizerSpec } from '../spec/schema';

export interface StepResult {
  /** Mean nats per element over the step's batches. */
  readonly loss: number;
  readonly learningRate: number;
  /** Before clipping. Not finite: nothing was updated. */
  readonly gradientNorm: number;
}

/** What a model learns from, batch by batch: a pure function of (step, batch). */
export interface TrainingBatches {
  readonly variables: readonly NamedVariable[];
  /** Elements of one batch. */
  readonly elements: number;
  /** @param step from 1 @param batch from 0, of those that a step averages */
  prepare(step: number, batch: number): Promise<PreparedBatch>;
}

/** A batch in tensors. */
export interface PreparedBatch {
  /** Mean nats per element. */
  loss(training: { readonly seed: number; readonly step: number }): Scalar;
  dispose(): void;
}

export class OptimizerLoop {
  readonly optimizer: AdamW;

  constructor(
    private readonly batches: TrainingBatches,
    private readonly train: OptimizerSpec,
  ) {
    this.optimizer = new AdamW(batches.variables, {
      beta1: train.beta1,
      beta2: train.beta2,
      weightDecay: train.weightDecay,
      ...(train.clip > 0 ? { clipNorm: train.clip } : {}),
    });
  }

  /** Elements that one step learns from. */
  get elements(): number {
    return this.train.accumulate * this.batches.elements;
  }

  /** @param step from 1 */
  async step(step: number): Promise<StepResult> {
    const { accumulate } = this.train;
    let loss = 0;
    let gradients: Tensor[] = [];
    try {
      for (let batch = 0; batch < accumulate; batch++) {
        const one = await this.batchGradients(step, batch);
        gradients = gradients.length === 0 ? one.gradients : addInto(gradients, one.gradients);
        loss += (await valueOf(one.loss)) / accumulate;
      }
      const learningRate = learningRateAt(step, {
        peak: this.train.learningRate,
        warmupSteps: this.train.warmupSteps,
        steps: this.train.steps,
        floor: this.train.decayTo,
      });
      // A loss that is no number must not reach the weights, even where its gradients look like numbers.
      if (!Number.isFinite(loss)) return { loss, learningRate, gradientNorm: NaN };
      return { loss, learningRate, gradientNorm: await this.optimizer.step(gradients, learningRate) };
    } finally {
      for (const gradient of gradients) gradient.dispose();
    }
  }

  dispose(): void {
    this.optimizer.dispose();
  }

  /** The loss, and gradients already divided by how many batches a step has. */
  private async batchGradients(step: number, batch: number): Promise<{ loss: Scalar; gradients: Tensor[] }> {
    const { accumulate, seed } = this.train;
    const prepared = await this.batches.prepare(step, batch);
    // Batches of one step must not share their dropout, hence a step number of their own.
    const training = { seed, step: step * accumulate + batch };
    const { loss, gradients } = gradientsOf(
      prepared,
      training,
      this.batches.variables.map(({ variable }) => variable),
    );
    if (accumulate === 1) return { loss, gradients };
    const scaled = gradients.map((gradient) => tidy(() => div(gradient, accumulate)));
    for (const gradient of gradients) gradient.dispose();
    return { loss, gradients: scaled };
  }
}

/** The batch is gone when this ends, also where a device fails at it. */
function gradientsOf(
  prepared: PreparedBatch,
  training: { readonly seed: number; readonly step: number },
  variables: readonly Variable[],
): LossAndGradients {
  try {
    return lossAndGradients(() => prepared.loss(training), variables);
  } finally {
    prepared.dispose();
  }
}

/** Read once; a device that fails at that must not keep it. */
async function valueOf(loss: Scalar): Promise<number> {
  try {
    return (await loss.data())[0] ?? NaN;
  } finally {
    loss.dispose();
  }
}

function addInto(sums: readonly Tensor[], more: readonly Tensor[]): Tensor[] {
  const totals = sums.map((sum, index) => tidy(() => add(sum, more[index] as Tensor)));
  for (const tensor of [...sums, ...more]) tensor.dispose();
  return totals;
}
