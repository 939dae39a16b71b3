// Entry of the Image sampler view: "How does it choose?". Takes what is drawn and the state from the host, draws at most
// once a frame.
import { render } from 'preact';
import type { GivenConditions } from '../../../src/protocol/imageCondition';
import type {
  DrawnPart,
  ImageSamplerContent,
  ImageSamplerHostCalls,
  ImageSamplerViewCalls,
} from '../../../src/protocol/imageSamplerView';
import type { ViewState } from '../../../src/protocol/views';
import { connect, loadSettings, rootElement, saveSettings } from '../../ui/host';
import '../../styles/tokens.css';
import '../../styles/base.css';
import '../../styles/controls.css';
import '../../styles/fields.css';
import './imageSampler.css';
import { DrawnImages } from './drawing';
import { ImageSamplerView } from './imageSamplerView';
import { LONGEST_PATH, NOTHING } from './settings';

let state: ViewState<ImageSamplerContent> = { kind: 'working', doing: 'Opening the model', cancel: false };
let drawn: DrawnImages | undefined;
/** Parts that came before the state that says how large the images are. */
let early: DrawnPart[] = [];
let given: GivenConditions | null = null;
let kept = loadSettings(NOTHING);
let arrived = 0;
let frame = 0;
/** What the host could not do, in one sentence; gone with the next thing that is drawn or asked. */
let trouble = '';

const host = connect<ImageSamplerHostCalls, ImageSamplerViewCalls>(
  {
    state(next) {
      state = next;
      if (next.kind === 'result') adopt(next.content);
      return arrive();
    },
    drawn(part) {
      trouble = '';
      if (drawn?.fits(part) === true) drawn.add(part);
      else early.push(part);
      return arrive();
    },
    given(now) {
      given = now.given;
      return arrive();
    },
  },
  say,
);

function say(sentence: string): void {
  trouble = sentence;
  schedule();
}

function arrive(): Promise<undefined> {
  arrived++;
  schedule();
  return Promise.resolve(undefined);
}

function adopt(content: ImageSamplerContent): void {
  const { serial, choice, running } = content;
  if (drawn?.serial !== serial) {
    drawn = new DrawnImages(content);
    for (const part of early) if (drawn.fits(part)) drawn.add(part);
    early = [];
  }
  if (running) return;
  const fits = drawn.steps * drawn.count <= LONGEST_PATH;
  const { run, settings, count, perSecond, image } = choice;
  kept = { run, settings, count, perSecond, image, path: fits ? drawn.path() : '' };
  saveSettings(kept);
}

function schedule(): void {
  if (frame === 0) frame = requestAnimationFrame(draw);
}

function draw(): void {
  frame = 0;
  render(
    <ImageSamplerView
      state={state}
      drawn={drawn}
      given={given}
      arrived={arrived}
      trouble={trouble}
      host={host}
      onTrouble={say}
    />,
    rootElement(),
  );
}

schedule();
host('ready', undefined);
