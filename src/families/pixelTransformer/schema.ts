// The pixel Transformer's hyper-parameters.
import { Type, type Static } from '@sinclair/typebox';
import { SCAN_ORDERS, scanOrder, subpixelOrder } from '../../math/scanOrder';
import { subpixelsOf, type ImageFacts } from '../imageFamily';
import type { TransformerConfig } from '../transformer/schema';

export const pixelTransformerSchema = Type.Object(
  {
    layers: Type.Integer({
      default: 4,
      minimum: 1,
      maximum: 128,
      description: 'Blocks of attention and MLP.',
    }),
    heads: Type.Integer({
      default: 4,
      minimum: 1,
      maximum: 256,
      description: 'Attention heads of a block; must divide the width.',
    }),
    width: Type.Integer({
      default: 64,
      minimum: 1,
      maximum: 4096,
      description: 'Channels of the residual stream.',
    }),
    dropout: Type.Number({
      default: 0,
      minimum: 0,
      exclusiveMaximum: 1,
      description: 'Share of values dropped while training, as in the Transformer.',
    }),
    order: Type.Union(
      SCAN_ORDERS.map((name) => Type.Literal(name)),
      {
        default: 'raster',
        description:
          'In which order pixels are generated: rows, rows in turn from both sides, JPEG’s zigzag, anti-diagonals, columns, or at random.',
      },
    ),
    orderSeed: Type.Integer({
      default: 0,
      minimum: 0,
      maximum: 4_294_967_295,
      description: 'What the random order follows from; the others need none.',
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

export type PixelTransformerConfig = Static<typeof pixelTransformerSchema>;

/** Sub-pixels that attention still looks over: the maps grow with the square of them. */
const LONGEST = 4096;

/** What the schema cannot say. */
export function headsProblem({ width, heads }: PixelTransformerConfig): string | null {
  if (width % heads === 0) return null;
  return `model.width: expected a multiple of model.heads (${heads}), got ${width}`;
}

export function lengthProblem(_: PixelTransformerConfig, facts: ImageFacts): string | null {
  const length = subpixelsOf(facts);
  if (length <= LONGEST) return null;
  const { height, width, channels } = facts;
  return `data: expected images of at most ${LONGEST} sub-pixels for attention over all of them, got ${length} (${width} × ${height} × ${channels})`;
}

/** Which sub-pixel comes at each step. */
export function generationOrder({ order, orderSeed }: PixelTransformerConfig, facts: ImageFacts): Int32Array {
  return subpixelOrder(scanOrder(order, facts, orderSeed), facts.channels);
}

/** The Transformer that it is: one position for each sub-pixel. */
export function transformerOf(config: PixelTransformerConfig, facts: ImageFacts): TransformerConfig {
  const { layers, heads, width, dropout } = config;
  return { layers, heads, width, dropout, contextLength: subpixelsOf(facts) };
}

/** Levels, the start of an image without a class, and the start of each class. */
export function vocabularyOf({ classes }: PixelTransformerConfig, { levels }: ImageFacts): number {
  return levels + 1 + classes;
}
