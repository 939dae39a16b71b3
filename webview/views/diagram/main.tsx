// Entry of the Diagram view: "How is the model built?". Takes its state from the host; mermaid is in this bundle alone.
import { render } from 'preact';
import type { DiagramContent, DiagramHostCalls, DiagramViewCalls } from '../../../src/protocol/diagramView';
import type { ViewState } from '../../../src/protocol/views';
import { connect, loadSettings, rootElement, saveSettings } from '../../ui/host';
import '../../styles/tokens.css';
import '../../styles/base.css';
import '../../styles/controls.css';
import './diagram.css';
import { DiagramView } from './diagramView';
import { DEFAULTS, type Settings } from './settings';

let state: ViewState<DiagramContent> = { kind: 'working', doing: 'Opening the model', cancel: false };
let settings = loadSettings(DEFAULTS);
let frame = 0;
/** What the host could not do, in one sentence; gone with the next state. */
let trouble = '';

const host = connect<DiagramHostCalls, DiagramViewCalls>(
  {
    state(next) {
      state = next;
      trouble = '';
      if (next.kind === 'result') change({ ...next.content.subject });
      schedule();
      return Promise.resolve(undefined);
    },
  },
  (sentence) => {
    trouble = sentence;
    schedule();
  },
);

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
    <DiagramView state={state} trouble={trouble} settings={settings} host={host} change={change} />,
    rootElement(),
  );
}

schedule();
host('ready', undefined);
