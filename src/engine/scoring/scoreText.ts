// The `score` call: a text's likelihood under a model, token by token, what the editor shows first.
// Keeps the last scored versions of each document, so that after an edit only what can change is computed again.
import type { Encoded, Tokenizer } from '../../data/tokenizer';
import { measure } from '../../data/encoded';
import type { CallContext } from '../../protocol/calls';
import type { ScoreParams, ScoreProgress, ScoreSummary } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import { NATS_PER_BIT } from '../../protocol/figure';
import type { LoadedModel } from '../models/modelFolder';
import { reuseScores, type SnapshotStore } from './reuse';
import { cutColumns, emptyColumns, type ScoreColumns } from './scoreColumns';
import { negativeLogLikelihood, scoreSequence, withBos, type Rows } from './sequenceScores';
import { requireLikelihood } from './windowScorer';
import { defaultStride, windowOf, type Windowing } from './windows';

/**
 * The longest text that is scored, in UTF-8 bytes. Each token keeps about a hundred bytes of places, scores and
 * alternatives, twice while they travel: 16 MiB of text is about the memory an editor's helper may take.
 */
export const LONGEST_TEXT = 16 * 2 ** 20;
const MOST_ALTERNATIVES = 50;

export interface ScoreSetting {
  readonly loaded: Omit<LoadedModel, 'info'>;
  /** Tells the model's contents apart. */
  readonly version: string;
  readonly device: string;
  readonly snapshots: SnapshotStore;
}

export async function scoreText(
  { loaded, version, device, snapshots }: ScoreSetting,
  params: ScoreParams,
  context: CallContext<ScoreProgress>,
): Promise<ScoreSummary> {
  const { family, model, tokenizer } = loaded;
  requireLikelihood(family, model);
  const stride = checkedStride(params.stride, model.contextLength);
  const top = checkedTop(params.top, model.vocabulary);
  const bytes = checkedBytes(params.text);
  const encoded = checkedTokens(tokenizer.encode(params.text), tokenizer);
  const sequence = withBos(encoded.ids, tokenizer.bos);
  const offset = sequence.length - encoded.ids.length;
  const windowing: Windowing = { length: sequence.length, context: model.contextLength, stride };
  const rows = rowsIn(encoded, params.only);
  const tokens = rows.to - rows.from;
  const columns = emptyColumns(encoded.ids.length, top);
  // Where scores depend on how long a window is, they carry over between texts of one length only.
  const length = model.dependsOnLength ? sequence.length : 0;
  const key = [version, device, stride, top, length].join('\n');
  const kept = params.document === undefined ? [] : snapshots.of(params.document);
  for (const snapshot of kept) {
    if (snapshot.key === key) reuseScores(snapshot, sequence, columns, windowing, offset);
  }
  const report = reporter(tokenizer, encoded, columns, tokens, context);
  let rescored: number;
  try {
    rescored = await scoreSequence({
      model,
      sequence,
      windowing,
      offset,
      columns,
      rows,
      firstWindow: firstWindow(params, encoded, windowing, offset),
      signal: context.signal,
      onRows: report,
    });
  } finally {
    // Kept even when cancelled: what was computed until then holds for the next version too.
    // A part must not push out the whole that is kept.
    if (params.document !== undefined && params.only === undefined)
      snapshots.keep(params.document, { key, sequence, columns });
  }
  const { nll, scored } = negativeLogLikelihood(columns, rows);
  if (Number.isNaN(nll)) {
    throw new ArLensError(
      'badInput',
      `${loaded.folder}: expected logits that are numbers, got NaN for some token.`,
    );
  }
  const scoredBytes = params.only === undefined ? bytes : bytesOf(encoded, rows);
  return {
    family: family.id,
    model: loaded.folder,
    device,
    unit: 'token',
    likelihood: family.likelihood,
    tokens,
    scored,
    bytes: scoredBytes,
    unknown: params.only === undefined ? encoded.unknown : unknownIn(tokenizer, encoded, rows),
    nll,
    bitsPerByte: nll / NATS_PER_BIT / scoredBytes,
    perplexity: Math.exp(nll / scored),
    context: model.contextLength,
    stride,
    vocabulary: model.vocabulary,
    rescored,
  };
}

