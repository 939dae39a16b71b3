// Counts of the (order + 1)-grams of a sequence as one sorted sparse list. Knows no tensor and no model.

/** Distinct grams in ascending order, each written as a number in base V with its oldest symbol most significant. */
export interface GramCounts {
  readonly keys: Float64Array;
  readonly counts: Float64Array;
}

/** Above this many possible grams a dense table would cost more than sorting. */
const DENSE_LIMIT = 2 ** 25;
const CHUNK = 2 ** 22;

/** @param elements each in [0, vocabulary), vocabulary^length at most 2⁵³ */
export function countGrams(elements: Int32Array, length: number, vocabulary: number): GramCounts {
  const possible = vocabulary ** length;
  if (possible <= DENSE_LIMIT) return countDensely(elements, length, vocabulary, possible);
  let all: GramCounts = { keys: new Float64Array(0), counts: new Float64Array(0) };
  for (let start = length - 1; start < elements.length; start += CHUNK) {
    const end = Math.min(start + CHUNK, elements.length);
    const keys = new Float64Array(end - start);
    forEachGram(elements, length, vocabulary, start, end, (key, at) => (keys[at - start] = key));
    all = merge(all, runLengths(keys.sort()));
  }
  return all;
}

function countDensely(
  elements: Int32Array,
  length: number,
  vocabulary: number,
  possible: number,
): GramCounts {
  const table = new Uint32Array(possible);
  let distinct = 0;
  forEachGram(elements, length, vocabulary, length - 1, elements.length, (key) => {
    const count = table[key] as number;
    if (count === 0) distinct++;
    table[key] = count + 1;
  });
  const keys = new Float64Array(distinct);
  const counts = new Float64Array(distinct);
  let next = 0;
  for (let key = 0; key < possible; key++) {
    const count = table[key] as number;
    if (count === 0) continue;
    keys[next] = key;
    counts[next++] = count;
  }
  return { keys, counts };
}

/** Visits the gram that ends at each place in [start, end). */
function forEachGram(
  elements: Int32Array,
  length: number,
  vocabulary: number,
  start: number,
  end: number,
  visit: (key: number, at: number) => void,
): void {
  for (let at = start; at < end; at++) {
    let key = 0;
    for (let i = at - length + 1; i <= at; i++) key = key * vocabulary + (elements[i] as number);
    visit(key, at);
  }
}

function runLengths(sorted: Float64Array): GramCounts {
  const keys = new Float64Array(sorted.length);
  const counts = new Float64Array(sorted.length);
  let last = -1;
  for (const key of sorted) {
    if (last < 0 || keys[last] !== key) keys[++last] = key;
    counts[last] = (counts[last] as number) + 1;
  }
  return { keys: keys.slice(0, last + 1), counts: counts.slice(0, last + 1) };
}

function merge(a: GramCounts, b: GramCounts): GramCounts {
  const keys = new Float64Array(a.keys.length + b.keys.length);
  const counts = new Float64Array(keys.length);
  let next = 0;
  for (let i = 0, j = 0; i < a.keys.length || j < b.keys.length; next++) {
    const left = a.keys[i] ?? Infinity;
    const right = b.keys[j] ?? Infinity;
    keys[next] = Math.min(left, right);
    if (left <= right) counts[next] = (counts[next] as number) + (a.counts[i++] as number);
    if (right <= left) counts[next] = (counts[next] as number) + (b.counts[j++] as number);
  }
  return { keys: keys.slice(0, next), counts: counts.slice(0, next) };
}
