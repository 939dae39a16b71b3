// Trains what a spec describes: reads it, prepares data, device, folder and model, then hands over to the run.
// Nothing is written before everything that a person can get wrong has been checked.
import { requireOneRow } from '../../data/batches';
import type { Model, TextFacts } from '../../families/family';
import type { DeviceReport, TrainParams } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type { RunRecord, TrainEvent } from '../../protocol/run';
import type { EngineContext } from '../context';
import { readBounded } from '../models/modelFiles';
import { loadModelWeights } from '../models/modelFolder';
import { requireStart } from '../spec/initialize';
import { sizeProblem } from '../spec/limits';
import type { TrainSpec } from '../spec/schema';
import { requireSpec, type Spec } from '../spec/spec';
import type { Identity } from './checkpoint';
import type { TrainingControl } from './control';
import { floorsOf } from './floors';
import { openRunFolder, specName } from './runFolder';
import { prepareData, type TrainingData } from './trainingData';
import { TrainingRun } from './trainingRun';

export interface TrainSetting {
  readonly context: Pick<EngineContext, 'device'>;
  readonly control: TrainingControl;
  readonly emit: (event: TrainEvent) => Promise<void>;
}

/** @returns the run's record; `run` names its folder. A stop ends it early, whole. */
export async function train(params: TrainParams, setting: TrainSetting): Promise<RunRecord> {
  const { spec: asWritten, text } = await readSpec(params);
  const { spec, start } = await requireStart(asWritten, params.spec);
  const data = await prepareData(spec.data, params, setting, start?.tokenizer);
  // A text starts as its tokenizer says: GPT-2 has a BOS and puts none there.
  const facts: TextFacts = {
    vocabulary: start?.facts.vocabulary ?? data.tokenizer.vocabulary,
    ...(data.tokenizer.bos === undefined ? {} : { bos: data.tokenizer.bos }),
  };
  const tooLarge = sizeProblem({ ...spec, vocabulary: facts.vocabulary });
  if (tooLarge !== undefined) throw new ArLensError('badInput', `${params.spec}: model: ${tooLarge}.`);
  const device = await setting.context.device(spec.device);
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
    const folder = await openRunFolder(params);
    try {
      const run = new TrainingRun(
        {
          spec,
          specText: text,
          model,
          facts,
          described: start?.facts ?? facts,
          data,
          folder,
          identity: identityOf(spec, data),
          record: newRecord(params, spec, model, data, device),
          resumeAsked: params.resume === true,
        },
        setting,
      );
      return await run.run();
    } finally {
      await folder.release();
    }
  } finally {
    model.dispose();
  }
}

async function readSpec(params: TrainParams): Promise<{ spec: Spec; text: string }> {
  const bytes = await readBounded(params.spec, 4_000_000, 'a spec file');
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const spec = requireSpec(text, params.spec);
  if (params.steps === undefined) return { spec, text };
  if (!Number.isInteger(params.steps) || params.steps < 1 || params.steps > 10_000_000) {
    throw new ArLensError(
      'badInput',
      `steps: expected a whole number from 1 to 10000000, got ${params.steps}.`,
    );
  }
  return { spec: { ...spec, train: { ...spec.train, steps: params.steps } }, text };
}

/** All that decides the curve, flat. The device is left out: a run may move to another machine, which is then said. */
function identityOf(spec: Spec, data: TrainingData): Identity {
  const sources = { ...spec.data, knownFloor: undefined }; // drawn, not learnt from
  const flat: Record<string, string> = { family: spec.family.id };
  for (const [part, values] of Object.entries({ model: spec.model, data: sources, train: spec.train })) {
    for (const [key, value] of Object.entries(values)) {
      if (value !== undefined) flat[`${part}.${key}`] = JSON.stringify(value);
    }
  }
  // A path stays the same when what lies there changes.
  if (data.tokenizerSha256 !== undefined) flat['data.tokenizer'] += ` ${data.tokenizerSha256}`;
  return { spec: flat, dataSha256: data.record.sha256 };
}

function newRecord(
  params: TrainParams,
  spec: Spec,
  model: Model,
  data: TrainingData,
  device: DeviceReport,
): RunRecord {
  const { tokenizer } = data;
  const special = Number(tokenizer.bos !== undefined) + Number(tokenizer.unknown !== undefined);
  return {
    format: 1,
    name: specName(params.spec),
    family: spec.family.id,
    title: spec.family.title,
    status: 'preparing',
    created: new Date().toISOString(),
    device: deviceWords(device),
    parameters: parametersOf(model),
    step: 0,
    steps: stepsOf(model, spec.train),
    seed: spec.train.seed,
    ...(spec.train.initialize === undefined ? {} : { initialize: spec.train.initialize }),
    likelihood: spec.family.likelihood,
    batch: model.fit
      ? { rows: 1, length: data.train.ids.length }
      : { rows: spec.train.batchSize * spec.train.accumulate, length: model.contextLength },
    ...(spec.train.clip > 0 && !model.fit ? { clip: spec.train.clip } : {}),
    data: data.record,
    floors: floorsOf({
      train: data.train.ids,
      validation: data.validation.ids.subarray(0, spec.train.evaluateTokens),
      symbols: tokenizer.vocabulary - special,
      vocabulary: tokenizer.vocabulary,
      elements: `${tokenizer.kind}s`,
      ...(spec.data.knownFloor === undefined ? {} : { knownFloor: spec.data.knownFloor }),
    }),
  };
}

export function parametersOf(model: Model): number {
  return model.variables.reduce((sum, { variable }) => sum + variable.size, 0);
}

/** A closed-form family learns everything in its one step. */
export function stepsOf(model: Model, train: TrainSpec): number {
  return model.fit ? 1 : train.steps;
}

export function deviceWords(device: DeviceReport): string {
  return device.instructionSet === undefined ? device.id : `${device.id} (${device.instructionSet})`;
}
