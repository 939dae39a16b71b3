// The `sample` call: text from a model, token by token, with each token's log-probability under the model itself.
// The loop and the filters are decoding's; here are the prompt, the context and the words around them.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { generate, keepLatestHalf, type GenerateOptions } from '../../decoding/generate';
import type { Decoder } from '../../families/family';
import { Rng } from '../../math/rng';
import type { CallContext } from '../../protocol/calls';
import type {
  BeamReport,
  SampledElement,
  SampleParams,
  SampleProgress,
  SampleResult,
} from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type { LoadedModel } from '../models/modelFolder';
import { beamText } from './beamText';
import { recomputingDecoder } from './recomputingDecoder';
import { TextStream } from './textStream';

export const LONGEST_SAMPLE = 1_000_000;
const MOST_SAMPLES = 1000;
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
  let beam: BeamReport | undefined;
  const random = new Rng(params.seed);
  const began = performance.now();
  try {
    if (params.beam !== undefined) {
      const prompt = promptTokens(loaded, params.prompt);
      const found = await beamText(loaded, decoder, prompt, params, context);
      elements.push(...found.elements);
      beam = found.beam;
    } else {
      for (let sample = 0; sample < (params.count ?? 1); sample++) {
        elements.push(await oneSample(loaded, decoder, random, params, sample, context));
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
  random: Rng,
  params: SampleParams,
  sample: number,
  context: CallContext<SampleProgress>,
): Promise<SampledElement[]> {
  // When the context is full the latest half is fed anew; the BOS goes with what is dropped.
  const options: GenerateOptions = {
    prompt: promptTokens({ tokenizer }, params.prompt),
    length: params.length,
    random,
    slide: keepLatestHalf(model.contextLength),
    signal: context.signal,
    temperature: params.temperature ?? 1,
    ...(params.topK === undefined ? {} : { topK: params.topK }),
    ...(params.topP === undefined ? {} : { topP: params.topP }),
    ...(params.minP === undefined ? {} : { minP: params.minP }),
  };
  const stream = new TextStream(tokenizer);
  const drawn: SampledElement[] = [];
  let turn = performance.now();
  for await (const { id, logProb } of generate(decoder, options)) {
    const element = { id, logProb };
    drawn.push(element);
    await context.progress({ sample, text: stream.push(id, drawn.length === params.length), element });
    if (performance.now() - turn > TURN_MILLISECONDS) {
      await nextTurn();
      turn = performance.now();
    }
  }
  return drawn;
}

function checkCounts({ length, count, seed }: SampleParams): void {
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
}
