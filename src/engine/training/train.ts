// Trains what a spec describes: reads it, prepares data, device, folder and model, then hands over to the run.
// Nothing is written before everything that a person can get wrong has been checked.
import type { TrainParams } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type { RunRecord, TrainEvent } from '../../protocol/run';
import type { EngineContext } from '../context';
import { readBounded } from '../models/modelFiles';
import { requireSpec, type AnySpec } from '../spec/spec';
import type { Identity } from './checkpoint';
import type { TrainingControl } from './control';
import { deviceWords } from './deviceWords';
import { openRunFolder, specName } from './runFolder';
import { prepareImages } from './prepareImages';
import { prepareText } from './prepareText';
import type { Prepared } from './prepared';
import { TrainingRun } from './trainingRun';

export interface TrainSetting {
  readonly context: Pick<EngineContext, 'device'>;
  readonly control: TrainingControl;
  readonly emit: (event: TrainEvent) => Promise<void>;
}

/** @returns the run's record; `run` names its folder. A stop ends it early, whole. */
export async function train(params: TrainParams, setting: TrainSetting): Promise<RunRecord> {
  const { spec, text } = await readSpec(params);
  const prepared =
    spec.domain === 'image'
      ? await prepareImages(spec, params, setting)
      : await prepareText(spec, params, setting);
  try {
    const folder = await openRunFolder(params);
    try {
      const run = new TrainingRun(
        {
          train: spec.train,
          specText: text,
          task: prepared.task,
          folder,
          identity: identityOf(spec, prepared),
          record: newRecord(params, spec, prepared),
          resumeAsked: params.resume === true,
        },
        setting,
      );
      return await run.run();
    } finally {
      await folder.release();
    }
  } finally {
    await prepared.dispose();
  }
}

async function readSpec(params: TrainParams): Promise<{ spec: AnySpec; text: string }> {
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
  const { steps } = params;
  return spec.domain === 'image'
    ? { spec: { ...spec, train: { ...spec.train, steps } }, text }
    : { spec: { ...spec, train: { ...spec.train, steps } }, text };
}

/** All that decides the curve, flat. The device is left out: a run may move to another machine, which is then said. */
function identityOf(spec: AnySpec, { facts, tokenizerSha256 }: Prepared): Identity {
  const sources = { ...spec.data, knownFloor: undefined }; // drawn, not learnt from
  const flat: Record<string, string> = { family: spec.family.id };
  for (const [part, values] of Object.entries({ model: spec.model, data: sources, train: spec.train })) {
    for (const [key, value] of Object.entries(values)) {
      if (value !== undefined) flat[`${part}.${key}`] = JSON.stringify(value);
    }
  }
  // A path stays the same when what lies there changes.
  if (tokenizerSha256 !== undefined) flat['data.tokenizer'] += ` ${tokenizerSha256}`;
  return { spec: flat, dataSha256: facts.data.sha256 };
}

function newRecord(params: TrainParams, spec: AnySpec, { task, device, facts }: Prepared): RunRecord {
  return {
    format: 1,
    name: specName(params.spec),
    family: spec.family.id,
    title: facts.given === undefined ? spec.family.title : `${spec.family.title} given ${facts.given}`,
    status: 'preparing',
    created: new Date().toISOString(),
    device: deviceWords(device),
    parameters: task.variables.reduce((sum, { variable }) => sum + variable.size, 0),
    step: 0,
    // A closed-form family learns everything in its one step.
    steps: task.batches ? spec.train.steps : 1,
    seed: spec.train.seed,
    ...(spec.train.initialize === undefined ? {} : { initialize: spec.train.initialize }),
    likelihood: spec.family.likelihood,
    ...(spec.domain === 'image' ? { domain: 'image' as const } : {}),
    ...(spec.train.clip > 0 && task.batches ? { clip: spec.train.clip } : {}),
    ...facts,
  };
}
