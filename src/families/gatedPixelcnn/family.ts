// The Gated PixelCNN family: two stacks without a blind spot, gates, and a class and a picture to condition on.
import { imageFiles } from '../imageFiles';
import type { ImageFamily } from '../imageFamily';
import { groupProblem, kernelProblem } from '../pixelcnn/schema';
import { deepestLayers } from '../pixelcnn/taps';
import { GatedPixelcnnModel } from './model';
import { gatedPixelcnnSchema } from './schema';
import { gatedNodeOf, gatedTaps } from './taps';

export const gatedPixelcnn: ImageFamily<typeof gatedPixelcnnSchema> = {
  id: 'gatedPixelcnn',
  title: 'Gated PixelCNN',
  domain: 'image',
  likelihood: 'exact',
  causality: 'strict',
  takesAnySize: true,
  sensitivity: 'brightness',
  gated: true,
  takesCondition: true,
  references: [
    {
      title: 'Conditional Image Generation with PixelCNN Decoders',
      authors: 'van den Oord, Kalchbrenner, Vinyals, Espeholt, Graves, Kavukcuoglu',
      year: 2016,
      identifier: 'arXiv:1606.05328',
    },
    {
      title: 'Classifier-Free Diffusion Guidance',
      authors: 'Ho, Salimans',
      year: 2022,
      identifier: 'arXiv:2207.12598',
    },
  ],
  schema: gatedPixelcnnSchema,
  example: { layers: 2, width: 12, kernel: 3, firstKernel: 3, classes: 3, labelDropout: 0.5 },
  problem: kernelProblem,
  factsProblem: groupProblem,
  taps: gatedTaps,
  deepestTaps: (config, facts) =>
    gatedTaps({ ...config, layers: Math.max(config.layers, deepestLayers(facts)) }, facts),
  nodeOf: gatedNodeOf,
  build: (config, facts, from) => new GatedPixelcnnModel(config, facts, from),
  files: imageFiles('arlens_gated_pixelcnn', gatedPixelcnnSchema, { takesCondition: true }),
};
