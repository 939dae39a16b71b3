// The toy: no weights, each sub-pixel a discretised normal around the mean of all before it. Its likelihood is a closed
// form, which makes it the sampler's first example and the contract suite's witness.
import { Type } from '@sinclair/typebox';
import type { TapGraph } from '../family';
import { imageFiles } from '../imageFiles';
import type { ImageFacts, ImageFamily } from '../imageFamily';
import { logitsShape } from '../imageShapes';
import { ToyRasterModel } from './model';

const toyRasterSchema = Type.Object(
  {
    sigma: Type.Number({
      default: 0.15,
      minimum: 0.001,
      maximum: 10,
      description:
        'Standard deviation of a sub-pixel around the mean of those before it; black is 0, white 1.',
    }),
  },
  { additionalProperties: false },
);

const taps = (_: unknown, facts: ImageFacts): TapGraph => ({
  nodes: [
    {
      id: 'output',
      title: 'Mean of all sub-pixels before',
      inputs: [{ from: 'input', taps: { kind: 'causal', strict: true } }],
      parameters: 0,
      shape: logitsShape(facts),
    },
  ],
});

export const toyRaster: ImageFamily<typeof toyRasterSchema> = {
  id: 'toyRaster',
  title: 'Toy raster',
  domain: 'image',
  likelihood: 'exact',
  causality: 'strict',
  takesAnySize: true,
  sensitivity: 'brightness',
  references: [
    {
      title: 'PixelCNN++: Improving the PixelCNN with Discretized Logistic Mixture Likelihood',
      authors: 'Salimans, Karpathy, Chen, Kingma',
      year: 2017,
      identifier: 'arXiv:1701.05517',
    },
  ],
  schema: toyRasterSchema,
  example: { sigma: 0.3 },
  taps,
  deepestTaps: taps,
  nodeOf: () => 'output',
  build: (config, facts) => new ToyRasterModel(config, facts),
  files: imageFiles('arlens_toy_raster', toyRasterSchema),
};
