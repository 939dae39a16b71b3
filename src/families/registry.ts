// Every family there is, one line each. Adding a family is its folder and a line here.
import type { Family } from './family';
import { gatedPixelcnn } from './gatedPixelcnn/family';
import { gptNeox } from './gptNeox/family';
import type { ImageFamily } from './imageFamily';
import { llama } from './llama/family';
import { markov } from './markov/family';
import { pixelcnn } from './pixelcnn/family';
import { pixelcnnPlusPlus } from './pixelcnnPlusPlus/family';
import { pixelTransformer } from './pixelTransformer/family';
import { toyRaster } from './toyRaster/family';
import { transformer } from './transformer/family';

/** Families of texts. */
export const FAMILIES: readonly Family[] = [transformer, llama, gptNeox, markov];

/** Families of images. */
export const IMAGE_FAMILIES: readonly ImageFamily[] = [
  pixelcnn,
  gatedPixelcnn,
  pixelcnnPlusPlus,
  pixelTransformer,
  toyRaster,
];

export type AnyFamily = Family | ImageFamily;
export const ALL_FAMILIES: readonly AnyFamily[] = [...FAMILIES, ...IMAGE_FAMILIES];

export function familyById(id: string): Family | undefined {
  return FAMILIES.find((family) => family.id === id);
}
