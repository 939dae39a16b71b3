// The Sampler's host inside the test page: the real session over a toy engine, so that what a person does has its effect.
import { filter } from '../../../src/decoding/filter';
import { logSumExp } from '../../../src/math/information';
import { penalise } from '../../../src/decoding/penalty';
import { pick } from '../../../src/decoding/generate';
import { SamplerSession } from '../../../src/host/sampler/samplerSession';
import { newDocument, readDocument } from '../../../src/host/sampler/samplerTree';
import { entropy } from '../../../src/math/information';
import { Rng } from '../../../src/math/rng';
import { createChannel } from '../../../src/protocol/channel';
import type { Client } from '../../../src/protocol/calls';
import type { EngineCalls } from '../../../src/protocol/engine';
import { ArLensError } from '../../../src/protocol/errors';
import type {
  SamplerElement,
  SamplerRunParams,
  SamplerStep,
  SamplerStepParams,
} from '../../../src/protocol/sampler';
import type { SamplerContent, SamplerHostCalls, SamplerViewCalls } from '../../../src/protocol/samplerView';
import type { ViewState } from '../../../src/protocol/views';

const WORDS = [
  ...' stairs, steps, ladder, tower, hill, spiral, stone, narrow, last, iron, stair, rocks, winding'.split(
    ',',
  ),
  ...' cliff, wooden, wall, dark, steep, same, long, to, and, the, light, lamp, top, roof, lit'.split(','),
  '\n',
  '.',
  ' a-rather-long-token-without-a-break',
  '\u200d',
  ...Array.from({ length: 40 }, (_, index) => ` word${index}`),
];
const textOf = (id: number): string => WORDS[id] ?? '';

function logitsAfter(path: readonly number[]): Float64Array {
  const random = new Rng(path.reduce((hash, id) => (hash * 31 + id + 7) % 1_000_003, 17));
  return Float64Array.from(WORDS, (_, id) => 2.2 * random.normal() - 0.03 * id);
}

function stepOf({ path, settings }: SamplerStepParams): SamplerStep {
  const { temperature, topK, topP, minP, repetitionPenalty, seed } = settings;
  const logits = logitsAfter(path);
  const penalised = penalise(logits, path, repetitionPenalty);
  const sets = [
    ['model', {}],
    ['temperature', { temperature }],
    ...(topK === undefined ? [] : [['topK', { temperature, topK }] as const]),
    ...(topP === undefined
      ? []
      : [['topP', { temperature, topP, ...(topK === undefined ? {} : { topK }) }] as const]),
    ...(minP === undefined ? [] : [['minP', { temperature, minP }] as const]),
  ] as const;
  const stages = sets.map(([by, options]) => ({
    by,
    ...filter(by === 'model' ? logits : penalised, options),
  }));
  const model = stages[0]?.probability ?? new Float64Array(0);
  const final = stages.at(-1)?.probability ?? model;
  const id = Int32Array.from(WORDS.keys())
    .sort((a, b) => (final[b] ?? 0) - (final[a] ?? 0) || (model[b] ?? 0) - (model[a] ?? 0))
    .slice(0, 20);
  const random = new Rng(seed);
  for (let skipped = 0; skipped < path.length; skipped++) random.uniform();
  const uniform = random.uniform();
  const listed = new Set(id);
  const sum = (values: Float64Array, holds: (at: number) => boolean) =>
    values.reduce((total, value, at) => (holds(at) ? total + value : total), 0);
  return {
    index: path.length,
    text: path.map(textOf).join(''),
    vocabulary: WORDS.length,
    id,
    texts: Array.from(id, textOf),
    logits: {
      value: Float64Array.from(id, (each) => penalised[each] ?? NaN),
      logSum: logSumExp(Float64Array.from(penalised, (logit) => logit / (temperature || 1))),
    },
    stages: stages.map(({ by, probability, kept, cuts }) => ({
      by,
      probability: Float64Array.from(id, (each) => probability[each] ?? 0),
      tail: sum(probability, (at) => !listed.has(at)),
      kept,
      cutCount: cuts.find((cut) => cut.by === by)?.count ?? 0,
      cutMass: cuts.find((cut) => cut.by === by)?.mass ?? 0,
      entropy: entropy(probability),
    })),
    keptMass: sum(model, (at) => (final[at] ?? 0) > 0),
    drawn: elementOf(pick(final, { uniform: () => uniform }), model, final),
    uniform,
    window: path.length + 5,
    context: 256,
    likelihood: 'exact',
    family: 'toy',
  };
}

function elementOf(id: number, model: Float64Array, final: Float64Array): SamplerElement {
  const drawn = final[id] ?? 0;
  return {
    id,
    text: textOf(id),
    logProb: Math.log(model[id] ?? 0),
    drawnLogProb: drawn > 0 ? Math.log(drawn) : null,
  };
}

type Asked = (
  method: string,
  params: unknown,
  options?: { signal?: AbortSignal; onProgress?: (value: unknown) => unknown },
) => Promise<unknown>;

