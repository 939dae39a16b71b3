// The PixelCNN family: one stack of masked convolutions, with the blind spot that such a stack has.
import { imageFiles } from '../imageFiles';
import type { ImageFamily } from '../imageFamily';
import { PixelcnnModel } from './model';
import { groupProblem, kernelProblem, pixelcnnSchema } from './schema';
import { deepestLayers, pixelcnnNodeOf, pixelcnnTaps } from './taps';

export const pixelcnn: ImageFamily<typeof pixelcnnSchema> = {
  id: 'pixelcnn',
  title: 'PixelCNN',
  domain: 'image',
  likelihood: 'exact',
  causality: 'strict',
  takesAnySize: true,
  sensitivity: 'brightness',
  references: [
    {
      title: 'Pixel Recurrent Neural Networks',
      authors: 'van den Oord, Kalchbrenner, Kavukcuoglu',
      year: 2016,
      identifier: 'arXiv:1601.06759',
    },
  ],
  schema: pixelcnnSchema,
  example: { layers: 3, width: 12, kernel: 3, firstKernel: 5, residual: true },
  problem: kernelProblem,
  factsProblem: groupProblem,
  taps: pixelcnnTaps,
  deepestTaps: (config, facts) =>
    pixelcnnTaps({ ...config, layers: Math.max(config.layers, deepestLayers(facts)) }, facts),
  nodeOf: pixelcnnNodeOf,
  build: (config, facts, from) => new PixelcnnModel(config, facts, from),
  files: imageFiles('arlens_pixelcnn', pixelcnnSchema),
};
