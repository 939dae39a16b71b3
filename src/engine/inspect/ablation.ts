// The `ablation` call: one token under the model when it sees only the last few tokens before it. Every row is scored by
// the one scorer, in a window of the same length as `score` uses, so that the numbers are those of the shortened text.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { unigramMarginal } from '../../analysis/information/baselines';
import { contextLengths, pointwiseGain, type Seen } from '../../analysis/information/contextLengths';
import { natsToBits } from '../../math/information';
import type { Model } from '../../families/family';
import type { CallContext } from '../../protocol/calls';
import { ArLensError } from '../../protocol/errors';
import type { AblationGain, AblationParams, AblationReport, AblationRow } from '../../protocol/information';
import type { LoadedModel } from '../models/modelFolder';
import { checkedBytes, checkedStride, checkedTokens } from '../scoring/scoreText';
import { withBos } from '../scoring/sequenceScores';
import { requireLikelihood, scoreWindows } from '../scoring/windowScorer';
import { windowAt, windowOf, type Windowing } from '../scoring/windows';
import type { InspectedTexts } from './token';

/** Logits of one batch, in bytes, and windows of it: a cancel is heard between two. */
const LOGITS_BYTES = 16 * 2 ** 20;
const MOST_WINDOWS = 8;

/** What the model reads before the token: so many of the text's last tokens, after BOS or after nothing. */
interface Context {
  readonly tokens: number;
  readonly start: boolean;
}

export interface AblationSetting {
  readonly loaded: LoadedModel;
  readonly device: string;
  readonly inspected: InspectedTexts;
}

export async function ablateContext(
  { loaded, device, inspected }: AblationSetting,
  params: AblationParams,
  { signal }: Pick<CallContext<never>, 'signal'>,
): Promise<AblationReport> {
  const { family, model, tokenizer } = loaded;
  requireLikelihood(family, model);
  const stride = checkedStride(params.stride, model.contextLength);
  const text = inspected.textOf(params);
  checkedBytes(text);
  const { ids, start, end } = checkedTokens(inspected.encode(text, tokenizer), tokenizer);
  const { token } = params;
  if (!Number.isInteger(token) || token < 0 || token >= ids.length) {
    throw new ArLensError(
      'badInput',
      `token: expected a whole number from 0 to ${ids.length - 1}, got ${token}.`,
    );
  }
  const { bos } = tokenizer;
  const contexts = contextsOf(token, ids.length, bos !== undefined, model.contextLength, stride);
  const id = ids[token] ?? 0;
  const all = [...(contexts.full === null ? [] : [contexts.full]), ...contexts.withStart, ...contexts.alone];
  const sequences = all.map((context) => {
    const before = ids.slice(token - context.tokens, token + 1);
    return context.start ? withBos(before, bos) : before;
  });
  const seen = await scoreLast(model, sequences, signal);
  const unigram = unigramMarginal(ids, id);
  const zero = all.findIndex(({ tokens, start: begins }) => begins && tokens === 0);
  const alone = seen[zero] ?? null;
  const row = (context: Context): AblationRow => {
    const now = seen[all.indexOf(context)];
    if (now === undefined) throw new Error('ablateContext: expected a score for every context');
    const gain = { model: alone && gainOf(alone, now), unigram: gainOf(unigram, now) };
    return { ...context, ...now, gain };
  };
  if (seen.some(({ logProb }) => Number.isNaN(logProb))) {
    throw new ArLensError(
      'badInput',
      `${loaded.folder}: expected logits that are numbers, got NaN at token ${token}.`,
    );
  }
  return {
    family: family.id,
    model: loaded.folder,
    device,
    likelihood: family.likelihood,
    context: model.contextLength,
    stride,
    tokens: ids.length,
    bos: bos !== undefined,
    at: { token, id, text: tokenizer.tokenText(id), start: start[token] ?? 0, end: end[token] ?? 0 },
    full: contexts.full && row(contexts.full),
    withStart: contexts.withStart.map(row),
    alone: contexts.alone.map(row),
    marginals: { model: alone, unigram },
  };
}

/** `full` is the window in which `score` scores the token; no other row sees farther back than it does. */
function contextsOf(
  token: number,
  tokens: number,
  bos: boolean,
  context: number,
  stride: number,
): { readonly full: Context | null; readonly withStart: Context[]; readonly alone: Context[] } {
  const position = token + Number(bos);
  const windowing: Windowing = { length: tokens + Number(bos), context, stride };
  const window = windowAt(windowing, windowOf(windowing, position));
  const begins = bos && window.start === 0;
  const before = position - window.start - Number(begins);
  const full = position === 0 ? null : { tokens: before, start: begins };
  // BOS takes a place of the context - 1 that a window has before its last token.
  const most = Math.min(before, context - 2);
  const withStart = bos ? contextLengths(most).map((length) => ({ tokens: length, start: true })) : [];
  const alone = contextLengths(before)
    .filter((length) => length > 0)
    .map((length) => ({ tokens: length, start: false }));
  return { full, withStart, alone };
}

/** The last element of each sequence, in nats. */
async function scoreLast(
  model: Model,
  sequences: readonly Int32Array[],
  signal: AbortSignal,
): Promise<Seen[]> {
  const { contextLength, vocabulary } = model;
  const fitting = Math.floor(LOGITS_BYTES / (4 * vocabulary * contextLength));
  const batch = Math.max(1, Math.min(MOST_WINDOWS, fitting));
  const found: Seen[] = [];
  for (let from = 0; from < sequences.length; from += batch) {
    if (signal.aborted) throw new ArLensError('cancelled', 'Shortening the context was cancelled.');
    const part = sequences.slice(from, from + batch);
    const joined = new Int32Array(part.length * contextLength);
    const requests = part.map((sequence, index) => {
      const start = index * contextLength;
      joined.set(sequence, start);
      const last = start + sequence.length - 1;
      return { window: { index, start, from: start + 1, to: start + contextLength }, positions: [last] };
    });
    const { logProb, entropy } = await scoreWindows(model, joined, contextLength, requests, 0);
    part.forEach((_, index) =>
      found.push({ logProb: logProb[index] ?? NaN, entropy: entropy[index] ?? NaN }),
    );
    await nextTurn();
  }
  return found;
}

function gainOf(marginal: Seen, context: Seen): AblationGain {
  const { entropy, token } = pointwiseGain(marginal, context);
  return { entropyBits: natsToBits(entropy), tokenBits: natsToBits(token) };
}
