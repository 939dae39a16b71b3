// What is measured: nanoGPT's CPU configuration, a training step of it and sampling one stream from it.
// Sizes stand here once; the peer's script is told them. Knows no peer.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Rng } from '../../math/rng';
import { generate, keepLatestHalf } from '../../decoding/generate';
import type { Model } from '../../families/family';
import { transformer } from '../../families/transformer/family';
import { recomputingDecoder } from '../sampling/recomputingDecoder';
import { ArLensError } from '../../protocol/errors';
import type { TrainSpec } from '../spec/schema';
import { OptimizerLoop } from '../training/optimizerLoop';
import { textBatches } from '../training/textBatches';

export const SIZES = {
  layers: 4,
  heads: 4,
  width: 128,
  contextLength: 64,
  batchSize: 12,
  vocabulary: 65,
} as const;

export const TRAIN: TrainSpec = {
  steps: 1000,
  batchSize: SIZES.batchSize,
  accumulate: 1,
  learningRate: 1e-3,
  decayTo: 0.1,
  warmupSteps: 100,
  weightDecay: 0.1,
  beta1: 0.9,
  beta2: 0.99,
  clip: 1,
  seed: 1,
  evaluateEvery: 1000,
  evaluateTokens: 2,
  sampleEvery: 0,
  sampleLength: 1,
  samplePrompt: '',
  sampleTemperature: 1,
  checkpointEvery: 1000,
};

export interface Times {
  /** Milliseconds. The smallest of many is what the machine can do; the median says how it was loaded. */
  readonly least: number;
  readonly median: number;
  readonly runs: number;
}

/** Forward, backward, clipping and AdamW of one batch. */
export async function timeTrainStep(runs: number, signal: AbortSignal): Promise<Times> {
  return withSteps((step) => timed(runs, signal, step));
}

/** The same on whatever device is current, for about so many milliseconds. @returns the median step's milliseconds */
export async function timeSteps(milliseconds: number, signal: AbortSignal): Promise<number> {
  return withSteps(async (step) => {
    for (let run = 0; run < 2; run++) await step(); // programs are compiled, memory is taken
    const times: number[] = [];
    for (let spent = 0; spent < milliseconds; spent += times.at(-1) ?? milliseconds) {
      await nextTurn();
      if (signal.aborted) throw new ArLensError('cancelled', 'The measurement was cancelled.');
      const began = performance.now();
      await step();
      times.push(performance.now() - began);
    }
    times.sort((a, b) => a - b);
    return times[Math.floor(times.length / 2)] ?? NaN;
  });
}

async function withSteps<T>(work: (step: () => Promise<unknown>) => Promise<T>): Promise<T> {
  const model = benchModel();
  const rng = new Rng(1);
  const ids = Int32Array.from({ length: 20_000 }, () => rng.integer(SIZES.vocabulary));
  const text = { ids, starts: new Uint32Array(0) };
  const loop = new OptimizerLoop(textBatches(model, { vocabulary: SIZES.vocabulary }, text, TRAIN), TRAIN);
  try {
    let step = 0;
    return await work(() => loop.step(++step));
  } finally {
    loop.dispose();
    model.dispose();
  }
}

/** One stream of `length` tokens from a single one; with the cache or recomputing the context each time. */
export async function timeSampling(
  length: number,
  cached: boolean,
  runs: number,
  signal: AbortSignal,
): Promise<Times> {
  const model = benchModel();
  const decoder = cached ? model.decoder?.() : recomputingDecoder(model);
  try {
    if (!decoder) throw new Error('timeSampling: expected a model with a decoder, got one without');
    return await timed(runs, signal, async () => {
      const slide = keepLatestHalf(SIZES.contextLength);
      for await (const _ of generate(decoder, { prompt: [0], length, seed: 2, slide, temperature: 0.8 }))
        void _;
    });
  } finally {
    decoder?.dispose();
    model.dispose();
  }
}

function benchModel(): Model {
  const { layers, heads, width, contextLength, vocabulary } = SIZES;
  return transformer.build({ layers, heads, width, contextLength, dropout: 0 }, { vocabulary }, 1);
}

const WARM_UP = 3;

async function timed(runs: number, signal: AbortSignal, work: () => Promise<unknown>): Promise<Times> {
  const times: number[] = [];
  for (let run = -WARM_UP; run < runs; run++) {
    await nextTurn(); // or Ctrl-C would be heard when all is over
    if (signal.aborted) throw new ArLensError('cancelled', 'The benchmark was cancelled.');
    const began = performance.now();
    await work();
    if (run >= 0) times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return { least: times[0] ?? NaN, median: times[Math.floor(runs / 2)] ?? NaN, runs };
}
