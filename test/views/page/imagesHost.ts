// The Images panel's host inside the test page: sends bits before the state, and answers what the view asks for.
import type { ImagesHostCalls, ImagesViewCalls } from '../../../src/protocol/imagesView';
import {
  bitsPart,
  IMAGE_FIXTURES,
  IMAGES_STATES,
  lookOf,
  pointOf,
  thumbnailsOf,
  type Fixture,
} from './imagesFixtures';
import { frames } from './pageFrames';
import { channel, firstState, heard, note, violations } from './pageHost';

let shown = firstState;

const view = channel.client<ImagesViewCalls>();

const fixture = (): Fixture => {
  const found = IMAGE_FIXTURES[shown];
  if (found === undefined) throw new Error(`images host: no set of images in the state ${shown}`);
  return found;
};
channel.serve<ImagesHostCalls>({
  ready: async () => {
    heard.push({ method: 'ready', params: undefined });
    await show(shown);
    return undefined;
  },
  command: note('command'),
  cancel: note('cancel'),
  copy: note('copy'),
  save: note('save'),
  choose: note('choose'),
  chooseLabels: note('chooseLabels'),
  stopScoring: note('stopScoring'),
  scoreAgain: note('scoreAgain'),
  slice: async ({ indices }) => {
    heard.push({ method: 'slice', params: { indices } });
    await view('slice', { indices: Int32Array.from(indices), ...thumbnailsOf(fixture(), indices) });
    return undefined;
  },
  look: async ({ image }) => {
    heard.push({ method: 'look', params: { image } });
    await view('look', lookOf(fixture(), image));
    return undefined;
  },
  point: async ({ image, row, column }) => {
    heard.push({ method: 'point', params: { image, row, column } });
    await view('point', pointOf(fixture(), image, row, column));
    return undefined;
  },
});

async function show(name: string): Promise<void> {
  shown = name;
  const state = IMAGES_STATES[name]?.();
  if (state === undefined) throw new Error(`show: the Images view has no state ${name}`);
  if (IMAGE_FIXTURES[name] !== undefined) await view('bits', bitsPart(fixture()));
  await view('state', state);
}

/** Whether the view shows the kind of state it was sent, and the image and its point where it shows images. */
const settled = () => {
  const main = document.querySelector('main');
  const state = IMAGES_STATES[shown]?.();
  if (main?.dataset.state !== state?.kind) return false;
  if (IMAGE_FIXTURES[shown] === undefined) return true;
  const looked = document.querySelector('.large canvas') !== null;
  const scored = fixture().content.model !== null && fixture().problem === '';
  return looked && (!scored || document.querySelector('.ar-levels canvas') !== null);
};

export const imagesHarness = { settled, heard, violations, show, frames };
Object.assign(window, { harness: imagesHarness });
