// Entry of the causal mask view: "What may it see?". Takes state and its parts from the host, draws at most once a frame.
import { render } from 'preact';
import type {
  CausalMaskContent,
  CausalMaskHostCalls,
  CausalMaskViewCalls,
} from '../../../src/protocol/causalMaskView';
import type { ViewState } from '../../../src/protocol/views';
import { connect, loadSettings, rootElement, saveSettings } from '../../ui/host';
import '../../styles/tokens.css';
import '../../styles/base.css';
import '../../styles/controls.css';
import './causalMask.css';
import { CausalMaskView } from './causalMaskView';
import type { Settings } from './settings';
import { DEFAULTS } from './settings';

let state: ViewState<CausalMaskContent> = { kind: 'working', doing: 'Opening the model', cancel: false };
let settings = loadSettings(DEFAULTS);
let frame = 0;
/** What the host could not do, in one sentence; gone with the next state. */
let trouble = '';

const host = connect<CausalMaskHostCalls, CausalMaskViewCalls>(
  {
    state(next) {
      state = next;
      trouble = '';
      if (next.kind === 'result') remember(next.content);
      schedule();
      return Promise.resolve(undefined);
    },
    update(part) {
      if (state.kind === 'result') state = { kind: 'result', content: { ...state.content, ...part } };
      schedule();
      return Promise.resolve(undefined);
    },
  },
  (sentence) => {
    trouble = sentence;
    schedule();
  },
);

/** After a reload the host finds the spec or run again by what is kept here. */
function remember({ subject, report: { length } }: CausalMaskContent): void {
  const about = {
    spec: subject.kind === 'spec' ? subject.uri : '',
    run: subject.kind === 'run' ? subject.folder : '',
  };
  // Another size of matrix is seen whole first.
  change({ ...about, length, ...(length === settings.length ? {} : { x: 0, y: 0, zoom: 1 }) });
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
    <CausalMaskView state={state} trouble={trouble} settings={settings} host={host} change={change} />,
    rootElement(),
  );
}

schedule();
host('ready', undefined);
