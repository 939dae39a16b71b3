// The windows of a text as batches of tensors, for the optimizer loop.
import { tensor2d } from '@tensorflow/tfjs-core';
import { trainingBatch, type JoinedTokens } from '../../data/batches';
import type { Model, TextFacts } from '../../families/family';
import type { OptimizerSpec } from '../spec/schema';
import type { TrainingBatches } from './optimizerLoop';

export function textBatches(
  model: Model,
  facts: TextFacts,
  text: Pick<JoinedTokens, 'ids' | 'starts'>,
  { batchSize, seed }: Pick<OptimizerSpec, 'batchSize' | 'seed'>,
): TrainingBatches {
  const T = model.contextLength;
  return {
    variables: model.variables,
    elements: batchSize * T,
    prepare: (step, batch) => {
      const rows = trainingBatch(text.ids, {
        seed,
        step,
        batchSize,
        firstRow: batch * batchSize,
        contextLength: T,
        bos: facts.bos,
        starts: text.starts,
      });
      const inputs = tensor2d(rows.inputs, [batchSize, T], 'int32');
      const targets = tensor2d(rows.targets, [batchSize, T], 'int32');
      return Promise.resolve({
        loss: (training) => model.loss({ inputs, targets }, { training }),
        dispose: () => {
          inputs.dispose();
          targets.dispose();
        },
      });
    },
  };
}
