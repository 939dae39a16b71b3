// The horizontal lines a loss curve is read against: what one knows without a model.
// Counts come from the training part, figures from the validation block, so that they compare with the curve.
import type { Floor } from '../../protocol/run';

/** Pseudo-counts of the unigram: one for each symbol. */
const ADDED = 1;
/** Weight of the unigram in each context of the bigram, in counts. */
const BACK_OFF = 1;

interface FloorInput {
  readonly train: Int32Array;
  readonly validation: Int32Array;
  /** Ids that a text can hold: the vocabulary without its special tokens. */
  readonly symbols: number;
  readonly vocabulary: number;
  /** What one element is called, in the plural. */
  readonly elements: string;
  readonly knownFloor?: number;
}

/** Nats per element. Uniform, unigram, bigram, and the source's own entropy rate where the spec says it. */
export function floorsOf(input: FloorInput): Floor[] {
  const { train, validation, symbols, vocabulary, elements, knownFloor } = input;
  const single = new Float64Array(vocabulary);
  for (const id of train) single[id] = (single[id] ?? 0) + 1;
  const total = train.length + ADDED * vocabulary;
  const unigram = (id: number): number => ((single[id] ?? 0) + ADDED) / total;
  const pairs = pairCounts(train, vocabulary);
  const bigram = (before: number, id: number): number =>
    (pairs(before, id) + BACK_OFF * unigram(id)) / ((single[before] ?? 0) + BACK_OFF);
  const floors: Floor[] = [
    { label: `uniform over ${symbols} ${elements}`, nats: Math.log(symbols) },
    { label: 'unigram of the training part (add-one)', nats: mean(validation, (_, id) => unigram(id)) },
    { label: 'bigram of the training part (backed off to the unigram)', nats: mean(validation, bigram) },
  ];
  if (knownFloor !== undefined) floors.push({ label: 'entropy rate of the source', nats: knownFloor });
  return floors;
}

/** Mean −ln p over the block; its first element has none before it and takes −1, which no count knows. */
function mean(ids: Int32Array, probability: (before: number, id: number) => number): number {
  let sum = 0;
  for (let at = 0; at < ids.length; at++) sum -= Math.log(probability(ids[at - 1] ?? -1, ids[at] ?? 0));
  return sum / ids.length;
}

function pairCounts(ids: Int32Array, vocabulary: number): (before: number, id: number) => number {
  const key = (before: number, id: number): number => before * vocabulary + id;
  if (vocabulary <= 1024) {
    const table = new Float64Array(vocabulary * vocabulary);
    for (let at = 1; at < ids.length; at++) {
      const pair = key(ids[at - 1] ?? 0, ids[at] ?? 0);
      table[pair] = (table[pair] ?? 0) + 1;
    }
    return (before, id) => (before < 0 ? 0 : (table[key(before, id)] ?? 0));
  }
  const table = new Map<number, number>();
  for (let at = 1; at < ids.length; at++) {
    const pair = key(ids[at - 1] ?? 0, ids[at] ?? 0);
    table.set(pair, (table.get(pair) ?? 0) + 1);
  }
  return (before, id) => (before < 0 ? 0 : (table.get(key(before, id)) ?? 0));
}
