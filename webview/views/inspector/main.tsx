// Entry of the Inspector: "What is under my cursor?". Takes its state from the host.
import { render } from 'preact';
import type {
  InspectorContent,
  InspectorHostCalls,
  InspectorViewCalls,
} from '../../../src/protocol/inspectorView';
import type { ViewState } from '../../../src/protocol/views';
import { connect, loadSettings, rootElement, saveSettings } from '../../ui/host';
import '../../styles/tokens.css';
import '../../styles/base.css';
import '../../styles/controls.css';
import './inspector.css';
import { InspectorView } from './inspectorView';

let state: ViewState<InspectorContent> = { kind: 'working', doing: 'Starting', cancel: false };
/** The head whose tokens are listed: 'strongest', or "layer" and "layer.head" as the person chose. */
let { head } = loadSettings({ head: 'strongest' });
let frame = 0;
/** What the host could not do, in one sentence; gone with the next state. */
let trouble = '';

const host = connect<InspectorHostCalls, InspectorViewCalls>(
  {
    state(next) {
      state = next;
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

function choose(next: string): void {
  head = next;
  saveSettings({ head });
  schedule();
}

function schedule(): void {
  if (frame === 0) frame = requestAnimationFrame(draw);
}

function draw(): void {
  frame = 0;
  render(
    <InspectorView state={state} trouble={trouble} head={head} host={host} onHead={choose} />,
    rootElement(),
  );
}

schedule();
host('ready', undefined);
