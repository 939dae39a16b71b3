// Selections with known probabilities, as the host sends them: five words, a long one, odd ones.
import type { ScoreSummary } from '../../../src/protocol/engine';
import type { ScoreSelectionContent, SelectionPart } from '../../../src/protocol/scoreSelection';
import type { ViewState } from '../../../src/protocol/views';

/** The five-word sentence whose numbers everybody can check. */
export const CHANCES = [0.01, 0.7, 0.3, 0.8, 0.6] as const;
const WORDS = ['The', ' rain', ' in', '\n', ' Spain'] as const;
const PART = 32_768;

function parts(scoring: number, logProb: Float32Array, id: (row: number) => number): SelectionPart[] {
  const rows = logProb.length;
  return Array.from({ length: Math.ceil(rows / PART) }, (_, at) => {
    const cut = logProb.slice(at * PART, (at + 1) * PART);
    return {
      scoring,
      from: at * PART,
      rows,
      id: Int32Array.from(cut, (__, row) => id(at * PART + row)),
      logProb: cut,
    };
  });
}

function summaryOf(logProb: Float32Array, bytes: number): ScoreSummary {
  const scored = logProb.filter((term) => !Number.isNaN(term)).length;
  const nll = -logProb.reduce((sum, term) => (Number.isNaN(term) ? sum : sum + term), 0);
  return {
    family: 'transformer',
    model: '/workspace/.arlens/runs/almanac/example',
    device: 'simd (native avx2, 2 threads)',
    unit: 'token',
    likelihood: 'exact',
    tokens: logProb.length,
    scored,
    bytes,
    unknown: 0,
    nll,
    bitsPerByte: nll / Math.LN2 / bytes,
    perplexity: Math.exp(nll / scored),
    context: 64,
    stride: 32,
    vocabulary: 257,
    rescored: scored,
  };
}

interface Sent {
  readonly content: ScoreSelectionContent;
  readonly parts: readonly SelectionPart[];
}

function sentence(changes: Partial<ScoreSelectionContent> = {}): Sent {
  const logProb = Float32Array.from(CHANCES, Math.log);
  return {
    parts: parts(1, logProb, (row) => row),
    content: {
      document: 'file:///workspace/rain.md',
      model: '/workspace/.arlens/runs/almanac/example',
      file: 'rain.md',
      label: 'almanac example',
      scoring: 1,
      what: 'selection',
      range: { start: 240, end: 258 },
      from: { line: 7, column: 1 },
      to: { line: 7, column: 19 },
      widened: { before: 0, behind: 0 },
      first: 52,
      summary: summaryOf(logProb, 18),
      texts: WORDS.map((text, id) => [id, text] as const),
      pinned: false,
      stale: false,
      selected: -1,
      ...changes,
    },
  };
}

/** As many tokens as a megabyte of bytes has. */
export const LONG_ROWS = 2 ** 20;
const termOf = (row: number): number => -0.05 - 3 * ((row * 0.6180339887) % 1) ** 3;

function long(): Sent {
  const logProb = Float32Array.from({ length: LONG_ROWS }, (_, row) => termOf(row));
  const { content } = sentence();
  return {
    parts: parts(2, logProb, (row) => row % WORDS.length),
    content: { ...content, scoring: 2, first: 0, summary: summaryOf(logProb, LONG_ROWS) },
  };
}

/** The first token has no context, the last is a stand-in, whole tokens reach beyond the selection. */
function odd(): Sent {
  const logProb = Float32Array.of(NaN, Math.log(1e-9), Math.log(0.999999), -745);
  const { content } = sentence();
  return {
    parts: parts(3, logProb, (row) => row),
    content: {
      ...content,
      scoring: 3,
      first: 0,
      what: 'line',
      file: 'a-file-with-a-very-long-name-that-has-to-be-broken-somewhere-or-it-would-not-fit.md',
      widened: { before: 1, behind: 2 },
      summary: { ...summaryOf(logProb, 11), unknown: 1, likelihood: 'bound' },
      texts: [
        [0, '\\xF0'],
        [1, '\u200d\u0301'],
        [2, ' a very long token that will not fit into its column'],
        [3, '\t\n'],
      ],
      pinned: true,
      stale: true,
      share: 0.4,
      selected: 1,
    },
  };
}

const SENT: Readonly<Record<string, () => Sent>> = {
  result: () => sentence(),
  selected: () => sentence({ selected: 3, pinned: true }),
  one: () => {
    const logProb = Float32Array.of(Math.log(0.5));
    const { content } = sentence();
    return {
      parts: parts(4, logProb, () => 0),
      content: { ...content, scoring: 4, first: 1, summary: summaryOf(logProb, 1) },
    };
  },
  odd,
  long,
};

export const selectionState = (name: string): ViewState<ScoreSelectionContent> | undefined => {
  const sent = SENT[name]?.();
  return sent === undefined ? undefined : { kind: 'result', content: sent.content };
};

export const selectionParts = (name: string): readonly SelectionPart[] => SENT[name]?.().parts ?? [];
