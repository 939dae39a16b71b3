// Entry of the receptive field view: "What does it really see?". Takes state and its parts from the host, draws at most
// once a frame.
import { render } from 'preact';
import type {
  ReceptiveFieldContent,
  ReceptiveFieldHostCalls,
  ReceptiveFieldViewCalls,
} from '../../../src/protocol/receptiveFieldView';
import type { ViewState } from '../../../src/protocol/views';
import { connect, loadSettings, rootElement, saveSettings } from '../../ui/host';
import '../../styles/tokens.css';
import '../../styles/base.css';
import '../../styles/controls.css';
import '../../styles/fields.css';
import './receptiveField.css';
import { ReceptiveFieldView } from './receptiveFieldView';
import { DEFAULTS, type Settings } from './settings';

let state: ViewState<ReceptiveFieldContent> = { kind: 'working', doing: 'Opening the stacks', cancel: false };
let settings = loadSettings(DEFAULTS);
let frame = 0;
/** What the host could not do, in one sentence; gone with the next state. */
let trouble = '';

const host = connect<ReceptiveFieldHostCalls, ReceptiveFieldViewCalls>(
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
      trouble = '';
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
function remember({ subject }: ReceptiveFieldContent): void {
  change({ kind: subject.kind, path: subject.kind === 'none' ? '' : subject.path });
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
    <ReceptiveFieldView state={state} trouble={trouble} settings={settings} host={host} change={change} />,
    rootElement(),
  );
}

schedule();
host('ready', undefined);
