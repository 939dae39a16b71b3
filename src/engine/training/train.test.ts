// Training on the reference device at toy size: the curve, resuming, stopping, refusing, and the files in between.
import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readFile, readdir, rm, truncate, writeFile, appendFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeviceReport, TrainParams } from '../../protocol/engine';
import { RUN_FILES, type RunRecord, type TrainEvent } from '../../protocol/run';
import { loadModelFolder } from '../models/modelFolder';
import { SnapshotStore } from '../scoring/reuse';
import { scoreText } from '../scoring/scoreText';
import { TrainingControl } from './control';
import { readMetrics } from './metricsFile';
import { readRecord } from './runRecord';
import { train } from './train';

const cpu: DeviceReport = { id: 'cpu', label: 'cpu', available: true, reason: 'It is the reference.' };
const text = 'the cat sat on the mat and the dog sat on the cat; '.repeat(20);

let folder: string;
let before: number;
beforeEach(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-train-'));
  await writeFile(join(folder, 'a.txt'), text);
  await writeFile(join(folder, 'held.txt'), 'the dog sat on the mat; the cat sat on the dog; ');
  before = tf.memory().numTensors;
});
afterEach(async () => {
  expect(tf.memory().numTensors).toBe(before);
  await rm(folder, { recursive: true, force: true });
});

async function writeSpec(train: object = {}, model: object = {}, data: object = {}): Promise<string> {
  const path = join(folder, 'toy.arlens.json');
  const spec = {
    family: 'transformer',
    model: { layers: 1, heads: 2, width: 8, contextLength: 8, dropout: 0.1, ...model },
    data: { source: 'a.txt', tokenizer: 'character', validation: 'held.txt', ...data },
    train: {
      steps: 12,
      batchSize: 2,
      warmupSteps: 2,
      evaluateEvery: 5,
      sampleEvery: 6,
      sampleLength: 12,
      checkpointEvery: 4,
      ...train,
    },
  };
  await writeFile(path, JSON.stringify(spec));
  return path;
}

interface Trained {
  readonly record: RunRecord;
  readonly events: readonly TrainEvent[];
}

async function run(
  params: Omit<TrainParams, 'workspace'>,
  control = new TrainingControl(),
  onEvent: (event: TrainEvent) => void = () => undefined,
): Promise<Trained> {
  const events: TrainEvent[] = [];
  const emit = (event: TrainEvent): Promise<void> => {
    events.push(event);
    return Promise.resolve(onEvent(event));
  };
  const context = { device: () => Promise.resolve(cpu) };
  return { record: await train({ ...params, workspace: folder }, { context, control, emit }), events };
}

const out = (name: string): string => join(folder, name);

/** What two runs of the same curve share: everything but speeds. */
async function curve(run: string): Promise<unknown> {
  const events = await readMetrics(join(run, RUN_FILES.metrics));
  return events.map((event) => (event.type === 'step' ? { ...event, elementsPerSecond: 0 } : event));
}

async function sameRuns(a: string, b: string): Promise<void> {
  expect(await curve(a)).toEqual(await curve(b));
  for (const file of [RUN_FILES.weights, RUN_FILES.optimizer, RUN_FILES.config, RUN_FILES.tokenizer]) {
    expect((await readFile(join(a, file))).equals(await readFile(join(b, file))), file).toBe(true);
  }
  const names = await readdir(join(a, RUN_FILES.samples));
  expect(await readdir(join(b, RUN_FILES.samples))).toEqual(names);
}

