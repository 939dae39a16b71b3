// Gated PixelCNN's hyper-parameters.
import { Type, type Static } from '@sinclair/typebox';

export const gatedPixelcnnSchema = Type.Object(
  {
    layers: Type.Integer({
      default: 8,
      minimum: 1,
      maximum: 128,
      description: 'Gated layers, each with a vertical and a horizontal stack.',
    }),
    width: Type.Integer({
      default: 32,
      minimum: 1,
      maximum: 1024,
      description: 'Features of each pixel in each stack; a multiple of 3 for RGB, a third for each channel.',
    }),
    kernel: Type.Integer({ default: 5, minimum: 1, maximum: 15, description: 'Side of the kernels, odd.' }),
    firstKernel: Type.Integer({
      default: 7,
      minimum: 1,
      maximum: 31,
      description: 'Side of the first layer’s kernels, odd.',
    }),
    classes: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 10_000,
      description: 'Classes it is conditioned on, from data.labels or folder names; 0 for none.',
    }),
    labelDropout: Type.Number({
      default: 0.1,
      minimum: 0,
      maximum: 1,
      description:
        'The share of training images whose class is hidden, so that guidance has a model without one.',
    }),
  },
  { additionalProperties: false },
);

export type GatedPixelcnnConfig = Static<typeof gatedPixelcnnSchema>;
