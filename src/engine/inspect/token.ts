// The `inspect` call: what a model expected at one token of a text, and where it looked. Computed in the very window
// in which `score` scores the token, by the same code, so the numbers are the same. Knows no view.
import type { Encoded, Tokenizer } from '../../data/tokenizer';
import type { CallContext } from '../../protocol/calls';
import type { InspectParams, SeenToken, TokenInspection } from '../../protocol/inspect';
import { ArLensError } from '../../protocol/errors';
import type { LoadedModel } from '../models/modelFolder';
import { checkedBytes, checkedStride, checkedTokens, checkedTop } from '../scoring/scoreText';
import { withBos } from '../scoring/sequenceScores';
import { requireLikelihood, scoreWindows } from '../scoring/windowScorer';
import { windowAt, windowOf, type Windowing } from '../scoring/windows';
import { attendedTokens } from './attended';

const TOP = 20;
const ATTENDED = 5;
const MOST = 50;
/** Documents whose texts are kept between two questions: a window has few editors side by side. */
const TEXTS_KEPT = 3;

/** The texts of the last inspected documents: a cursor that moves asks often, and the text is the same each time. */
export class InspectedTexts {
  private readonly texts = new Map<string, { readonly version: number; readonly text: string }>();
  /** The last tokenised text. */
  private encoded:
    { readonly text: string; readonly tokenizer: Tokenizer; readonly value: Encoded } | undefined;

  textOf({ text, document, version }: Pick<InspectParams, 'text' | 'document' | 'version'>): string {
    if (text !== undefined) {
      if (document !== undefined && version !== undefined) this.keep(document, { version, text });
      return text;
    }
    const kept = document === undefined ? undefined : this.texts.get(document);
    if (kept === undefined || kept.version !== version) {
      throw new ArLensError(
        'notFound',
        'The text of this version is not kept: expected it with the question.',
      );
    }
    return kept.text;
  }

  encode(text: string, tokenizer: Tokenizer): Encoded {
    if (this.encoded?.text !== text || this.encoded.tokenizer !== tokenizer) {
      this.encoded = { text, tokenizer, value: tokenizer.encode(text) };
    }
    return this.encoded.value;
  }

  forget(document: string): void {
    this.texts.delete(document);
    if (this.texts.size === 0) this.encoded = undefined;
  }

  private keep(document: string, entry: { readonly version: number; readonly text: string }): void {
    this.texts.delete(document);
    this.texts.set(document, entry);
    for (const oldest of this.texts.keys()) {
      if (this.texts.size <= TEXTS_KEPT) break;
      this.texts.delete(oldest);
    }
  }
}

export interface InspectSetting {
  readonly loaded: LoadedModel;
  readonly device: string;
  readonly inspected: InspectedTexts;
}

export async function inspectToken(
  { loaded, device, inspected }: InspectSetting,
  params: InspectParams,
  { signal }: Pick<CallContext<never>, 'signal'>,
): Promise<TokenInspection> {
  const { family, model, tokenizer } = loaded;
  requireLikelihood(family, model);
  const stride = checkedStride(params.stride, model.contextLength);
  const top = checkedTop(params.top ?? TOP, model.vocabulary);
  const attended = checkedAttended(params.attended ?? ATTENDED);
  const text = inspected.textOf(params);
  checkedBytes(text);
  const encoded = checkedTokens(inspected.encode(text, tokenizer), tokenizer);
  const tokens = encoded.ids.length;
  const { token } = params;
  if (!Number.isInteger(token) || token < 0 || token >= tokens) {
    throw new ArLensError(
      'badInput',
      `token: expected a whole number from 0 to ${tokens - 1}, got ${token}.`,
    );
  }
  const sequence = withBos(encoded.ids, tokenizer.bos);
  const offset = sequence.length - tokens;
  const position = token + offset;
  const windowing: Windowing = { length: sequence.length, context: model.contextLength, stride };
  const window = windowAt(windowing, windowOf(windowing, position));
  const seen = (place: number) => seenToken(tokenizer, encoded, sequence, place, offset);
  const facts = {
    family: family.id,
    model: loaded.folder,
    device,
    likelihood: family.likelihood,
    vocabulary: model.vocabulary,
    context: model.contextLength,
    stride,
    tokens,
    at: {
      ...seen(position),
      byteStart: encoded.byteStart[token] ?? 0,
      byteEnd: encoded.byteEnd[token] ?? 0,
    },
    before: position - window.start,
  };
  if (position === 0) {
    return { ...facts, scored: null, attention: { none: 'Nothing stands before this token to look at.' } };
  }
  const request = [{ window, positions: [position] }];
  const scores = await scoreWindows(model, sequence, model.contextLength, request, top);
  const [logProb = NaN] = scores.logProb;
  if (Number.isNaN(logProb)) {
    throw new ArLensError(
      'badInput',
      `${loaded.folder}: expected logits that are numbers, got NaN at token ${token}.`,
    );
  }
  if (signal.aborted) throw new ArLensError('cancelled', 'Inspecting was cancelled.');
  const most = Array.from(scores.topId, (id, k) => ({
    id,
    text: tokenizer.tokenText(id),
    logProb: scores.topLogProb[k] ?? NaN,
  }));
  const mass = most.reduce((sum, each) => sum + Math.exp(each.logProb), 0);
  return {
    ...facts,
    scored: {
      logProb,
      entropy: scores.entropy[0] ?? NaN,
      rank: scores.rank[0] ?? 0,
      top: most,
      // Float32 log-probabilities may add up to a hair over 1; a mass is never negative.
      rest: {
        count: model.vocabulary - most.length,
        mass: most.length === model.vocabulary ? 0 : Math.max(0, 1 - mass),
      },
    },
    attention: await attendedTokens(loaded, sequence.subarray(window.start, position), attended, (place) =>
      seen(window.start + place),
    ),
  };
}

function seenToken(
  tokenizer: Tokenizer,
  encoded: Encoded,
  sequence: Int32Array,
  position: number,
  offset: number,
): SeenToken {
  const id = sequence[position] ?? 0;
  const token = position - offset;
  const [start, end] = token < 0 ? [0, 0] : [encoded.start[token] ?? 0, encoded.end[token] ?? 0];
  return { token, id, text: tokenizer.tokenText(id), start, end };
}

function checkedAttended(attended: number): number {
  if (Number.isInteger(attended) && attended >= 0 && attended <= MOST) return attended;
  throw new ArLensError('badInput', `attended: expected a whole number from 0 to ${MOST}, got ${attended}.`);
}
