// The Sampler's host inside the test page: the real session over a toy engine, so that what a person does has its effect.
import { beamSearch, type Hypothesis } from '../../../src/decoding/beam';
import { drawnFrom } from '../../../src/decoding/drawnFrom';
import { gumbelDraw } from '../../../src/decoding/gumbel';
import { findStop } from '../../../src/decoding/stopTexts';
import {
  drawnFromOptions,
  massWhere,
  softmaxInputs,
  stagesOf,
  stageSummary,
} from '../../../src/engine/inspect/samplerStages';
import { samplerOpenDraw } from '../../../src/engine/inspect/samplerOpenDraw';
import { latticeColumns, normalizationOf } from '../../../src/engine/sampling/lattice';
import { readDocument } from '../../../src/host/sampler/readDocument';
import { samplerState } from '../../../src/host/sampler/samplerContent';
import { SamplerSession } from '../../../src/host/sampler/samplerSession';
import { newDocument } from '../../../src/host/sampler/samplerTree';
import { Rng } from '../../../src/math/rng';
import type { Client } from '../../../src/protocol/calls';
import type { EngineCalls } from '../../../src/protocol/engine';
import { ArLensError } from '../../../src/protocol/errors';
import type { Stopped } from '../../../src/protocol/sample';
import type {
  SamplerBeamParams,
  SamplerBeamResult,
  SamplerElement,
  SamplerRunParams,
  SamplerStep,
  SamplerStepParams,
} from '../../../src/protocol/sampler';
import type { SamplerContent, SamplerHostCalls, SamplerViewCalls } from '../../../src/protocol/samplerView';
import type { ViewState } from '../../../src/protocol/views';
import { channel, firstState, heard, kept, violations } from './pageHost';

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
  const seen = new Set(path);
  const logits = logitsAfter(path);
  const stages = stagesOf(logits, seen, settings);
  const model = stages[0]?.probability ?? new Float64Array(0);
  const final = stages.at(-1)?.probability ?? model;
  const id = Int32Array.from(WORDS.keys())
    .sort((a, b) => (final[b] ?? 0) - (final[a] ?? 0) || (model[b] ?? 0) - (model[a] ?? 0))
    .slice(0, 20);
  const draw = gumbelDraw(final, settings.seed, path.length);
  return {
    index: path.length,
    text: path.map(textOf).join(''),
    vocabulary: WORDS.length,
    id,
    texts: Array.from(id, textOf),
    logits: softmaxInputs(logits, seen, settings, id),
    stages: stages.map((stage, at) => stageSummary(stage, stages[at - 1]?.probability, id, seen)),
    keptMass: massWhere(model, (at) => (final[at] ?? 0) > 0),
    drawn: elementOf(draw.winner, model, final),
    draw: samplerOpenDraw(draw, final, id, textOf),
    end: '<bos>',
    window: path.length + 5,
    context: 256,
    likelihood: 'exact',
    family: 'toy',
  };
}

/** As a call to an engine: a cancel ends it at once. */
function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new ArLensError('cancelled', 'Cancelled.'));
    });
  });
}

