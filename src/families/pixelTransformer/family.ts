// The pixel Transformer family: the Transformer over an image's sub-pixels in a chosen order.
import { imageFiles } from '../imageFiles';
import type { ImageFamily } from '../imageFamily';
import { transformerNodeOf } from '../transformer/family';
import { PixelTransformerModel } from './model';
import { headsProblem, lengthProblem, pixelTransformerSchema } from './schema';
import { pixelTransformerTaps } from './taps';

const example = { layers: 2, heads: 2, width: 12, dropout: 0, orderSeed: 3, labelDropout: 0.5 };

export const pixelTransformer: ImageFamily<typeof pixelTransformerSchema> = {
  id: 'pixelTransformer',
  title: 'Pixel Transformer',
  domain: 'image',
  likelihood: 'exact',
  causality: 'strict',
  takesAnySize: false,
  sensitivity: 'level',
  references: [
    {
      title: 'Generative Pretraining from Pixels',
      authors: 'Chen, Radford, Child, Wu, Jun, Luan, Sutskever',
      year: 2020,
      identifier: 'https://proceedings.mlr.press/v119/chen20s.html',
    },
    {
      title: 'Image Transformer',
      authors: 'Parmar, Vaswani, Uszkoreit, Kaiser, Shazeer, Ku, Tran',
      year: 2018,
      identifier: 'arXiv:1802.05751',
    },
  ],
  schema: pixelTransformerSchema,
  example: { ...example, order: 'zigzag', classes: 3 },
  variants: [
    { ...example, order: 'raster', classes: 0 },
    { ...example, order: 'random', classes: 0 },
  ],
  free: ['dropout', 'labelDropout'],
  problem: headsProblem,
  factsProblem: lengthProblem,
  taps: pixelTransformerTaps,
  // A layer of attention reads all there is: no depth reaches further.
  deepestTaps: pixelTransformerTaps,
  nodeOf: transformerNodeOf,
  build: (config, facts, from) => new PixelTransformerModel(config, facts, from),
  files: imageFiles('arlens_pixel_transformer', pixelTransformerSchema),
};
