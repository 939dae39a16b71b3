// Training rows as a pure function of (seed, step, row): no order, no state to save, the same after a resume.
// Knows token ids only.
import { ArLensError } from '../protocol/errors';
import { integerAt, uniformAt } from '../math/counterRng';
import type { Tokenizer } from './tokenizer';

/** This share of the rows starts with BOS, so that a model learns how texts begin. */
export const BOS_ROW_SHARE = 0.1;

export interface BatchOptions {
  readonly seed: number;
  readonly step: number;
  /** Rows to make: B. */
  readonly batchSize: number;
  /** The first row's number within the step: with it, accumulated batches are the rows of one large batch. */
  readonly firstRow?: number;
  /** T. */
  readonly contextLength: number;
  readonly bos: number | undefined;
  /** Where a row with BOS may start, ascending; anywhere when absent or when none leaves room for a row. */
  readonly starts?: Uint32Array;
}

/** `targets[b · T + t]` follows `inputs[b · T + t]` in the text. */
export interface TrainingBatch {
  readonly inputs: Int32Array; // [B, T]
  readonly targets: Int32Array; // [B, T]
}

const WHERE_STREAM = 0x77686572;
const BOS_STREAM = 0x626f7300;

/** @throws ArLensError when the text is shorter than one row. */
export function trainingBatch(tokens: Int32Array, options: BatchOptions): TrainingBatch {
  const { seed, step, batchSize, firstRow = 0, contextLength, bos, starts } = options;
  requireOneRow(tokens.length, contextLength);
  const inputs = new Int32Array(batchSize * contextLength);
  const targets = new Int32Array(batchSize * contextLength);
  const where = WHERE_STREAM ^ step;
  // A row with BOS needs one token fewer: its first target may be any token of the text.
  const last = tokens.length - contextLength;
  const usable = starts === undefined ? 0 : countUpTo(starts, last);
  const beginning = (number: number): number =>
    usable > 0
      ? (starts?.[integerAt(seed, where, number, usable)] ?? 0)
      : integerAt(seed, where, number, last + 1);
  for (let row = 0; row < batchSize; row++) {
    const number = firstRow + row;
    const startsWithBos = bos !== undefined && uniformAt(seed, BOS_STREAM ^ step, number) < BOS_ROW_SHARE;
    const offset = startsWithBos
      ? beginning(number)
      : integerAt(seed, where, number, tokens.length - contextLength);
    const at = row * contextLength;
    if (startsWithBos) {
      inputs[at] = bos;
      inputs.set(tokens.subarray(offset, offset + contextLength - 1), at + 1);
      targets.set(tokens.subarray(offset, offset + contextLength), at);
    } else {
      inputs.set(tokens.subarray(offset, offset + contextLength), at);
      targets.set(tokens.subarray(offset + 1, offset + contextLength + 1), at);
    }
  }
  return { inputs, targets };
}

/** How many of ascending values are at most `limit`. */
function countUpTo(ascending: Uint32Array, limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? Infinity) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function requireOneRow(tokens: number, contextLength: number): void {
  if (tokens <= contextLength) {
    throw new ArLensError(
      'badInput',
      `data.source: expected at least ${contextLength + 1} tokens to train on (model.contextLength + 1), got ${tokens}.`,
    );
  }
}

export interface JoinedTokens {
  readonly ids: Int32Array;
  /** Tokens of the texts themselves: without the BOS between them. */
  readonly tokens: number;
  readonly unknown: number;
  /** Offsets in `ids` where a document or a line starts: a row of training with BOS in front begins there. */
  readonly starts: Uint32Array;
}

/** Encodes documents one after another, with BOS between two of them but not in front of the first. */
export function joinDocuments(tokenizer: Tokenizer, texts: readonly string[]): JoinedTokens {
  const parts = texts.map((text) => tokenizer.encode(text));
  const tokens = parts.reduce((sum, { ids }) => sum + ids.length, 0);
  const separators = tokenizer.bos === undefined ? 0 : Math.max(0, parts.length - 1);
  const ids = new Int32Array(tokens + separators);
  let at = 0;
  parts.forEach((part, index) => {
    if (index > 0 && tokenizer.bos !== undefined) ids[at++] = tokenizer.bos;
    ids.set(part.ids, at);
    at += part.ids.length;
  });
  return {
    ids,
    starts: lineStarts(ids, tokenizer),
    tokens,
    unknown: parts.reduce((sum, { unknown }) => sum + unknown, 0),
  };
}

function lineStarts(ids: Int32Array, tokenizer: Tokenizer): Uint32Array {
  // A vocabulary may hold several ends of a line, alone and behind other characters.
  const endsLine = Uint8Array.from({ length: tokenizer.vocabulary }, (_, id) =>
    Number(id === tokenizer.bos || tokenizer.tokenText(id).endsWith('\n')),
  );
  const starts: number[] = [];
  for (let at = 0; at < ids.length; at++) {
    const isStart = at === 0 || endsLine[ids[at - 1] ?? 0] === 1;
    if (isStart && endsLine[ids[at] ?? 0] !== 1) starts.push(at);
  }
  return Uint32Array.from(starts);
}