/** The real search over the toy's logits; a step takes as long as the page says. */
async function beamOf(params: SamplerBeamParams, options: AskOptions): Promise<SamplerBeamResult> {
  const { path, width, length, stop } = params;
  const stopped = (ids: readonly number[]): Stopped => {
    const found = findStop(ids.map(textOf).join(''), stop);
    return found === undefined ? { why: 'length' } : { why: 'text', ...found };
  };
  const search = (beam: number, onStep: (step: number) => Promise<void>) =>
    beamSearch((sequences) => Promise.resolve(sequences.map((ids) => logitsAfter(ids.slice(1)))), {
      prompt: [0, ...path],
      length,
      width: beam,
      normalization: normalizationOf(params),
      stop: (ids) => stopped(ids).why === 'text',
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      onStep,
    });
  const told = ({ ids, total, score }: Hypothesis) => ({
    ids,
    text: ids.map(textOf).join(''),
    total,
    score,
    stopped: stopped(ids),
  });
  const found = await search(width, async (step) => {
    await options.onProgress?.({ step, length });
    if (step === 3 && lost) throw new ArLensError('engineGone', 'The engine was ended by SIGKILL.');
    await wait(shown === 'searching' && step === 3 ? 3_600_000 : 5, options.signal);
  });
  const [greedy] = (await search(1, () => Promise.resolve())).hypotheses;
  if (greedy === undefined) throw new ArLensError('internal', 'expected a greedy text');
  return {
    lattice: latticeColumns(found.lattice, textOf),
    hypotheses: found.hypotheses.map((each) => ({ ...told(each), node: each.node })),
    greedy: told(greedy),
    likelihood: 'exact',
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

interface AskOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (value: unknown) => unknown;
}
type Asked = (method: string, params: unknown, options?: AskOptions) => Promise<unknown>;

const engine: Asked = async (method, params, options) => {
  if (refusal !== undefined) {
    const error = new ArLensError('badInput', refusal);
    refusal = undefined;
    throw error;
  }
  if (method === 'samplerStep') return stepOf(params as SamplerStepParams);
  if (method === 'samplerForce') {
    const step = params as SamplerStepParams & { readonly id: number };
    const final = drawnFrom(logitsAfter(step.path), new Set(step.path), drawnFromOptions(step.settings));
    return elementOf(step.id, final.logProb.map(Math.exp), final.probability);
  }
  if (method === 'samplerBeam') return beamOf(params as SamplerBeamParams, options ?? {});
  const run = params as SamplerRunParams;
  const path = [...run.path];
  while (path.length < run.path.length + run.length) {
    if (options?.signal?.aborted) throw new ArLensError('cancelled', 'Paused.');
    const { drawn } = stepOf({ ...run, path });
    path.push(drawn.id);
    await options?.onProgress?.(drawn);
    const text = path.slice(run.path.length).map(textOf).join('');
    const stopped = findStop(text, run.stop);
    if (stopped !== undefined) return { stopped: { why: 'text', ...stopped }, elementsPerSecond: 31 };
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { stopped: { why: 'length' }, elementsPerSecond: 31 };
};

let shown = firstState;
let refusal: string | undefined;
let slow = 0;
/** The engine is killed while it searches. */
let lost = shown === 'lost';
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
  await search();
  // Some hypotheses end early, as they do where there is a stop: at a token that one of them holds.
  const { state } = session.beam;
  if (state.kind !== 'result') return;
  await session.change({ stop: [textOf(state.result.hypotheses[1]?.ids[3] ?? 0)] });
  await search();
}

async function search(): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    const stop = session.changes.on(() => {
      const { state } = session.beam;
      const waits = shown === 'searching' && state.kind === 'working' && state.step === 3;
      if (state.kind === 'working' && !waits) return;
      stop();
      resolve();
    });
  });
  await session.search();
  await ended;
}

function state(): ViewState<SamplerContent> {
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
      return samplerState(session, 'keeper 12:40', 'simd (native)');
  }
}

const send = () => view('state', state()).catch(() => undefined);
let made: Promise<void> | undefined;

async function reload(): Promise<void> {
  await session.refresh();
  await session.searchAgain();
}

async function show(name: string): Promise<void> {
  shown = name;
  if (session.next === undefined) {
    const grown = ['result', 'searching', 'lost'].includes(shown);
    made ??= grown && session.document.nodes.length === 0 ? grow() : reload();
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
  go: note('go', async ({ node, turn }) => {
    if (slow > 0) await new Promise((resolve) => setTimeout(resolve, slow));
    await session.go(node, turn);
  }),
  name: note('name', ({ node, name }) => session.name(node, name)),
  change: note('change', (change) => session.change(change)),
  toEditor: note('toEditor'),
  search: note('search', () => session.search()),
  stopSearch: note('stopSearch', () => session.cancelSearch()),
  takeHypothesis: note('takeHypothesis', ({ index }) => session.takeHypothesis(index)),
  hypothesisToEditor: note('hypothesisToEditor'),
});

Object.assign(window, {
  harness: {
    heard,
    violations,
    show,
    refuse: (sentence: string) => (refusal = sentence),
    /** Every move takes the host so many milliseconds from now on. */
    slowDown: (milliseconds: number) => (slow = milliseconds),
    /** A new engine is there: what the lost one could not is asked again. */
    restart: () => {
      lost = false;
      return session.searchAgain();
    },
    settled: () => document.querySelector('main')?.dataset.state === state().kind,
    /** What the view should show, for comparison. */
    truth: () => ({
      document: session.document,
      before: Array.from(session.next?.stages[0]?.probability ?? []),
      after: Array.from(session.next?.stages.at(-1)?.probability ?? []),
      ids: Array.from(session.next?.id ?? []),
      drawn: session.next?.drawn.id,
      kept: session.next?.stages.at(-1)?.kept,
      next: session.next,
      beam: session.beam.state,
    }),
  },
});
