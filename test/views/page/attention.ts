// Made-up but plausible attention for the Attention view's pictures and tests: causal rows that sum to 1.
import type { AttentionContent } from '../../../src/protocol/attentionView';
import type { AttentionKind, AttentionMap, SmallAttention } from '../../../src/protocol/engine';
import type { ViewState } from '../../../src/protocol/views';

const WORDS =
  'The| animal| did|n|’t| cross| the| street| because| it| was| too| tired|,| and| the| driver|\n|\twaited| until| it| had| moved| away'.split(
    '|',
  );
const DOTS = 64;

/** The logit of a head for (row, column): a sink, the token before, a window, everything, or the same token. */
const HABITS: ReadonlyArray<(row: number, column: number) => number> = [
  (_, column) => (column === 0 ? 4.5 : 0),
  (row, column) => (column === row - 1 ? 5 : column === row ? 1.5 : 0),
  (row, column) => -0.5 * (row - column),
  () => 0,
  (row, column) => (column > 0 && wordAt(column - 1) === wordAt(row) ? 6 : column === 0 ? 3 : 0),
];

const wordAt = (position: number) => WORDS[position % WORDS.length] ?? '';

/** Between 0 and 1, the same for the same place. */
function noise(row: number, column: number, map: number): number {
  let x = Math.imul(row * 2053 + column + 1, 0x9e3779b1) ^ Math.imul(map + 7, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d);
  return ((x ^ (x >>> 12)) >>> 0) / 2 ** 32;
}

/** The packed triangle of a head. */
export function headValues(length: number, map: number): Float32Array {
  const values = new Float32Array((length * (length + 1)) / 2);
  const habit = HABITS[(map * 7 + (map >> 3)) % HABITS.length] ?? (() => 0);
  for (let row = 0, at = 0; row < length; row++) {
    let sum = 0;
    for (let column = 0; column <= row; column++) {
      const weight = Math.exp(habit(row, column) + 0.9 * noise(row, column, map));
      values[at + column] = weight;
      sum += weight;
    }
    for (let column = 0; column <= row; column++, at++) values[at] = (values[at] ?? 0) / sum;
  }
  return values;
}

/** What the softmax of a row was given. */
export function headScores(position: number, map: number): Float32Array {
  const habit = HABITS[(map * 7 + (map >> 3)) % HABITS.length] ?? (() => 0);
  return Float32Array.from(
    { length: position + 1 },
    (_, column) => habit(position, column) + 0.9 * noise(position, column, map),
  );
}

function entropies(values: Float32Array, length: number): Float64Array {
  const bits = new Float64Array(length);
  for (let row = 0, at = 0; row < length; row++) {
    for (let column = 0; column <= row; column++, at++) {
      const p = values[at] ?? 0;
      if (p > 0) bits[row] = (bits[row] ?? 0) - p * Math.log2(p);
    }
  }
  return bits;
}

const ceilings = (length: number, window = Infinity) =>
  Float64Array.from({ length }, (_, row) => Math.log2(Math.min(row + 1, window)));
const mean = (values: Float64Array) => values.reduce((sum, each) => sum + each, 0) / values.length;

export function mapOf(
  length: number,
  kind: AttentionKind,
  layer: number,
  head: number,
  heads: number,
): AttentionMap {
  const values = headValues(length, layer * heads + head);
  return { kind, layer, head, values, entropy: entropies(values, length), ceiling: ceilings(length) };
}

function smallOf(length: number, layers: number, columns: number): SmallAttention {
  const size = Math.min(length, DOTS);
  const dots = new Float32Array(layers * columns * size * size).fill(NaN);
  const entropy = new Float64Array(layers * columns);
  // Beyond the dots' number, a made-up map of their size is as good as a thinned-out one, and quicker.
  for (let map = 0; map < layers * columns; map++) {
    const values = headValues(size, map);
    entropy[map] = mean(entropies(values, size));
    for (let row = 0, at = 0; row < size; row++) {
      for (let column = 0; column <= row; column++, at++) {
        dots[map * size * size + row * size + column] = values[at] ?? NaN;
      }
    }
  }
  return { columns, size, dots, entropy, ceiling: new Float64Array(layers).fill(mean(ceilings(size))) };
}

