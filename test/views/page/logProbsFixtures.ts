// Made-up but plausible scores of a text, in the parts that the host sends: one model by byte, one by word piece.
import type { ScoreSummary } from '../../../src/protocol/engine';
import type {
  LogProbsContent,
  LogProbsPart,
  LogProbsRun,
  LogProbsText,
} from '../../../src/protocol/logProbs';
import type { ViewState } from '../../../src/protocol/views';

export type Message =
  | readonly ['text', LogProbsText]
  | readonly ['part', LogProbsPart]
  | readonly ['cursor', { readonly offset: number | null }];

const PARAGRAPH = `Now is the winter of our discontent
Made glorious summer by this sun of York;
And all the clouds that lour'd upon our house
In the deep bosom of the ocean buried.

The xylophone quacked at 7 zebras; what a day! Ça alors, 世界 😀.
But I, that am not shaped for sportive tricks,
Nor made to court an amorous looking-glass.

`;
export const TEXT = PARAGRAPH.repeat(12);

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Offsets of each token of `text`: every byte, or every word with the space before it. */
function offsets(text: string, kind: 'byte' | 'word') {
  const [start, end, byteStart, byteEnd]: number[][] = [[], [], [], []] as number[][];
  const encoder = new TextEncoder();
  let [at, byte] = [0, 0];
  for (const piece of kind === 'byte' ? text : (text.match(/ ?[^\s]+|\s/gu) ?? [])) {
    const bytes = encoder.encode(piece).length;
    const tokens = kind === 'byte' ? bytes : 1;
    for (let i = 0; i < tokens; i++) {
      start?.push(at);
      end?.push(at + piece.length);
      byteStart?.push(byte + i);
      byteEnd?.push(kind === 'byte' ? byte + i + 1 : byte + bytes);
    }
    at += piece.length;
    byte += bytes;
  }
  return [start, end, byteStart, byteEnd].map((each) => Uint32Array.from(each ?? [])) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
}

export function scored(text: string, kind: 'byte' | 'word', slot: LogProbsPart['slot'], scoring: number) {
  const next = generator(scoring * 7 + 3);
  const [start, end, byteStart, byteEnd] = offsets(text, kind);
  const tokens = start.length;
  const odd = (offset: number) =>
    /xylophone|quacked|zebras|Ça|世|😀/u.test(text.slice(offset - 6, offset + 4));
  const logProb = Float32Array.from(start, (offset) => {
    const bits = kind === 'byte' ? 3.4 * next() ** 2 : 9 * next() ** 1.5;
    return -(bits + (odd(offset) ? 8.6 * next() : 0)) * Math.LN2;
  });
  const part: LogProbsPart = { slot, scoring, from: 0, tokens, start, end, byteStart, byteEnd, logProb };
  const nll = -logProb.reduce((sum, value) => sum + value, 0);
  const bytes = byteEnd.at(-1) ?? 0;
  const run = `/workspace/.arlens/runs/${kind}/1`;
  const summary: ScoreSummary = {
    family: 'transformer',
    model: run,
    device: 'simd (avx2, 2 threads)',
    unit: 'token',
    likelihood: 'exact',
    tokens,
    scored: tokens,
    bytes,
    unknown: slot === 'second' ? 36 : 0,
    nll,
    bitsPerByte: nll / Math.LN2 / bytes,
    perplexity: Math.exp(nll / tokens),
    context: 256,
    stride: 128,
    vocabulary: kind === 'byte' ? 257 : 5000,
    rescored: tokens,
  };
  return { part, run: { scoring, run, label: `${kind} 22 Nov 09:15`, summary } satisfies LogProbsRun };
}

const first = () => scored(TEXT, 'byte', 'first', 1);
const second = () => scored(TEXT, 'word', 'second', 2);

function content(): LogProbsContent {
  return {
    document: 'file:///workspace/winter.txt',
    file: 'winter.txt',
    first: first().run,
    comparison: { kind: 'none' },
    comparable: [{ run: second().run.run, label: second().run.label }],
    stale: false,
  };
}

export const LOG_PROBS_STATES: Readonly<Record<string, () => ViewState<LogProbsContent>>> = {
  empty: () => ({
    kind: 'empty',
    sentence: 'Scoring was cancelled.',
    button: { label: 'Show Log-Probs', command: 'arLens.showLogProbs' },
  }),
  result: () => ({ kind: 'result', content: content() }),
  compared: () => ({
    kind: 'result',
    content: { ...content(), comparison: { kind: 'result', second: second().run }, stale: true },
  }),
  comparing: () => ({
    kind: 'result',
    content: { ...content(), comparison: { kind: 'working', label: second().run.label, share: 0.37 } },
  }),
};

export const LOG_PROBS_METHODS = ['cancelCompare', 'refresh', 'select', 'compare'] as const;

/** What the host sends before the state. */
export function logProbsMessages(state: string): Message[] {
  if (LOG_PROBS_STATES[state]?.().kind !== 'result') return [];
  return [
    ['text', { scoring: 1, from: 0, length: TEXT.length, text: TEXT }],
    ['part', first().part],
    ...(state === 'compared' ? [['part', second().part] as const] : []),
  ];
}

/** A text of `tokens` bytes, in parts of 32 768 as the host cuts them, and the state that goes with it. */
export function largeMessages(tokens: number): { messages: Message[]; state: ViewState<LogProbsContent> } {
  const text = PARAGRAPH.replaceAll(/[^ -~\n]/g, 'x')
    .repeat(Math.ceil(tokens / PARAGRAPH.length) + 1)
    .slice(0, tokens);
  const { part, run } = scored(text, 'byte', 'first', 9);
  const messages: Message[] = [['text', { scoring: 9, from: 0, length: text.length, text }]];
  for (let from = 0; from < tokens; from += 32_768) {
    const cut = <Column extends { slice(from: number, to: number): Column }>(column: Column) =>
      column.slice(from, from + 32_768);
    messages.push([
      'part',
      {
        ...part,
        from,
        start: cut(part.start),
        end: cut(part.end),
        byteStart: cut(part.byteStart),
        byteEnd: cut(part.byteEnd),
        logProb: cut(part.logProb),
      },
    ]);
  }
  return { messages, state: { kind: 'result', content: { ...content(), first: run } } };
}
