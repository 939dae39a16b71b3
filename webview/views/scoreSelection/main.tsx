// Entry of the Score Selection view. Takes the terms in parts, then the state that speaks of them.
import { render } from 'preact';
import type {
  ScoreSelectionContent,
  ScoreSelectionHostCalls,
  ScoreSelectionViewCalls,
} from '../../../src/protocol/scoreSelection';
import type { ViewState } from '../../../src/protocol/views';
import { connect, loadSettings, rootElement, saveSettings } from '../../ui/host';
import '../../styles/tokens.css';
import '../../styles/base.css';
import '../../styles/controls.css';
import './scoreSelection.css';
import { ScoreSelectionView } from './scoreSelectionView';
import { DEFAULTS } from './settings';
import { Terms } from './terms';

let state: ViewState<ScoreSelectionContent> = { kind: 'working', doing: 'Opening the text', cancel: false };
let frame = 0;
/** What the host could not do, in one sentence; gone with the next state. */
let trouble = '';
let coming: { readonly scoring: number; readonly terms: Terms } | undefined;
let shown: { readonly scoring: number; readonly terms: Terms } | undefined;
let selected = -1;

saveSettings(loadSettings(DEFAULTS));

const host = connect<ScoreSelectionHostCalls, ScoreSelectionViewCalls>(
  {
    part(part) {
      if (part.from === 0) coming = { scoring: part.scoring, terms: new Terms(part.rows) };
      if (coming?.scoring === part.scoring) coming.terms.add(part);
      return Promise.resolve(undefined);
    },
    state(next) {
      state = next;
      trouble = '';
      if (next.kind === 'result') adopt(next.content);
      schedule();
      return Promise.resolve(undefined);
    },
  },
  (sentence) => {
    trouble = sentence;
    schedule();
  },
);

function adopt(content: ScoreSelectionContent): void {
  const { document, model, pinned, range, scoring, texts } = content;
  selected = content.selected;
  if (coming?.scoring === scoring && coming.terms.complete) shown = coming;
  if (shown?.scoring !== scoring) shown = undefined;
  shown?.terms.name(texts);
  saveSettings({ document, model, pinned, start: range.start, end: range.end });
}

/** Moves at once; the host hears of it and shows the token in the editor. */
function choose(row: number): void {
  if (shown === undefined) return;
  selected = row;
  host('choose', { scoring: shown.scoring, row });
  schedule();
}

function schedule(): void {
  if (frame === 0) frame = requestAnimationFrame(draw);
}

function draw(): void {
  frame = 0;
  render(
    <ScoreSelectionView
      state={state}
      terms={shown?.terms}
      selected={selected}
      trouble={trouble}
      host={host}
      onChoose={choose}
    />,
    rootElement(),
  );
}

schedule();
host('ready', undefined);