export function attentionContent(
  length = 25,
  layers = 12,
  heads = 12,
  kind: AttentionKind = 'heads',
): AttentionContent {
  const look = { kind, layer: Math.min(5, layers - 1), head: kind === 'heads' ? Math.min(3, heads - 1) : 0 };
  const texts = Array.from({ length }, (_, i) => (i === 0 ? '<bos>' : wordAt(i - 1)));
  const ends = texts.map((_, i) => texts.slice(1, i + 1).join('').length);
  return {
    file: 'fable.md',
    model: 'shakespeare, step 6 240',
    document: 'file:///workspace/fable.md',
    folder: '/workspace/.arlens/runs/shakespeare/1',
    layers,
    heads,
    window: {
      start: 0,
      length,
      tokens: Math.max(240, length - 1),
      context: Math.max(256, length),
      stride: Math.max(256, length) / 2,
      bos: true,
      token: Int32Array.from({ length }, (_, i) => i - 1),
      texts,
      from: Uint32Array.from(ends, (end, i) => end - (i === 0 ? 0 : (texts[i] ?? '').length)),
      to: Uint32Array.from(ends),
    },
    look,
    small: smallOf(length, layers, kind === 'heads' ? heads : 1),
    map: mapOf(length, kind, look.layer, look.head, heads),
    selected: Math.min(10, length - 1),
    stale: false,
  };
}

export const SLIDING = 6;

/** The same map of a layer that sees so many positions at a time; the layers beside it see all before them. */
export function slidingContent(): AttentionContent {
  const content = attentionContent();
  const values = content.map.values.slice();
  for (let row = SLIDING; row < content.window.length; row++) {
    const at = (row * (row + 1)) / 2;
    values.fill(NaN, at, at + row - SLIDING + 1);
  }
  const { length } = content.window;
  const { look, small } = content;
  if (small === undefined) return content;
  const most = mean(ceilings(length, SLIDING));
  const own = (at: number) => Math.floor(at / small.columns) === look.layer;
  return {
    ...content,
    small: {
      ...small,
      entropy: small.entropy.map((bits, at) => (own(at) ? Math.min(bits, most) : bits)),
      ceiling: small.ceiling.map((all, layer) => (layer === look.layer ? most : all)),
    },
    map: {
      ...content.map,
      values,
      entropy: entropies(values, length),
      ceiling: ceilings(length, SLIDING),
    },
    selected: 20,
  };
}

/** What a token or a file's name may be, and XML may not. */
const HOSTILE = [
  '<bos>',
  '</text>',
  '&amp;',
  '"\'',
  '\u0000\u001b',
  '\udc00',
  '\ud83d',
  '\uffff',
  '<script>',
  ']]>',
];

const result = (content: AttentionContent) => (): ViewState<AttentionContent> => ({
  kind: 'result',
  content,
});

export const ATTENTION_STATES: Readonly<Record<string, () => ViewState<AttentionContent>>> = {
  empty: () => ({
    kind: 'empty',
    sentence: 'fable.md is not annotated: attention is shown for a text that a model has scored.',
    button: { label: 'Annotate Likelihood', command: 'arLens.annotate' },
  }),
  table: () => ({
    kind: 'empty',
    sentence:
      'A Markov table has no attention: it does not weigh the tokens before one another, so there is nobody to look at anybody.',
    button: { label: 'Annotate With…', command: 'arLens.annotateWith' },
  }),
  working: () => ({ kind: 'working', doing: 'Looking at the window of token 181', cancel: true }),
  result: () => result(attentionContent())(),
  long: () => result(attentionContent(256))(),
  longest: () => result(attentionContent(2048))(),
  rollout: () => result(attentionContent(25, 12, 12, 'rollout'))(),
  sliding: () => result(slidingContent())(),
  tiny: () => result(attentionContent(2, 1, 1))(),
  hostile: () => {
    const content = attentionContent(HOSTILE.length, 2, 2);
    const window = { ...content.window, texts: HOSTILE };
    return result({ ...content, window, file: HOSTILE.join(''), model: `]]>${HOSTILE.join(' ')}` })();
  },
  stale: () => {
    const { small, ...content } = attentionContent(256, 4, 4);
    return { kind: 'result', content: { ...content, selected: small === undefined ? 0 : -1, stale: true } };
  },
};
