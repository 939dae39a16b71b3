// Entry of the training view: "Is it learning?". Takes state and appends from the host, draws at most once a frame.
import { render } from 'preact';
import type {
  TrainingHostCalls,
  TrainingContent,
  TrainingViewCalls,
  ViewState,
} from '../../../src/protocol/views';
import { connect, loadSettings, rootElement, saveSettings } from '../../ui/host';
import '../../styles/tokens.css';
import '../../styles/base.css';
import '../../styles/controls.css';
import 'uplot/dist/uPlot.min.css';
import './training.css';
import { RunModel } from './runModel';
import type { Settings } from './settings';
import { DEFAULTS } from './settings';
import { TrainingView } from './trainingView';

let state: ViewState<TrainingContent> = { kind: 'working', doing: 'Opening the run', cancel: false };
let run: RunModel | undefined;
let settings = loadSettings(DEFAULTS);
let version = 0;
let frame = 0;
/** What the host could not do, in one sentence; gone with the next state. */
let trouble = '';

/** Samples of images, by what their events have for a text. */
const pictures = new Map<string, string>();

const host = connect<TrainingHostCalls, TrainingViewCalls>(
  {
    state(next) {
      state = next;
      trouble = '';
      run = next.kind === 'result' ? new RunModel(next.content) : undefined;
      if (next.kind === 'result') adopt(next.content);
      schedule();
      return Promise.resolve(undefined);
    },
    picture({ text, png }) {
      pictures.set(text, dataUrl(png));
      schedule();
      return Promise.resolve(undefined);
    },
    append(update) {
      run?.append(update);
      schedule();
      return Promise.resolve(undefined);
    },
  },
  (sentence) => {
    trouble = sentence;
    schedule();
  },
);

/** The host's choice of compared runs wins, unless it has none and the person had some before the view went away. */
function adopt(content: TrainingContent): void {
  const id = content.record.run ?? '';
  const compared = content.compared.map((one) => one.run);
  const known = new Set(content.comparable.map((one) => one.run));
  const wanted = id === settings.run ? settings.compared.filter((one) => known.has(one)) : [];
  change({ run: id, compared: compared.length > 0 ? compared : wanted });
  if (compared.length === 0 && wanted.length > 0) host('compare', { runs: wanted });
}

function dataUrl(png: Uint8Array): string {
  let bytes = '';
  for (const byte of png) bytes += String.fromCharCode(byte);
  return `data:image/png;base64,${btoa(bytes)}`;
}

function change(part: Partial<Settings>): void {
  settings = { ...settings, ...part };
  saveSettings(settings);
  schedule();
}

function schedule(): void {
  version++;
  if (frame === 0) frame = requestAnimationFrame(draw);
}

function draw(): void {
  frame = 0;
  render(
    <TrainingView
      state={state}
      trouble={trouble}
      run={run}
      pictures={pictures}
      version={version}
      settings={settings}
      host={host}
      change={change}
    />,
    rootElement(),
  );
}

schedule();
host('ready', undefined);
