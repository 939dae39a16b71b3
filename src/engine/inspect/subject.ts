// What `mask` and `check` look into: a loaded model with its own weights, or a spec's architecture with random ones.
// A spec's data is not read: its vocabulary changes no connectivity, so a stand-in serves where a text would decide it.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { randomizeWeights } from '../../analysis/randomWeights';
import { byteTokenizer, characterTokenizer, type Tokenizer } from '../../data/tokenizer';
import type { Family, Model, TextFacts } from '../../families/family';
import type { InspectSubject } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type { EngineContext } from '../context';
import type { ModelCache } from '../models/modelCache';
import { readBounded } from '../models/modelFiles';
import { sizeProblem } from '../spec/limits';
import { requireStart } from '../spec/initialize';
import { requireSpec } from '../spec/spec';
import { deviceWords } from '../training/deviceWords';

export interface Subject {
  readonly family: Family;
  readonly config: Parameters<Family['taps']>[0];
  readonly facts: TextFacts;
  readonly tokenizer: Tokenizer;
  /** With its own weights, or random ones. */
  readonly model: Model;
  readonly weights: 'own' | 'random';
  readonly device: string;
  /** Rows of a training batch, where a spec says it. */
  readonly batch?: number;
  /** The data decides the vocabulary, and was not read. */
  readonly standIn?: boolean;
}

const LARGEST_SPEC = 4_000_000;
/** Stands in for the characters that a corpus would have. */
const CHARACTERS = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('') + '\n';

/** Opens what `params` names and runs `work` with it. */
export async function withSubject<T>(
  params: InspectSubject,
  { context, models }: { readonly context: EngineContext; readonly models: ModelCache },
  work: (subject: Subject) => Promise<T>,
): Promise<T> {
  if ('model' in params) {
    const device = deviceWords(await context.device());
    return models.use(params.model, ({ family, facts, tokenizer, model }) => {
      const config = model.config as Subject['config'];
      return work({ family, config, facts, tokenizer, model, weights: 'own', device });
    });
  }
  const written = requireSpec(await readSpecText(params), params.spec);
  if (written.domain === 'image') {
    throw new ArLensError(
      'unsupported',
      `${params.spec}: ${written.family.title} is a model of images, and this looks into models of texts.`,
    );
  }
  const { spec, start } = await requireStart(written, params.spec);
  const tokenizer =
    start?.tokenizer ??
    (spec.data.tokenizer === 'character' ? characterTokenizer(CHARACTERS) : byteTokenizer());
  const { vocabulary, bos } = tokenizer;
  const facts = start?.facts ?? { vocabulary, ...(bos === undefined ? {} : { bos }) };
  const tooLarge = sizeProblem({ family: spec.family, model: spec.model, vocabulary });
  if (tooLarge !== undefined) throw new ArLensError('badInput', `${params.spec}: model: ${tooLarge}.`);
  const device = deviceWords(await context.device(spec.device));
  const { batchSize: batch } = spec.train;
  const standIn = start === undefined && spec.data.tokenizer !== 'byte';
  const about = { family: spec.family, config: spec.model, facts, tokenizer, device, batch, standIn };
  return withRandomModel(spec.family, spec.model, facts, (model) =>
    work({ ...about, model, weights: 'random' }),
  );
}

/** A spec as it stands in an editor, or as it lies on disk. */
export async function readSpecText(params: {
  readonly spec: string;
  readonly text?: string;
}): Promise<string> {
  if (params.text !== undefined) return params.text;
  const bytes = await readBounded(params.spec, LARGEST_SPEC, 'a spec file');
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

async function withRandomModel<T>(
  family: Family,
  config: Subject['config'],
  facts: TextFacts,
  work: (model: Model) => Promise<T>,
): Promise<T> {
  const model = family.build(config, facts, 1);
  try {
    randomizeWeights(model, 1);
    return await work(model);
  } finally {
    model.dispose();
  }
}

/** Between two pieces of work: lets others run, and ends when the caller has cancelled. */
export function pauseOf(signal: AbortSignal): () => Promise<void> {
  return async () => {
    await nextTurn();
    if (signal.aborted) throw new ArLensError('cancelled', 'Looking into the model was cancelled.');
  };
}
