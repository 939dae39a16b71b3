// A spec of a text made ready: data, device, model, in the order in which a person can have got something wrong.
import { requireOneRow } from '../../data/batches';
import type { TextFacts } from '../../families/family';
import type { TrainParams } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import { loadModelWeights } from '../models/modelFolder';
import { requireStart } from '../spec/initialize';
import { memoryNeeded, sizeProblem } from '../spec/limits';
import type { Spec } from '../spec/spec';
import { requirePlacement } from '../webgpu/placement';
import { measuring, type DeviceSetting } from './deviceSetting';
import { floorsOf } from './floors';
import type { Prepared } from './prepared';
import { textTask } from './textTask';
import { prepareData } from './trainingData';

export async function prepareText(
  asWritten: Spec,
  params: TrainParams,
  setting: DeviceSetting,
): Promise<Prepared> {
  const { spec, start } = await requireStart(asWritten, params.spec);
  const data = await prepareData(spec.data, params, setting, start?.tokenizer);
  const { tokenizer } = data;
  // A text starts as its tokenizer says: GPT-2 has a BOS and puts none there.
  const facts: TextFacts = {
    vocabulary: start?.facts.vocabulary ?? tokenizer.vocabulary,
    ...(tokenizer.bos === undefined ? {} : { bos: tokenizer.bos }),
  };
  const tooLarge = sizeProblem({ ...spec, vocabulary: facts.vocabulary });
  if (tooLarge !== undefined) throw new ArLensError('badInput', `${params.spec}: model: ${tooLarge}.`);
  const device = await setting.context.device(spec.device, measuring(setting));
  await requirePlacement(memoryNeeded({ ...spec, vocabulary: facts.vocabulary }));
  const model = start
    ? await loadModelWeights(start.folder, spec.family, spec.model, facts)
    : spec.family.build(spec.model, facts, spec.train.seed);
  try {
    if (start && model.fit) {
      throw new ArLensError(
        'unsupported',
        `${params.spec}: train.initialize: expected none for "${spec.family.id}", which is counted from its data in one pass.`,
      );
    }
    if (!model.fit) requireOneRow(data.train.ids.length, model.contextLength);
  } catch (error) {
    model.dispose();
    throw error;
  }
  const special = Number(tokenizer.bos !== undefined) + Number(tokenizer.unknown !== undefined);
  return {
    task: textTask({ spec, model, facts, described: start?.facts ?? facts, data }),
    device,
    ...(data.tokenizerSha256 === undefined ? {} : { tokenizerSha256: data.tokenizerSha256 }),
    facts: {
      batch: model.fit
        ? { rows: 1, length: data.train.ids.length }
        : { rows: spec.train.batchSize * spec.train.accumulate, length: model.contextLength },
      data: data.record,
      floors: floorsOf({
        train: data.train.ids,
        validation: data.validation.ids.subarray(0, spec.train.evaluateTokens),
        symbols: tokenizer.vocabulary - special,
        vocabulary: tokenizer.vocabulary,
        elements: `${tokenizer.kind}s`,
        ...(spec.data.knownFloor === undefined ? {} : { knownFloor: spec.data.knownFloor }),
      }),
    },
    dispose: () => Promise.resolve(model.dispose()),
  };
}
