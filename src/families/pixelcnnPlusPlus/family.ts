// The PixelCNN++ family: a mixture of discretised logistics for each pixel, streams that are halved and doubled.
import { imageFiles } from '../imageFiles';
import type { ImageFamily } from '../imageFamily';
import { kernelProblem } from '../pixelcnn/schema';
import { PixelcnnPlusPlusModel } from './model';
import { halvingProblem, plusPlusSchema } from './schema';
import { deepestPlusPlusTaps, plusPlusNodeOf, plusPlusTaps } from './taps';

const example = { layers: 1, width: 4, kernel: 3, firstKernel: 3, dropout: 0, labelDropout: 0.5 };

export const pixelcnnPlusPlus: ImageFamily<typeof plusPlusSchema> = {
  id: 'pixelcnnPlusPlus',
  title: 'PixelCNN++',
  domain: 'image',
  likelihood: 'exact',
  causality: 'strict',
  takesAnySize: true,
  sensitivity: 'brightness',
  readsOnHost: true,
  references: [
    {
      title: 'PixelCNN++: Improving the PixelCNN with Discretized Logistic Mixture Likelihood',
      authors: 'Salimans, Karpathy, Chen, Kingma',
      year: 2017,
      identifier: 'arXiv:1701.05517',
    },
    {
      title:
        'Weight Normalization: A Simple Reparameterization to Accelerate Training of Deep Neural Networks',
      authors: 'Salimans, Kingma',
      year: 2016,
      identifier: 'arXiv:1602.07868',
    },
  ],
  schema: plusPlusSchema,
  example: { ...example, halvings: 1, mixtures: 2, classes: 2 },
  variants: [{ ...example, kernel: 5, halvings: 0, mixtures: 1, classes: 0 }],
  free: ['dropout', 'labelDropout'],
  problem: kernelProblem,
  factsProblem: halvingProblem,
  taps: (config, facts) => plusPlusTaps(config, facts),
  deepestTaps: deepestPlusPlusTaps,
  nodeOf: plusPlusNodeOf,
  build: (config, facts, from) => new PixelcnnPlusPlusModel(config, facts, from),
  files: imageFiles('arlens_pixelcnn_plus_plus', plusPlusSchema),
};
