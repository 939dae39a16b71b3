// A report on a text whose scores are made up and whose counts are not: the product's own analysis, in the page.
import { baselineSteps } from '../../../src/analysis/information/baselines';
import { dependenceSteps } from '../../../src/analysis/information/dependence';
import { classSteps } from '../../../src/analysis/information/tokenClasses';
import { reportOf } from '../../../src/engine/inspect/informationReport';
import type { AblationReport, AblationRow, InformationReport } from '../../../src/protocol/information';
import type { InformationAblation, InformationContent } from '../../../src/protocol/informationView';
import type { LogProbsText, ScoredPart } from '../../../src/protocol/logProbs';
import type { ViewState } from '../../../src/protocol/views';
import { scored, TEXT } from './logProbsFixtures';

export { TEXT };

function finish<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

export interface Analysed {
  readonly part: ScoredPart;
  readonly report: InformationReport;
}

const made = new Map<string, Analysed>();

/** The same every time for the same text. */
export function analysed(text: string): Analysed {
  const known = made.get(text);
  if (known !== undefined) return known;
  const { part, run } = scored(text, 'byte', 'first', 1);
  const { start, end, logProb } = part;
  const entropy = logProb.map((value, token) => 0.3 + 0.6 * Math.abs(Math.sin(token / 9)) - 0.2 * value);
  const ids = Int32Array.from(new TextEncoder().encode(text));
  const report = reportOf({
    summary: run.summary,
    symbols: 256,
    seed: 1,
    costs: finish(baselineSteps({ ids, symbols: 256, from: 0 })),
    classes: finish(classSteps({ text, start, end, logProb })),
    dependence: finish(dependenceSteps(ids, 1)),
    logProb,
    entropy,
  });
  const { byteStart, byteEnd, scoring, from, tokens } = part;
  const found = {
    part: { scoring, from, tokens, start, end, byteStart, byteEnd, logProb, entropy },
    report,
  };
  made.set(text, found);
  return found;
}

export const TOKEN = 40;

function row(tokens: number, start: boolean, surprisal: number, entropy: number): AblationRow {
  const gain = (marginalSurprisal: number, marginalEntropy: number) => ({
    tokenBits: marginalSurprisal - surprisal,
    entropyBits: marginalEntropy - entropy,
  });
  return {
    tokens,
    start,
    logProb: -surprisal * Math.LN2,
    entropy: entropy * Math.LN2,
    gain: { unigram: gain(5.2, 4.4), model: gain(7.9, 2.7) },
  };
}

/** With a start token: a context of one makes it less sure than none, and eight mislead it. */
export function ablationReport(token = TOKEN): AblationReport {
  const rows: ReadonlyArray<readonly [number, number, number]> = [
    [1, 4.1, 3.3],
    [2, 2.6, 2.4],
    [4, 1.7, 1.9],
    [8, 8.4, 1.2],
    [16, 0.9, 0.8],
    [32, 0.42, 0.51],
    [token, 0.31, 0.4],
  ];
  return {
    family: 'transformer',
    model: '/workspace/.arlens/runs/byte/1',
    device: 'simd (avx2, 2 threads)',
    likelihood: 'exact',
    context: 256,
    stride: 128,
    tokens: analysed(TEXT).part.tokens,
    bos: true,
    at: { token, id: 104, text: 'h', start: token, end: token + 1 },
    full: row(token, true, 0.31, 0.4),
    withStart: [row(0, true, 7.9, 2.7), ...rows.map(([n, s, e]) => row(n, true, s, e))],
    alone: rows.map(([n, s, e]) => row(n, false, s + 0.2, e + 0.1)),
    marginals: {
      model: { entropy: 2.7 * Math.LN2, logProb: -7.9 * Math.LN2 },
      unigram: { entropy: 4.4 * Math.LN2, logProb: -5.2 * Math.LN2 },
    },
  };
}

