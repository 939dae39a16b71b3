// One step of sampling laid open: the distribution after a path, what each filter does to it, and what the seed draws.
// The same filters, draws and sliding context as `sample`, so that the same seed and settings give the same text.
import { logSoftmax } from '../../decoding/distribution';
import { drawnFrom } from '../../decoding/drawnFrom';
import type { Filtered } from '../../decoding/filter';
import { keepLatestHalf } from '../../decoding/generate';
import { gumbelDraw } from '../../decoding/gumbel';
import { ArLensError } from '../../protocol/errors';
import type {
  SamplerElement,
  SamplerForceParams,
  SamplerStep,
  SamplerStepParams,
} from '../../protocol/sampler';
import type { LoadedModel } from '../models/modelFolder';
import { promptTokens } from '../sampling/sampleText';
import { samplerOpenDraw } from './samplerOpenDraw';
import { drawnFromOptions, massWhere, softmaxInputs, stagesOf, stageSummary } from './samplerStages';
import type { StepDecoders } from './stepDecoders';

export const LONGEST_PATH = 100_000;
const DEFAULT_TOP = 20;
const MOST_TOP = 100;

export type Sampled = Pick<LoadedModel, 'family' | 'model' | 'tokenizer'>;

export interface SamplerParts {
  readonly loaded: Sampled;
  readonly decoders: StepDecoders;
}

/** The next distribution with everything that is shown of it. */
export async function samplerStep(parts: SamplerParts, params: SamplerStepParams): Promise<SamplerStep> {
  const { loaded } = parts;
  const { logits, seen, window } = await distributionAfter(parts, params);
  const { settings, path } = params;
  const { family, tokenizer } = loaded;
  const tokenText = (id: number): string => tokenizer.tokenText(id);
  const stages = stagesOf(logits, seen, settings);
  const model = stages[0]?.probability ?? new Float64Array(0);
  const final = stages.at(-1)?.probability ?? model;
  const ids = candidates(model, final, params.top ?? DEFAULT_TOP);
  const draw = gumbelDraw(final, settings.seed, path.length);
  return {
    index: path.length,
    text: tokenizer.decode(path),
    vocabulary: model.length,
    id: ids,
    texts: Array.from(ids, tokenText),
    logits: softmaxInputs(logits, seen, settings, ids),
    stages: stages.map((stage, index) => stageSummary(stage, stages[index - 1]?.probability, ids, seen)),
    keptMass: massWhere(model, (each) => (final[each] ?? 0) > 0),
    drawn: element(loaded, draw.winner, logSoftmax(logits), final),
    draw: samplerOpenDraw(draw, final, ids, tokenText),
    end: tokenizer.end === undefined ? '' : tokenText(tokenizer.end),
    window,
    context: loaded.model.contextLength,
    likelihood: family.likelihood,
    family: family.title,
  };
}

/** What is drawn next, without what is shown of it: all that a run needs. */
export async function samplerDraw(parts: SamplerParts, params: SamplerStepParams): Promise<SamplerElement> {
  const { probability, logProb } = await finalAfter(parts, params);
  const { winner } = gumbelDraw(probability, params.settings.seed, params.path.length);
  return element(parts.loaded, winner, logProb, probability);
}

/** What choosing `id` would be: its log-probabilities, also where the filters cut it. */
export async function samplerForce(parts: SamplerParts, params: SamplerForceParams): Promise<SamplerElement> {
  const { probability, logProb } = await finalAfter(parts, params);
  checkId(params.id, logProb.length);
  return element(parts.loaded, params.id, logProb, probability);
}

async function finalAfter(parts: SamplerParts, params: SamplerStepParams): Promise<Filtered> {
  const { logits, seen } = await distributionAfter(parts, params);
  return drawnFrom(logits, seen, drawnFromOptions(params.settings));
}

async function distributionAfter({ loaded, decoders }: SamplerParts, params: SamplerStepParams) {
  const { model } = loaded;
  const { path, settings } = params;
  if (path.length > LONGEST_PATH) {
    throw new ArLensError('badInput', `path: expected at most ${LONGEST_PATH} elements, got ${path.length}.`);
  }
  for (const id of path) checkId(id, model.vocabulary);
  if (!Number.isSafeInteger(settings.seed) || settings.seed < 0) {
    throw new ArLensError('badInput', `seed: expected a whole number of at least 0, got ${settings.seed}.`);
  }
  const prompt = promptTokens(loaded, params.prompt);
  const elements = [...prompt, ...path];
  const window = windowOf(elements, prompt.length, model.contextLength);
  const logits = await decoders.logitsAfter(model, window);
  return { logits, seen: new Set(elements), window: window.length };
}

/** What `sample` would have fed by now: whenever the context was full, its latest half was fed anew. */
export function windowOf(elements: readonly number[], prompt: number, context: number): readonly number[] {
  const half = keepLatestHalf(context);
  let length = prompt > context ? half(elements.slice(0, prompt)).length : prompt;
  for (let at = prompt; at < elements.length; at++) {
    length = length < context ? length + 1 : half(elements.slice(0, at + 1)).length;
  }
  return elements.slice(elements.length - length);
}

/** Likeliest to be drawn first, then by the model's probability, then the lower id. */
function candidates(model: Float64Array, final: Float64Array, top: number): Int32Array {
  if (!Number.isInteger(top) || top < 1 || top > MOST_TOP) {
    throw new ArLensError('badInput', `top: expected a whole number from 1 to ${MOST_TOP}, got ${top}.`);
  }
  return Int32Array.from({ length: model.length }, (_, id) => id)
    .sort((a, b) => (final[b] ?? 0) - (final[a] ?? 0) || (model[b] ?? 0) - (model[a] ?? 0) || a - b)
    .slice(0, top);
}

function element(
  { tokenizer }: Sampled,
  id: number,
  logProb: Float64Array,
  final: Float64Array,
): SamplerElement {
  const drawn = final[id] ?? 0;
  return {
    id,
    text: tokenizer.tokenText(id),
    logProb: logProb[id] ?? -Infinity,
    drawnLogProb: drawn > 0 ? Math.log(drawn) : null,
  };
}

export function checkId(id: number, vocabulary: number): void {
  if (Number.isInteger(id) && id >= 0 && id < vocabulary) return;
  throw new ArLensError('badInput', `path: expected ids from 0 to ${vocabulary - 1}, got ${id}.`);
}
