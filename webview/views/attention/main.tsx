// Entry of the attention view: "Who looks at whom?". Takes state and its parts from the host, draws at most once a frame.
import { render } from 'preact';
import type {
  AttentionContent,
  AttentionHostCalls,
  AttentionLook,
  AttentionViewCalls,
} from '../../../src/protocol/attentionView';
import type { ViewState } from '../../../src/protocol/views';
import { connect, loadSettings, rootElement, saveSettings } from '../../ui/host';
import '../../styles/tokens.css';
import '../../styles/base.css';
import '../../styles/controls.css';
import './attention.css';
import { AttentionView } from './attentionView';
import type { Settings } from './settings';
import { DEFAULTS } from './settings';

let state: ViewState<AttentionContent> = { kind: 'working', doing: 'Opening the text', cancel: false };
let settings = loadSettings(DEFAULTS);
let frame = 0;
/** What the host could not do, in one sentence; gone with the next state. */
let trouble = '';

const host = connect<AttentionHostCalls, AttentionViewCalls>(
  {
    state(next) {
      state = next;
      trouble = '';
      if (next.kind === 'result') remember(next.content);
      schedule();
      return Promise.resolve(undefined);
    },
    update(part) {
      merge(part);
      return Promise.resolve(undefined);
    },
  },
  (sentence) => {
    trouble = sentence;
    schedule();
  },
);

function merge(part: Partial<AttentionContent>): void {
  if (state.kind !== 'result') return;
  state = { kind: 'result', content: { ...state.content, ...part } };
  remember(state.content);
  schedule();
}

/** After a reload the host finds the text, the model and the map again by what is kept here. */
function remember({ document, folder, look }: AttentionContent): void {
  change({ document, folder, ...look });
}

function change(part: Partial<Settings>): void {
  settings = { ...settings, ...part };
  saveSettings(settings);
  schedule();
}

/** Moves at once; the host hears of it and tells the editor. */
function choose(position: number): void {
  merge({ selected: position });
  host('choose', { position });
}

function schedule(): void {
  if (frame === 0) frame = requestAnimationFrame(draw);
}

function draw(): void {
  frame = 0;
  render(
    <AttentionView
      state={state}
      trouble={trouble}
      settings={settings}
      host={host}
      change={change}
      onLook={(look: AttentionLook) => host('look', look)}
      onChoose={choose}
    />,
    rootElement(),
  );
}

schedule();
host('ready', undefined);
