// Entry of the likelihood side view: "How likely is this text?". Takes its state from the host.
import { render } from 'preact';
import type {
  LikelihoodContent,
  LikelihoodHostCalls,
  LikelihoodViewCalls,
  ViewState,
} from '../../../src/protocol/views';
import { connect, loadSettings, saveSettings } from '../../ui/host';
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

const host = connect<LikelihoodHostCalls, LikelihoodViewCalls>({
  state(next) {
    state = next;
    if (next.kind === 'result' && performance.now() > slidUntil) setThreshold(next.content.threshold);
    schedule();
    return Promise.resolve(undefined);
  },
});

function setThreshold(bits: number): void {
  threshold = bits;
  saveSettings({ threshold });
}

function slide(bits: number): void {
  setThreshold(bits);
  slidUntil = performance.now() + 500;
  void host('threshold', { bits });
  schedule();
}

function schedule(): void {
  if (frame === 0) frame = requestAnimationFrame(draw);
}

function draw(): void {
  frame = 0;
  render(
    <LikelihoodView state={state} threshold={threshold} host={host} onThreshold={slide} />,
    document.body,
  );
}

schedule();
void host('ready', undefined);
