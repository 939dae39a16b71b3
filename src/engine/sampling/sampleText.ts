// The `sample` call: text from a model, token by token, with each token's log-probability under the model itself.
// The loop and the filters are decoding's; here are the prompt, the context and the words around them.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Tokenizer } from '../../data/tokenizer';
import { generate, keepLatestHalf, type GenerateOptions } from '../../decoding/generate';
import { largestSums, type GumbelDraw } from '../../decoding/gumbel';
import type { Decoder } from '../../families/family';
import type { CallContext } from '../../protocol/calls';
import { ArLensError } from '../../protocol/errors';
import type {
  BeamReport,
  DrawCandidate,
  SampledElement,
  SampleParams,
  SampleProgress,
  SampleResult,
  Stopped,
} from '../../protocol/sample';
import type { LoadedModel } from '../models/modelFolder';
import { beamText } from './beamText';
import { recomputingDecoder } from './recomputingDecoder';
import { AT_LENGTH, StopWatch } from './stops';
import { TextStream } from './textStream';

export const LONGEST_SAMPLE = 1_000_000;
const MOST_SAMPLES = 1000;
const MOST_CANDIDATES = 1000;
/** Milliseconds between looks at the event loop: a cancel must be heard within 200. */
const TURN_MILLISECONDS = 25;

type Sampled = Pick<LoadedModel, 'family' | 'model' | 'tokenizer'>;

export async function sampleText(
  loaded: Sampled,
  params: SampleParams,
  context: CallContext<SampleProgress>,
): Promise<SampleResult> {
  const { family, model, tokenizer } = loaded;
  checkCounts(params);
  const decoder = params.cache === false ? recomputingDecoder(model) : model.decoder?.();
  if (!decoder) {
    throw new ArLensError(
      'unsupported',
      `The family "${family.id}" has no decoder, so its models cannot continue a text.`,
    );
  }
  const elements: SampledElement[][] = [];
  const stopped: Stopped[] = [];
  let beam: BeamReport | undefined;
  const began = performance.now();
  try {
    if (params.beam !== undefined) {
      const prompt = promptTokens(loaded, params.prompt);
      const found = await beamText(loaded, decoder, prompt, params, context);
      elements.push(...found.elements);
      stopped.push(...found.stopped);
      beam = found.beam;
    } else {
      for (let sample = 0; sample < (params.count ?? 1); sample++) {
        const one = await oneSample(loaded, decoder, params, sample, context);
        elements.push(one.drawn);
        stopped.push(one.stopped);
      }
    }
  } finally {
    decoder.dispose();
  }
  const seconds = (performance.now() - began) / 1000;
  return {
    texts: elements.map((drawn) => tokenizer.decode(drawn.map(({ id }) => id))),
    seed: params.seed,
    elements,
    stopped,
    elementsPerSecond: elements.reduce((sum, drawn) => sum + drawn.length, 0) / seconds,
    likelihood: family.likelihood,
    ...(beam ? { beam } : {}),
  };
}

/** The prompt's tokens behind a BOS, or the BOS alone. @throws ArLensError where a model has nothing to start from. */
export function promptTokens(
  { tokenizer }: Pick<Sampled, 'tokenizer'>,
  prompt: string | undefined,
): number[] {
  const encoded = prompt === undefined || prompt === '' ? [] : [...tokenizer.encode(prompt).ids];
  const tokens = tokenizer.bos === undefined ? encoded : [tokenizer.bos, ...encoded];
  if (tokens.length > 0) return tokens;
  throw new ArLensError(
    'badInput',
    'prompt: expected a text to continue, because this model has no BOS token, got none.',
  );
}

async function oneSample(
  { model, tokenizer }: Sampled,
  decoder: Decoder,
  params: SampleParams,
  sample: number,
  context: CallContext<SampleProgress>,
): Promise<{ readonly drawn: SampledElement[]; readonly stopped: Stopped }> {
  const watch = new StopWatch(tokenizer, params);
  const { temperature = 1, topK, topP, minP, repetitionPenalty, seed, length, draws } = params;
  // When the context is full the latest half is fed anew; the BOS goes with what is dropped.
  const options: GenerateOptions = {
    prompt: promptTokens({ tokenizer }, params.prompt),
    length,
    seed,
    // Each sample has draws of its own, wherever the ones before it stopped.
    firstDraw: sample * length,
    slide: keepLatestHalf(model.contextLength),
    signal: context.signal,
    stop: (id) => watch.push(id),
    temperature,
    ...(topK === undefined ? {} : { topK }),
    ...(topP === undefined ? {} : { topP }),
    ...(minP === undefined ? {} : { minP }),
    ...(repetitionPenalty === undefined ? {} : { repetitionPenalty }),
  };
  const stream = new TextStream(tokenizer);
  const drawn: SampledElement[] = [];
  let turn = performance.now();
  for await (const { id, logProb, filtered, draw, last } of generate(decoder, options)) {
    const opened =
      draws === undefined ? {} : { draw: openDraw(tokenizer, filtered.probability, draw, draws) };
    const element = { id, logProb, ...opened };
    drawn.push(element);
    await context.progress({ sample, text: stream.push(id, last), element });
    if (performance.now() - turn > TURN_MILLISECONDS) {
      await nextTurn();
      turn = performance.now();
    }
  }
  return { drawn, stopped: watch.stopped ?? AT_LENGTH };
}

function openDraw(
  tokenizer: Tokenizer,
  probability: Float64Array,
  draw: GumbelDraw,
  count: number,
): DrawCandidate[] {
  return largestSums(draw, count).map((id) => ({
    id,
    text: tokenizer.tokenText(id),
    logProb: Math.log(probability[id] ?? 0),
    noise: draw.noise[id] ?? NaN,
    sum: draw.sum[id] ?? NaN,
  }));
}

function checkCounts({ length, count, seed, draws }: SampleParams): void {
  const check = (name: string, value: number, least: number, most: number): void => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw new ArLensError(
      'badInput',
      `${name}: expected a whole number from ${least} to ${most}, got ${value}.`,
    );
  };
  check('length', length, 1, LONGEST_SAMPLE);
  check('count', count ?? 1, 1, MOST_SAMPLES);
  check('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  check('draws', draws ?? 1, 1, MOST_CANDIDATES);
}
