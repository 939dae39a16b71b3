// What the view keeps with VS Code: the host brings the sampler back by it after a reload.
import type { ImageSamplerSettings } from '../../../src/protocol/imageSampler';

export interface Kept {
  readonly run: string;
  readonly settings: ImageSamplerSettings;
  readonly count: number;
  readonly perSecond: number;
  readonly image: number;
  /** What is drawn: one character a level [steps, count]; '' where that is too much to keep. */
  readonly path: string;
}

export const NOTHING: Kept = {
  run: '',
  settings: { seed: 1, temperature: 1 },
  count: 1,
  perSecond: 100,
  image: 0,
  path: '',
};

/** Characters: VS Code writes a view's state out as a whole. */
export const LONGEST_PATH = 200_000;
