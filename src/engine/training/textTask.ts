// Training on a text: windows of tokens, losses by the scoring definition, samples that continue a prompt.
import type { Model, TextFacts } from '../../families/family';
import { writeFileAtomic } from '../../formats/atomicFile';
import { saveModelDescription } from '../models/modelFolder';
import { sampleText } from '../sampling/sampleText';
import { meanLoss } from '../scoring/sequenceScores';
import { defaultStride } from '../scoring/windows';
import type { Spec } from '../spec/spec';
import { samplePath } from './runFolder';
import type { MeanLoss, SampleEvent, TrainingTask } from './task';
import { textBatches } from './textBatches';
import type { TrainingData } from './trainingData';

export interface TextParts {
  readonly spec: Spec;
  readonly model: Model;
  readonly facts: TextFacts;
  /** As config.json has them: those of the model that training started from, where there is one. */
  readonly described: TextFacts;
  readonly data: TrainingData;
}

export function textTask({ spec, model, facts, described, data }: TextParts): TrainingTask {
  const { kind } = data.tokenizer;
  const { unknown, tokens } = data.validation;
  /** The beginning of a block with a BOS of its own in front. */
  const blockLoss = (ids: Int32Array, signal: AbortSignal): Promise<MeanLoss> => {
    const block = ids.subarray(0, spec.train.evaluateTokens);
    return meanLoss(model, block, facts.bos, defaultStride(model.contextLength), signal);
  };
  return {
    // A closed-form family makes new ones when it is fitted.
    get variables() {
      return model.variables;
    },
    ...(model.fit ? {} : { batches: textBatches(model, facts, data.train, spec.train) }),
    unit: kind,
    likelihood: spec.family.likelihood,
    elements: data.train.tokens,
    remarks:
      unknown > 0
        ? [
            `${unknown} of ${tokens} validation ${kind}s never occur in the training part: losses do not compare with other models'.`,
          ]
        : [],
    saveDescription: (folder) =>
      saveModelDescription(folder, spec.family, spec.model, described, data.tokenizer),
    fit: () => model.fit?.(data.train.ids),
    trainingLoss: (signal) => blockLoss(data.train.ids, signal),
    validationLoss: (signal) => blockLoss(data.validation.ids, signal),
    sample: (folder, step, signal) => sample({ spec, model, data }, folder, step, signal),
  };
}

async function sample(
  { spec, model, data }: Pick<TextParts, 'spec' | 'model' | 'data'>,
  folder: string,
  step: number,
  signal: AbortSignal,
): Promise<SampleEvent | undefined> {
  const { sampleLength, samplePrompt, sampleTemperature, seed } = spec.train;
  if (!model.decoder) return undefined;
  const result = await sampleText(
    { family: spec.family, model, tokenizer: data.tokenizer },
    { model: folder, prompt: samplePrompt, length: sampleLength, seed, temperature: sampleTemperature },
    { progress: () => Promise.resolve(), signal },
  );
  const elements = result.elements[0] ?? [];
  const text = result.texts[0] ?? '';
  await writeFileAtomic(samplePath(folder, step), text);
  return {
    type: 'sample',
    step,
    prompt: samplePrompt,
    text,
    seed,
    temperature: sampleTemperature,
    nll: -elements.reduce((sum, { logProb }) => sum + logProb, 0),
    count: elements.length,
  };
}
