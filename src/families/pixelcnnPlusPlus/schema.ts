// PixelCNN++'s hyper-parameters.
import { Type, type Static } from '@sinclair/typebox';
import type { ImageFacts } from '../imageFamily';

export const plusPlusSchema = Type.Object(
  {
    layers: Type.Integer({
      default: 2,
      minimum: 1,
      maximum: 32,
      description: 'Residual blocks of each stream at each size on the way down; on the way up, one more.',
    }),
    width: Type.Integer({
      default: 32,
      minimum: 1,
      maximum: 1024,
      description: 'Features of each pixel in each stream.',
    }),
    kernel: Type.Integer({ default: 3, minimum: 1, maximum: 15, description: 'Side of the kernels, odd.' }),
    firstKernel: Type.Integer({
      default: 3,
      minimum: 1,
      maximum: 31,
      description: 'Side of the first layer’s kernels, odd.',
    }),
    halvings: Type.Integer({
      default: 2,
      minimum: 0,
      maximum: 6,
      description:
        'How often height and width are halved, and doubled again with short-cuts; odd sizes round up.',
    }),
    mixtures: Type.Integer({
      default: 5,
      minimum: 1,
      maximum: 100,
      description: 'Logistics whose mixture each pixel is drawn from.',
    }),
    dropout: Type.Number({
      default: 0,
      minimum: 0,
      exclusiveMaximum: 1,
      description: 'Share of values dropped in each block while training; the paper takes 0.5.',
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

export type PlusPlusConfig = Static<typeof plusPlusSchema>;

/** A size of one pixel has nothing left to halve. */
export function halvingProblem({ halvings }: PlusPlusConfig, { height, width }: ImageFacts): string | null {
  const most = Math.ceil(Math.log2(Math.max(height, width)));
  if (halvings <= most) return null;
  return `model.halvings: expected at most ${most} for images of ${width} × ${height}, which are one pixel then, got ${halvings}`;
}
