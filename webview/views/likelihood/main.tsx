// Entry of the likelihood side view: "How likely is this text?". Takes its state from the host.
import { render } from 'preact';
import type {
  LikelihoodContent,
  LikelihoodHostCalls,
  LikelihoodViewCalls,
  ViewState,
} from '../../../src/protocol/views';
import { connect, loadSettings, rootElement, saveSettings } from '../../ui/host';
import '../../styles/tokens.css';
import '../../styles/base.css';
import '../../styles/controls.css';
import './likelihood.css';
import { LikelihoodView } from './likelihoodView';

let state: ViewState<LikelihoodContent> = { kind: 'working', doing: 'Starting', cancel: false };
let { threshold } = loadSettings({ threshold: 3 });
/** Set while the person slides: the host's answers to earlier positions must not pull the thumb back. */
let slidUntil = 0;
let frame = 0;
/** What the host could not do, in one sentence; gone with the next state. */
let trouble = '';

const host = connect<LikelihoodHostCalls, LikelihoodViewCalls>(
  {
    state(next) {
      state = next;
      trouble = '';
      if (next.kind === 'result' && performance.now() > slidUntil) setThreshold(next.content.threshold);
      schedule();
      return Promise.resolve(undefined);
    },
  },
  (sentence) => {
    trouble = sentence;
    schedule();
  },
);

function setThreshold(bits: number): void {
  threshold = bits;
  saveSettings({ threshold });
}

function slide(bits: number): void {
  setThreshold(bits);
  slidUntil = performance.now() + 500;
  host('threshold', { bits });
  schedule();
}

function schedule(): void {
  if (frame === 0) frame = requestAnimationFrame(draw);
}

function draw(): void {
  frame = 0;
  render(
    <LikelihoodView state={state} trouble={trouble} threshold={threshold} host={host} onThreshold={slide} />,
    rootElement(),
  );
}

schedule();
host('ready', undefined);
