// Entry of the Information view: "What is there to know?". Takes text and columns in parts, then the state.
import { render } from 'preact';
import type {
  InformationAblation,
  InformationContent,
  InformationHostCalls,
  InformationViewCalls,
} from '../../../src/protocol/informationView';
import type { ViewState } from '../../../src/protocol/views';
import { connect, loadSettings, rootElement, saveSettings } from '../../ui/host';
import '../../styles/tokens.css';
import '../../styles/base.css';
import '../../styles/controls.css';
import 'uplot/dist/uPlot.min.css';
import './information.css';
import { InformationView } from './informationView';
import { Positions } from './positions';
import { DEFAULTS, type Settings } from './settings';

let state: ViewState<InformationContent> = { kind: 'working', doing: 'Opening the text', cancel: false };
let settings = loadSettings(DEFAULTS);
let ablation: InformationAblation = { kind: 'none' };
/** What the host could not do, in one sentence; gone with the next state. */
let trouble = '';
let frame = 0;
let columns: Positions | undefined;
let text = { scoring: -1, pieces: [] as string[], whole: '' };

const host = connect<InformationHostCalls, InformationViewCalls>(
  {
    text(slice) {
      if (slice.from === 0) text = { scoring: slice.scoring, pieces: [], whole: '' };
      if (slice.scoring === text.scoring) text.pieces.push(slice.text);
      return Promise.resolve(undefined);
    },
    part(part) {
      if (part.from === 0) columns = new Positions(part.scoring, part.tokens);
      if (columns?.scoring === part.scoring) columns.add(part);
      return Promise.resolve(undefined);
    },
    state(next) {
      state = next;
      trouble = '';
      if (next.kind === 'result') adopt(next.content);
      schedule();
      return Promise.resolve(undefined);
    },
    token(chosen) {
      ablation = chosen.ablation;
      change({ token: chosen.token });
      return Promise.resolve(undefined);
    },
  },
  (sentence) => {
    trouble = sentence;
    schedule();
  },
);

/** After a reload the host finds the text, the model and the token again by what is kept here. */
function adopt({ document, run }: InformationContent): void {
  if (text.whole === '') text.whole = text.pieces.join('');
  change({ document, model: run });
}

function change(part: Partial<Settings>): void {
  settings = { ...settings, ...part };
  saveSettings(settings);
  schedule();
}

/** Moves at once; the host hears of it, tells the editor and has the context shortened. */
function select(token: number, reveal: boolean): void {
  if (state.kind !== 'result') return;
  change({ token });
  host('select', { scoring: state.content.scoring, token, reveal });
}

function schedule(): void {
  if (frame === 0) frame = requestAnimationFrame(draw);
}

function draw(): void {
  frame = 0;
  const positions =
    state.kind === 'result' && columns?.scoring === state.content.scoring && columns.complete
      ? columns
      : undefined;
  render(
    <InformationView
      state={state}
      positions={positions}
      text={text.whole}
      token={Math.min(settings.token, Math.max(0, (positions?.tokens ?? 1) - 1))}
      ablation={ablation}
      trouble={trouble}
      settings={settings}
      host={host}
      change={change}
      onSelect={select}
    />,
    rootElement(),
  );
}

schedule();
host('ready', undefined);