/** A model without a start token: no row of none, no marginal of its own. */
function bareAblation(token: number): AblationReport {
  const report = ablationReport(token);
  const alone = report.alone.map((each) => ({ ...each, gain: { ...each.gain, model: null } }));
  const first = token === 0;
  return {
    ...report,
    bos: false,
    withStart: [],
    alone: first ? [] : alone,
    full: first ? null : (alone.at(-1) ?? null),
    marginals: { ...report.marginals, model: null },
  };
}

function content(text: string, stale = false): InformationContent {
  const { report } = analysed(text);
  return {
    document: 'file:///workspace/winter.txt',
    file: 'winter.txt',
    run: report.summary.model,
    label: 'byte 22 Nov 09:15',
    scoring: 1,
    report,
    stale,
  };
}

interface Fixture {
  readonly text: string;
  readonly state: ViewState<InformationContent>;
  readonly token: number;
  readonly ablation: InformationAblation;
}

const shown = (
  text: string,
  token: number,
  ablation: InformationAblation,
  part: Partial<InformationContent> = {},
): Fixture => ({ text, state: { kind: 'result', content: { ...content(text), ...part } }, token, ablation });
const SHORT = 'q';

/** A text with characters that training never saw, edited since. */
function staleReport(): InformationReport {
  const { report } = analysed(TEXT);
  return { ...report, summary: { ...report.summary, unknown: 3 } };
}

export const INFORMATION_FIXTURES: Readonly<Record<string, () => Fixture>> = {
  result: () => shown(TEXT, TOKEN, { kind: 'result', report: ablationReport() }),
  working: () => ({
    text: '',
    state: { kind: 'working', doing: 'Measuring mutual information', share: 0.62, cancel: true },
    token: 0,
    ablation: { kind: 'none' },
  }),
  empty: () => ({
    text: '',
    state: {
      kind: 'empty',
      sentence: 'The analysis was cancelled.',
      button: { label: 'Show Information', command: 'arLens.showInformation' },
    },
    token: 0,
    ablation: { kind: 'none' },
  }),
  failed: () => ({
    text: '',
    state: {
      kind: 'failed',
      sentence: 'model.safetensors ends at byte 4 096, but its header promises 5 321 984.',
      button: { label: 'Show Information', command: 'arLens.showInformation' },
    },
    token: 0,
    ablation: { kind: 'none' },
  }),
  stale: () =>
    shown(TEXT, TOKEN, { kind: 'working', before: ablationReport() }, { stale: true, report: staleReport() }),
  shortening: () => shown(TEXT, 3, { kind: 'working', before: null }),
  refused: () =>
    shown(TEXT, 3, { kind: 'failed', sentence: 'The engine ended: killed by the system (SIGKILL).' }),
  bare: () => shown(TEXT, TOKEN, { kind: 'result', report: bareAblation(TOKEN) }),
  first: () => shown(TEXT, 0, { kind: 'result', report: bareAblation(0) }),
  short: () => shown(SHORT, 0, { kind: 'result', report: bareAblation(0) }),
};

export function informationMessages(
  name: string,
): Array<readonly ['text', LogProbsText] | readonly ['part', ScoredPart]> {
  const { text, state } = INFORMATION_FIXTURES[name]?.() ?? { text: '', state: { kind: 'empty' } };
  if (state.kind !== 'result') return [];
  return [
    ['text', { scoring: 1, from: 0, length: text.length, text }],
    ['part', analysed(text).part],
  ];
}

/** A text of a million bytes: what the view makes of it must not take long. */
export function largeAnalysed(tokens: number): {
  part: ScoredPart;
  text: string;
  content: InformationContent;
} {
  const text = TEXT.replaceAll(/[^ -~\n]/g, 'x')
    .repeat(Math.ceil(tokens / TEXT.length) + 1)
    .slice(0, tokens);
  const { part } = scored(text, 'byte', 'first', 9);
  const { start, end, byteStart, byteEnd, logProb } = part;
  const entropy = logProb.map((value) => 0.5 - 0.3 * value);
  return {
    text,
    part: { scoring: 9, from: 0, tokens, start, end, byteStart, byteEnd, logProb, entropy },
    content: { ...content(TEXT), scoring: 9 },
  };
}
