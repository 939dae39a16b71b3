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
/** The head whose tokens are listed: 'strongest', or "layer" and "layer.head" as the person chose; a pixel's channel. */
let settings = loadSettings({ head: 'strongest', channel: 0 });
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

function choose(part: Partial<typeof settings>): void {
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
    <InspectorView
      state={state}
      trouble={trouble}
      {...settings}
      host={host}
      onHead={(head) => choose({ head })}
      onChannel={(channel) => choose({ channel })}
    />,
    rootElement(),
  );
}

schedule();
host('ready', undefined);
