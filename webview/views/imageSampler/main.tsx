// Entry of the Image sampler view: "How does it choose?". Takes what is drawn and the state from the host, draws at most
// once a frame.
import { render } from 'preact';
import type { GivenConditions } from '../../../src/protocol/imageCondition';
import type {
  ImageSamplerContent,
  ImageSamplerHostCalls,
  ImageSamplerViewCalls,
} from '../../../src/protocol/imageSamplerView';
import type { ViewState } from '../../../src/protocol/views';
import { connect, rootElement, saveSettings } from '../../ui/host';
import '../../styles/tokens.css';
import '../../styles/base.css';
import '../../styles/controls.css';
import '../../styles/fields.css';
import './imageSampler.css';
import { DrawnImages } from './drawing';
import { ImageSamplerView } from './imageSamplerView';

let state: ViewState<ImageSamplerContent> = { kind: 'working', doing: 'Opening the model', cancel: false };
let drawn: DrawnImages | undefined;
let given: GivenConditions | null = null;
let arrived = 0;
let frame = 0;
/** What the host could not do, in one sentence; gone with the next thing that is drawn or asked. */
let trouble = '';

const host = connect<ImageSamplerHostCalls, ImageSamplerViewCalls>(
  {
    state(next) {
      state = next;
      if (next.kind === 'result' && drawn?.drawing !== next.content.drawing)
        drawn = new DrawnImages(next.content);
      return arrive();
    },
    drawn({ drawing, parts }) {
      trouble = '';
      if (drawn?.drawing === drawing) for (const part of parts) drawn.add(part);
      return arrive();
    },
    given(now) {
      given = now.given;
      return arrive();
    },
    keep(kept) {
      saveSettings(kept);
      return Promise.resolve(undefined);
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
