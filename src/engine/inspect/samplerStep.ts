// One step of sampling laid open: the distribution after a path, what each filter does to it, and what the seed draws.
// The same filters, draws and sliding context as `sample`, so that the same seed and settings give the same text.
import { argmax, logSoftmax, type LogitsLike } from '../../decoding/distribution';
import { filter, type Filtered, type FilterOptions } from '../../decoding/filter';
import { keepLatestHalf, pick } from '../../decoding/generate';
import { penalise } from '../../decoding/penalty';
import { entropy, logSumExp } from '../../math/information';
import { Rng } from '../../math/rng';
import { ArLensError } from '../../protocol/errors';
import type {
  SamplerElement,
  SamplerForceParams,
  SamplerLogits,
  SamplerSettings,
  SamplerStage,
  SamplerStageKind,
  SamplerStep,
  SamplerStepParams,
} from '../../protocol/sampler';
import type { LoadedModel } from '../models/modelFolder';
import { promptTokens } from '../sampling/sampleText';
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
  const stages = stagesOf(logits, seen, settings);
  const model = stages[0]?.probability ?? new Float64Array(0);
  const final = stages.at(-1)?.probability ?? model;
  const uniform = uniformAt(settings.seed, path.length);
  const ids = candidates(model, final, params.top ?? DEFAULT_TOP);
  const id = draw(final, settings, uniform);
  return {
    index: path.length,
    text: loaded.tokenizer.decode(path),
    vocabulary: model.length,
    id: ids,
    texts: Array.from(ids, (each) => loaded.tokenizer.tokenText(each)),
    logits: softmaxInputs(penalise(logits, seen, settings.repetitionPenalty), settings.temperature, ids),
    stages: stages.map((stage, index) => summary(stage, stages[index - 1]?.probability, ids)),
    keptMass: massWhere(model, (each) => (final[each] ?? 0) > 0),
    drawn: element(loaded, id, logSoftmax(logits), final),
    uniform,
    window,
    context: loaded.model.contextLength,
    likelihood: loaded.family.likelihood,
    family: loaded.family.title,
  };
}

/** What is drawn next, without what is shown of it: all that a run needs. */
export async function samplerDraw(parts: SamplerParts, params: SamplerStepParams): Promise<SamplerElement> {
  const { final, logProb } = await finalAfter(parts, params);
  const { settings, path } = params;
  const id = draw(final, settings, uniformAt(settings.seed, path.length));
  return element(parts.loaded, id, logProb, final);
}

/** What choosing `id` would be: its log-probabilities, also where the filters cut it. */
export async function samplerForce(parts: SamplerParts, params: SamplerForceParams): Promise<SamplerElement> {
  const { final, logProb } = await finalAfter(parts, params);
  checkId(params.id, logProb.length);
  return element(parts.loaded, params.id, logProb, final);
}

async function finalAfter(parts: SamplerParts, params: SamplerStepParams) {
  const { logits, seen } = await distributionAfter(parts, params);
  const { settings } = params;
  const { probability } = filter(penalise(logits, seen, settings.repetitionPenalty), filterOptions(settings));
  return { final: probability, logProb: logSoftmax(logits) };
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
  const seen = [...prompt, ...path];
  const window = windowOf(seen, prompt.length, model.contextLength);
  const logits = await decoders.logitsAfter(model, window);
  return { logits, seen, window: window.length };
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

/** The draw of this index: `sample` takes one number per element, whatever was chosen before. */
export function uniformAt(seed: number, index: number): number {
  const random = new Rng(seed);
  for (let skipped = 0; skipped < index; skipped++) random.uniform();
  return random.uniform();
}

function draw(final: Float64Array, { temperature }: SamplerSettings, uniform: number): number {
  return temperature === 0 ? argmax(final) : pick(final, { uniform: () => uniform });
}

interface Stage {
  readonly by: SamplerStageKind;
  readonly probability: Float64Array;
  readonly cut: { readonly count: number; readonly mass: number };
}

const NO_CUT = { count: 0, mass: 0 };

/** The distribution after every stage that is on. Each is `filter` with one option more: one definition of all of them. */
function stagesOf(logits: LogitsLike, seen: readonly number[], settings: SamplerSettings): Stage[] {
  const { repetitionPenalty, temperature, topK, topP, minP } = settings;
  const stages: Stage[] = [{ by: 'model', probability: filter(logits).probability, cut: NO_CUT }];
  const penalised = penalise(logits, seen, repetitionPenalty);
  if (repetitionPenalty !== 1) {
    stages.push({ by: 'penalty', probability: filter(penalised).probability, cut: NO_CUT });
  }
  let options: FilterOptions = { temperature };
  const add = (by: SamplerStageKind, more: FilterOptions): void => {
    options = { ...options, ...more };
    const { probability, cuts }: Filtered = filter(penalised, options);
    stages.push({ by, probability, cut: cuts.find((each) => each.by === by) ?? NO_CUT });
  };
  add('temperature', {});
  if (topK !== undefined) add('topK', { topK });
  if (topP !== undefined) add('topP', { topP });
  if (minP !== undefined) add('minP', { minP });
  return stages;
}

function softmaxInputs(logits: LogitsLike, temperature: number, ids: Int32Array): SamplerLogits {
  const divisor = temperature === 0 ? 1 : temperature;
  return {
    value: Float64Array.from(ids, (id) => logits[id] ?? NaN),
    logSum: logSumExp(Float64Array.from(logits, (logit) => logit / divisor)),
  };
}

function filterOptions({ temperature, topK, topP, minP }: SamplerSettings): FilterOptions {
  return {
    temperature,
    ...(topK === undefined ? {} : { topK }),
    ...(topP === undefined ? {} : { topP }),
    ...(minP === undefined ? {} : { minP }),
  };
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

function summary(
  { by, probability, cut }: Stage,
  before: Float64Array | undefined,
  ids: Int32Array,
): SamplerStage {
  const listed = new Set(ids);
  // Temperature 0 keeps one: a cut like any other, though no filter made it.
  const argmaxCut = by === 'temperature' && before !== undefined && cut === NO_CUT;
  const lost = (id: number): boolean => (before?.[id] ?? 0) > 0 && probability[id] === 0;
  return {
    by,
    probability: Float64Array.from(ids, (id) => probability[id] ?? 0),
    tail: massWhere(probability, (id) => !listed.has(id)),
    kept: countWhere(probability, (id) => (probability[id] ?? 0) > 0),
    cutCount: argmaxCut ? countWhere(probability, lost) : cut.count,
    cutMass: argmaxCut ? massWhere(before, lost) : cut.mass,
    entropy: entropy(probability),
  };
}

function massWhere(probability: Float64Array, holds: (id: number) => boolean): number {
  return probability.reduce((sum, value, id) => (holds(id) ? sum + value : sum), 0);
}

function countWhere(probability: Float64Array, holds: (id: number) => boolean): number {
  return probability.reduce((count, _, id) => (holds(id) ? count + 1 : count), 0);
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

function checkId(id: number, vocabulary: number): void {
  if (Number.isInteger(id) && id >= 0 && id < vocabulary) return;
  throw new ArLensError('badInput', `path: expected ids from 0 to ${vocabulary - 1}, got ${id}.`);
}
