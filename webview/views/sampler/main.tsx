// Entry of the Sampler: "How does it choose?". Takes its state from the host and leaves the tree with VS Code.
import { render } from 'preact';
import type { SamplerContent, SamplerHostCalls, SamplerViewCalls } from '../../../src/protocol/samplerView';
import type { ViewState } from '../../../src/protocol/views';
import { connect, rootElement, saveSettings } from '../../ui/host';
import '../../styles/tokens.css';
import '../../styles/base.css';
import '../../styles/controls.css';
import '../../styles/fields.css';
import './sampler.css';
import './beam.css';
import { SamplerView } from './samplerView';

/** A tree of thousands of nodes is not written down again for every one of them. */
const KEEP_EVERY = 500;

let state: ViewState<SamplerContent> = { kind: 'working', doing: 'Opening the sampler', cancel: false };
let frame = 0;
let keeping = 0;
/** What the host could not do, in one sentence; gone with the next state. */
let trouble = '';

const host = connect<SamplerHostCalls, SamplerViewCalls>(
  {
    state(next) {
      state = next;
      trouble = '';
      if (next.kind === 'result') keep();
      schedule();
      return Promise.resolve(undefined);
    },
  },
  (sentence) => {
    trouble = sentence;
    schedule();
  },
);

/** What comes back after a reload: the host reads it from here. */
function keep(): void {
  if (keeping !== 0) return;
  keeping = window.setTimeout(
    () => {
      keeping = 0;
      if (state.kind === 'result') saveSettings(state.content.document);
    },
    state.kind === 'result' && state.content.running ? KEEP_EVERY : 0,
  );
}

function schedule(): void {
  if (frame === 0) frame = requestAnimationFrame(draw);
}

function draw(): void {
  frame = 0;
  render(<SamplerView state={state} trouble={trouble} host={host} />, rootElement());
}

schedule();
host('ready', undefined);