describe('train', () => {
  it('gives the same weights bit for bit from the same seed, and others from another', async () => {
    const spec = await writeSpec({ accumulate: 2 });
    await run({ spec, out: out('one') });
    await run({ spec, out: out('two') });
    await sameRuns(out('one'), out('two'));
    await run({ spec: await writeSpec({ accumulate: 2, seed: 7 }), out: out('three') });
    const [one, three] = await Promise.all(
      ['one', 'three'].map((name) => readFile(join(out(name), RUN_FILES.weights))),
    );
    expect(one?.equals(three as Buffer)).toBe(false);
  });

  it('learns, and its validation loss is what score says of the same text', async () => {
    const spec = await writeSpec({ steps: 60, learningRate: 0.02, sampleEvery: 0 }, { dropout: 0 });
    const { record, events } = await run({ spec });
    const losses = events.flatMap((event) => (event.type === 'evaluation' ? [event.nats] : []));
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) - 0.5);
    expect(record).toMatchObject({ status: 'done', step: 60, steps: 60 });
    const loaded = await loadModelFolder(record.run ?? '');
    const held = await readFile(join(folder, 'held.txt'), 'utf8');
    const summary = await scoreText(
      { loaded, version: '', device: 'cpu', snapshots: new SnapshotStore() },
      { model: record.run ?? '', text: held },
      { progress: () => Promise.resolve(), signal: new AbortController().signal },
    );
    loaded.model.dispose();
    expect(Math.abs(summary.nll / summary.scored - (record.validation?.nats ?? 0))).toBeLessThan(1e-5);
    expect(record.validation).toMatchObject({ unit: 'character', badge: 'exact', count: held.length });
    expect(record.data.bytesPerElement).toBe(1);
    expect(record.floors.map(({ label }) => label.split(' ')[0])).toEqual(['uniform', 'unigram', 'bigram']);
    expect(record.floors[0]?.nats).toBeCloseTo(Math.log(new Set(text).size), 12);
  });

  it('continues a stopped run to the same curve, from whatever step it was stopped at', async () => {
    const spec = await writeSpec();
    await run({ spec, out: out('whole') });
    for (const [index, stopAt] of ([1, 4, 5, 6, 11] as const).entries()) {
      const control = new TrainingControl();
      const name = out(`stopped${index}`);
      const first = await run({ spec, out: name }, control, (event) => {
        if (event.type === 'step' && event.step === stopAt) control.stop();
      });
      expect(first.record).toMatchObject({ status: 'stopped', step: stopAt });
      const second = await run({ spec, out: name, resume: true });
      expect(second.record.status).toBe('done');
      await sameRuns(out('whole'), name);
    }
  });

  it('forgets what a kill left beyond the checkpoint: lines, a torn line, samples', async () => {
    const spec = await writeSpec();
    await run({ spec, out: out('whole') });
    const control = new TrainingControl();
    await run({ spec, out: out('killed') }, control, (event) => {
      if (event.type === 'checkpoint' && event.step === 8) control.stop();
    });
    const metrics = join(out('killed'), RUN_FILES.metrics);
    await appendFile(metrics, '{"type":"step","step":9,"loss":99}\n{"type":"evalu');
    await writeFile(join(out('killed'), RUN_FILES.samples, 'step-00000011.txt'), 'from the future');
    await truncate(join(out('killed'), RUN_FILES.weights), 100);
    expect((await readMetrics(metrics)).at(-1)?.step).toBe(9);
    await run({ spec, out: out('killed'), resume: true });
    await sameRuns(out('whole'), out('killed'));
  });

  it('refuses to continue with another spec or other data, and says what changed', async () => {
    const control = new TrainingControl();
    const stop = (event: TrainEvent): void => void (event.type === 'step' && control.stop());
    await run({ spec: await writeSpec(), out: out('r') }, control, stop);
    const changed = await writeSpec({ learningRate: 0.5 });
    await expect(run({ spec: changed, out: out('r'), resume: true })).rejects.toMatchObject({
      message: expect.stringContaining('train.learningRate') as string,
    });
    await expect(
      run({ spec: await writeSpec(), out: out('r'), steps: 99, resume: true }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('train.steps: 12), got train.steps: 99') as string,
    });
    await appendFile(join(folder, 'a.txt'), '!');
    await expect(run({ spec: await writeSpec(), out: out('r'), resume: true })).rejects.toMatchObject({
      message: expect.stringContaining('expected the data') as string,
    });
    await expect(run({ spec: await writeSpec(), out: out('r') })).rejects.toMatchObject({
      message: expect.stringContaining('expected a folder without a run') as string,
    });
  });

  it('pauses with a checkpoint and goes on', async () => {
    const control = new TrainingControl();
    const spec = await writeSpec();
    await run({ spec, out: out('whole') });
    const { events } = await run({ spec, out: out('paused') }, control, (event) => {
      if (event.type === 'step' && event.step === 3) control.pause();
      if (event.type === 'status' && event.status === 'paused') setTimeout(() => control.resume(), 20);
    });
    expect(events.flatMap((event) => (event.type === 'status' ? [event.status] : []))).toEqual([
      'paused',
      'running',
      'done',
    ]);
    await sameRuns(out('whole'), out('paused'));
  });

  it('stops with one sentence when the loss is no number, and keeps the last checkpoint', async () => {
    const spec = await writeSpec({
      learningRate: 10,
      clip: 0,
      steps: 400,
      warmupSteps: 0,
      weightDecay: 10,
      sampleEvery: 0,
    });
    const broken = run({ spec, out: out('nan') }, undefined, (event) => {
      if (event.type === 'step' && event.step === 6) poison();
    });
    await expect(broken).rejects.toMatchObject({
      message: expect.stringMatching(/^Training stopped at step 7: expected a finite loss/) as string,
    });
    const loaded = await loadModelFolder(out('nan'));
    loaded.model.dispose();
    const record = await readRecord(out('nan'));
    expect(record).toMatchObject({ status: 'failed', step: 4 });
    expect(record.failure).toContain('step 7');
  });

  it('fits a closed-form family in one step', async () => {
    const path = out('markov.arlens.json');
    await writeFile(
      path,
      JSON.stringify({ family: 'markov', data: { source: 'a.txt' }, train: { sampleLength: 20 } }),
    );
    const { record, events } = await run({ spec: path, out: out('m') });
    expect(record).toMatchObject({ status: 'done', step: 1, steps: 1 });
    const losses = events.flatMap((event) => (event.type === 'evaluation' ? [event.nats] : []));
    expect(losses[1]).toBeLessThan((losses[0] ?? 0) / 2);
    expect((await run({ spec: path, out: out('m'), resume: true })).record).toMatchObject({
      status: 'done',
      step: 1,
    });
    const loaded = await loadModelFolder(out('m'));
    expect(loaded.info).toMatchObject({ family: 'markov', bos: true });
    loaded.model.dispose();
  });

  it('keeps tensors flat', async () => {
    const counts = new Set<number>();
    await run({ spec: await writeSpec({ steps: 40 }) }, undefined, (event) => {
      if (event.type === 'step') counts.add(tf.memory().numTensors);
    });
    expect(counts.size).toBe(1);
  });

  it('leaves no folder behind when the data is wrong', async () => {
    await expect(
      run({ spec: await writeSpec({}, {}, { source: 'nothing*' }), out: out('x') }),
    ).rejects.toMatchObject({
      reason: 'notFound',
    });
    await expect(
      run({ spec: await writeSpec({}, {}, { source: '../*' }), out: out('x') }),
    ).rejects.toMatchObject({
      reason: 'badInput',
    });
    await expect(
      run({ spec: await writeSpec({}, { contextLength: 5000 }), out: out('x') }),
    ).rejects.toMatchObject({
      message: expect.stringContaining('at least 5001 tokens') as string,
    });
    expect(await readdir(folder)).not.toContain('x');
  });
});