const engine: Asked = async (method, params, options) => {
  if (refusal !== undefined) {
    const error = new ArLensError('badInput', refusal);
    refusal = undefined;
    throw error;
  }
  if (method === 'samplerStep') return stepOf(params as SamplerStepParams);
  if (method === 'samplerForce') {
    const step = params as SamplerStepParams & { readonly id: number };
    const { temperature, topK, topP, minP } = step.settings;
    const options = {
      temperature,
      ...(topK === undefined ? {} : { topK }),
      ...(topP === undefined ? {} : { topP }),
    };
    const final = filter(logitsAfter(step.path), { ...options, ...(minP === undefined ? {} : { minP }) });
    return elementOf(step.id, final.logProb.map(Math.exp), final.probability);
  }
  const run = params as SamplerRunParams;
  const path = [...run.path];
  while (path.length < run.path.length + run.length) {
    if (options?.signal?.aborted) throw new ArLensError('cancelled', 'Paused.');
    const { drawn } = stepOf({ ...run, path });
    path.push(drawn.id);
    await options?.onProgress?.(drawn);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { why: 'length', elementsPerSecond: 31 };
};

const heard: Array<{ readonly method: string; readonly params: unknown }> = [];
const violations: string[] = [];
let listen: ((message: unknown) => void) | undefined;
let shown = document.documentElement.dataset.state ?? 'result';
let refusal: string | undefined;
document.addEventListener('securitypolicyviolation', (event) => {
  violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});

const stored = 'ar-lens-state';
const kept = (): unknown => JSON.parse(sessionStorage.getItem(stored) ?? 'null');
Object.assign(window, {
  acquireVsCodeApi: () => ({
    postMessage: (message: unknown) => queueMicrotask(() => listen?.(structuredClone(message))),
    getState: kept,
    setState: (state: unknown) => sessionStorage.setItem(stored, JSON.stringify(state)),
  }),
});
const channel = createChannel({
  send: (message) => window.postMessage(structuredClone(message), '*'),
  onMessage(callback) {
    listen = callback;
    return () => {
      listen = undefined;
    };
  },
});
const view = channel.client<SamplerViewCalls>();

// As the host does after a reload: what VS Code kept is the document.
const session = new SamplerSession(
  engine as unknown as Client<EngineCalls>,
  readDocument(kept()) ?? newDocument('/runs/keeper/1', 'The old keeper climbed the'),
);

async function grow(): Promise<void> {
  const { settings } = session.document;
  await session.change({ settings: { ...settings, temperature: 0.7, topK: 12, topP: 0.9, seed: 42 } });
  for (let step = 0; step < 4; step++) await session.step();
  await session.name(3, 'up the tower');
  await session.go(1);
  await session.force(session.next?.id[19] ?? 0);
  await session.step();
  await session.go(-1);
  await session.force(session.next?.id[2] ?? 0);
  await session.step();
  await session.step();
}

function state(): ViewState<SamplerContent> {
  const { document: tree, next, fresh, running, elementsPerSecond, note, error } = session;
  switch (shown) {
    case 'empty':
      return {
        kind: 'empty',
        sentence: 'No model is open.',
        button: { label: 'Open Sampler', command: 'arLens.openSampler' },
      };
    case 'working':
      return { kind: 'working', doing: 'Loading keeper 12:40', cancel: false };
    case 'failed':
      return {
        kind: 'failed',
        sentence: 'The engine ran out of memory.',
        button: { label: 'Restart Engine', command: 'arLens.restartEngine' },
      };
    default:
      return {
        kind: 'result',
        content: {
          document: tree,
          model: 'keeper 12:40',
          device: 'simd (native)',
          next: next ?? null,
          fresh,
          running,
          elementsPerSecond: elementsPerSecond ?? null,
          note,
          problem: error?.message ?? '',
        },
      };
  }
}

const send = () => view('state', state()).catch(() => undefined);
let made: Promise<void> | undefined;

async function show(name: string): Promise<void> {
  shown = name;
  if (session.next === undefined) {
    made ??= shown === 'result' && session.document.nodes.length === 0 ? grow() : session.refresh();
    await made;
  }
  session.changes.on(() => void send());
  await send();
}

const note =
  <Params>(method: string, work?: (params: Params) => Promise<void> | void) =>
  async (params: Params): Promise<undefined> => {
    heard.push({ method, params });
    await work?.(params);
    return undefined;
  };
channel.serve<SamplerHostCalls>({
  ready: note('ready', () => show(shown)),
  command: note('command'),
  cancel: note('cancel'),
  copy: note('copy'),
  save: note('save'),
  step: note('step', () => session.step()),
  run: note('run', () => void session.run()),
  pause: note('pause', () => session.pause()),
  back: note('back', () => session.back()),
  force: note('force', ({ id }) => session.force(id)),
  go: note('go', ({ node }) => session.go(node)),
  name: note('name', ({ node, name }) => session.name(node, name)),
  change: note('change', (change) => session.change(change)),
  toEditor: note('toEditor'),
});

Object.assign(window, {
  harness: {
    heard,
    violations,
    show,
    refuse: (sentence: string) => (refusal = sentence),
    settled: () => document.querySelector('main')?.dataset.state === state().kind,
    /** What the view should show, for comparison. */
    truth: () => ({
      document: session.document,
      before: Array.from(session.next?.stages[0]?.probability ?? []),
      after: Array.from(session.next?.stages.at(-1)?.probability ?? []),
      ids: Array.from(session.next?.id ?? []),
      drawn: session.next?.drawn.id,
      kept: session.next?.stages.at(-1)?.kept,
    }),
  },
});
