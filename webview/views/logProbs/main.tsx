// Entry of the Log-probs view: "Where does the likelihood go?". Takes text and columns in parts, then the state.
import { render } from 'preact';
import type { ViewState } from '../../../src/protocol/views';
import type { LogProbsContent, LogProbsHostCalls, LogProbsViewCalls } from '../../../src/protocol/logProbs';
import { connect, loadSettings, rootElement, saveSettings } from '../../ui/host';
import '../../styles/tokens.css';
import '../../styles/base.css';
import '../../styles/controls.css';
import 'uplot/dist/uPlot.min.css';
import './logProbs.css';
import { Analysis } from './analysis';
import { LogProbsView } from './logProbsView';
import { DEFAULTS, type Settings } from './settings';
import { TokenColumns } from '../../ui/tokenColumns';

let state: ViewState<LogProbsContent> = { kind: 'working', doing: 'Opening the text', cancel: false };
let analysis: Analysis | undefined;
let settings = loadSettings(DEFAULTS);
let cursor: number | undefined;
let frame = 0;
/** What the host could not do, in one sentence; gone with the next state. */
let trouble = '';
/** By scoring: the first model's and the second's. */
const columns = new Map<number, TokenColumns>();
let text = { scoring: -1, pieces: [] as string[] };

const host = connect<LogProbsHostCalls, LogProbsViewCalls>(
  {
    text(slice) {
      if (slice.from === 0) text = { scoring: slice.scoring, pieces: [] };
      if (slice.scoring === text.scoring) text.pieces.push(slice.text);
      return Promise.resolve(undefined);
    },
    part(part) {
      if (part.from === 0) columns.set(part.scoring, new TokenColumns(part.tokens));
      columns.get(part.scoring)?.add(part);
      return Promise.resolve(undefined);
    },
    state(next) {
      state = next;
      trouble = '';
      if (next.kind === 'result') adopt(next.content);
      schedule();
      return Promise.resolve(undefined);
    },
    cursor({ offset }) {
      cursor = offset ?? undefined;
      schedule();
      return Promise.resolve(undefined);
    },
  },
  (sentence) => {
    trouble = sentence;
    schedule();
  },
);

function adopt(content: LogProbsContent): void {
  const { comparison, first, document } = content;
  const second = comparison.kind === 'result' ? comparison.second : undefined;
  const current = analysis;
  const same =
    current?.first.run.scoring === first.scoring && current.second?.run.scoring === second?.scoring;
  if (!same) analysis = Analysis.of(content, text.pieces.join(''), columns);
  for (const scoring of columns.keys())
    if (scoring !== first.scoring && scoring !== second?.scoring) columns.delete(scoring);
  const elsewhere = settings.document !== '' && settings.document !== document;
  // While the second model is scored again after a reload, what was chosen stays chosen.
  const compared = comparison.kind === 'none' ? '' : (second?.run ?? settings.compared);
  const appeared = second !== undefined && current?.second === undefined && settings.compared !== second.run;
  change({
    document,
    model: first.run,
    compared,
    ...(elsewhere ? { focus: 0 } : {}),
    ...(appeared ? { colours: 'difference' as const } : {}),
  });
}

function change(part: Partial<Settings>): void {
  settings = { ...settings, ...part };
  saveSettings(settings);
  schedule();
}

function schedule(): void {
  if (frame === 0) frame = requestAnimationFrame(draw);
}

function draw(): void {
  frame = 0;
  render(
    <LogProbsView
      state={state}
      analysis={analysis}
      trouble={trouble}
      settings={settings}
      cursor={cursor}
      host={host}
      change={change}
    />,
    rootElement(),
  );
}

schedule();
host('ready', undefined);