/** Puts a NaN into every variable of the model under training. */
function poison(): void {
  for (const variable of Object.values(tf.engine().state.registeredVariables)) {
    if (variable.trainable) tf.tidy(() => variable.assign(tf.fill(variable.shape, NaN)));
  }
}

describe('a tokenizer of its own', () => {
  it('is learnt from the training part alone, saved, and the unit of every figure', async () => {
    const spec = await writeSpec({}, {}, { tokenizer: { bpe: 270 } });
    const { record, events } = await run({ spec, out: out('bpe') });
    expect(record.data).toMatchObject({ unit: 'token', unknown: 0 });
    expect(record.validation?.unit).toBe('token');
    expect(record.floors[0]?.label).toBe('uniform over 269 tokens');
    const held = await readFile(join(folder, 'held.txt'), 'utf8');
    const loaded = await loadModelFolder(out('bpe'));
    try {
      expect(loaded.info).toMatchObject({ tokenizer: 'byte-level BPE', vocabulary: 270, bos: true });
      const tokens = loaded.tokenizer.encode(held).ids.length;
      expect(tokens).toBeLessThan(held.length);
      expect(record.data.validationTokens).toBe(tokens);
      expect(record.data.bytesPerElement).toBeCloseTo(held.length / tokens, 10);
    } finally {
      loaded.model.dispose();
    }
    expect(events.some((event) => event.type === 'sample')).toBe(true);
    // A word of the held-out part that the training part lacks changes nothing about the tokenizer.
    await writeFile(join(folder, 'held.txt'), 'zebra zebra zebra zebra; the dog sat on the mat; ');
    await run({ spec, out: out('again') });
    const [one, two] = await Promise.all(
      ['bpe', 'again'].map((name) => readFile(join(out(name), RUN_FILES.tokenizer), 'utf8')),
    );
    expect(two).toBe(one);
  });

  it('says so when the text has no pairs for so many tokens', async () => {
    const { record, events } = await run({
      spec: await writeSpec({ steps: 1 }, {}, { tokenizer: { bpe: 900 } }),
    });
    const details = events.flatMap((event) => (event.type === 'status' ? [event.detail ?? ''] : []));
    const found = details.find((detail) => detail.includes('for 900 tokens'));
    const tokens = Number(/it has (\d+)/.exec(found ?? '')?.[1]);
    expect(tokens).toBeLessThan(300);
    expect(record.floors[0]?.label).toBe(`uniform over ${tokens - 1} tokens`);
  });

  it('is somebody else’s file inside the workspace, and a run does not resume when that has changed', async () => {
    await run({ spec: await writeSpec({ steps: 1 }, {}, { tokenizer: { bpe: 270 } }), out: out('first') });
    const file = join(folder, 'tokenizer.json');
    await writeFile(file, await readFile(join(out('first'), RUN_FILES.tokenizer)));
    const spec = await writeSpec({}, {}, { tokenizer: 'tokenizer.json' });
    const { record } = await run({ spec, out: out('second') });
    expect(record).toMatchObject({ status: 'done', data: { unit: 'token' } });
    const content = await readFile(file, 'utf8');
    const saved: unknown = JSON.parse(await readFile(join(out('second'), RUN_FILES.tokenizer), 'utf8'));
    expect(saved).toEqual(JSON.parse(content));
    await writeFile(file, content.replace('"use_regex": true', '"use_regex": false'));
    await expect(run({ spec, out: out('second'), resume: true })).rejects.toThrow('data.tokenizer');
    await writeFile(file, content.replace('"BPE"', '"Other"'));
    await expect(run({ spec, out: out('third') })).rejects.toThrow(/tokenizer\.json: model\.type: expected/);
  });

  it('can be stopped while it is learnt', async () => {
    const words = Array.from({ length: 30_000 }, (_, n) => `${n * 7919}x${n % 613}`).join(' ');
    await writeFile(join(folder, 'a.txt'), words);
    const control = new TrainingControl();
    const details: string[] = [];
    const learning = run(
      { spec: await writeSpec({}, {}, { tokenizer: { bpe: 30_000 } }) },
      control,
      (event) => {
        if (event.type === 'status') details.push(event.detail ?? '');
        control.stop();
      },
    );
    await expect(learning).rejects.toMatchObject({ reason: 'cancelled' });
    expect(details[0]).toMatch(/^Learning a tokenizer of 30000 tokens: \d+ %\.$/);
  });
});