/** Sends finished rows, and the text of each id the first time it occurs in what is sent. */
function reporter(
  tokenizer: Tokenizer,
  encoded: Encoded,
  columns: ScoreColumns,
  tokens: number,
  context: CallContext<ScoreProgress>,
): (from: number, to: number) => Promise<void> {
  const sent = new Uint8Array(tokenizer.vocabulary);
  let done = 0;
  return async (from, to) => {
    const scores = cutColumns(columns, encoded, from, to);
    const texts: Array<readonly [number, string]> = [];
    for (const ids of [scores.id, scores.topId]) {
      for (const id of ids) {
        if (sent[id] === 1) continue;
        sent[id] = 1;
        texts.push([id, tokenizer.tokenText(id)]);
      }
    }
    done += to - from;
    await context.progress({ scores, texts, done, tokens });
  };
}

/** The window that scores the first token the reader sees. */
function firstWindow(params: ScoreParams, encoded: Encoded, windowing: Windowing, offset: number): number {
  if (!params.first) return 0;
  const row = firstRow(encoded.end, params.first.start + 1);
  return windowOf(windowing, Math.min(row + offset, windowing.length - 1));
}

/** The tokens that overlap a UTF-16 range: whole tokens, also where the range cuts one. */
function rowsIn({ ids, start, end }: Encoded, only: ScoreParams['only']): Rows {
  if (only === undefined) return { from: 0, to: ids.length };
  const range = `[${only.start}, ${only.end})`;
  if (
    !Number.isInteger(only.start) ||
    !Number.isInteger(only.end) ||
    only.start < 0 ||
    only.end <= only.start
  )
    throw new ArLensError('badInput', `only: expected a range of at least one UTF-16 unit, got ${range}.`);
  const rows = { from: firstRow(end, only.start + 1), to: firstRow(start, only.end) };
  if (rows.to > rows.from) return rows;
  throw new ArLensError('badInput', `only: expected a range inside the text, got ${range}.`);
}

/** The first row whose offset is at least `least`. Offsets never fall. */
function firstRow(offsets: Uint32Array, least: number): number {
  let low = 0;
  let high = offsets.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

const bytesOf = ({ byteStart, byteEnd }: Encoded, { from, to }: Rows): number =>
  (byteEnd[to - 1] ?? 0) - (byteStart[from] ?? 0);

function unknownIn(tokenizer: Tokenizer, { ids }: Encoded, { from, to }: Rows): number {
  return ids.subarray(from, to).reduce((count, id) => (id === tokenizer.unknown ? count + 1 : count), 0);
}

export function checkedStride(stride: number | undefined, context: number): number {
  if (stride === undefined) return defaultStride(context);
  if (Number.isInteger(stride) && stride >= 1 && stride <= Math.max(1, context - 1)) return stride;
  throw new ArLensError(
    'badInput',
    `stride: expected a whole number from 1 to ${context - 1} (the context less one), got ${stride}.`,
  );
}

export function checkedTop(top: number | undefined, vocabulary: number): number {
  const wanted = top ?? 0;
  if (!Number.isInteger(wanted) || wanted < 0 || wanted > MOST_ALTERNATIVES) {
    throw new ArLensError(
      'badInput',
      `top: expected a whole number from 0 to ${MOST_ALTERNATIVES}, got ${top}.`,
    );
  }
  return Math.min(wanted, vocabulary);
}

export function checkedBytes(text: string): number {
  if (text.length === 0)
    throw new ArLensError('badInput', 'The text is empty: expected at least one character.');
  const tooLong = (size: string) =>
    new ArLensError(
      'badInput',
      `The text is too long: expected at most ${LONGEST_TEXT} bytes (16 MiB), because every token's scores are kept in memory; got ${size}.`,
      'Score a part of it.',
    );
  if (text.length > LONGEST_TEXT) throw tooLong(`more than ${text.length}`);
  const { bytes } = measure(text);
  if (bytes > LONGEST_TEXT) throw tooLong(String(bytes));
  return bytes;
}

/** A tokenizer may drop all of a text, and a first token without a BOS has nothing before it. */
export function checkedTokens(encoded: Encoded, tokenizer: Tokenizer): Encoded {
  const tokens = encoded.ids.length;
  if (tokens === 0) {
    throw new ArLensError(
      'badInput',
      'The text is empty to this model: expected at least one token, got a text that its tokenizer drops.',
    );
  }
  if (tokenizer.bos === undefined && tokens < 2) {
    throw new ArLensError(
      'badInput',
      'The text is too short: expected at least two tokens for a model without a BOS token, got one.',
    );
  }
  return encoded;
}
