// PixelCNN's hyper-parameters.
import { Type, type Static } from '@sinclair/typebox';
import type { ImageFacts } from '../imageFamily';

export const pixelcnnSchema = Type.Object(
  {
    layers: Type.Integer({
      default: 8,
      minimum: 1,
      maximum: 128,
      description: 'Masked convolutions in all: one of type A, the others of type B.',
    }),
    width: Type.Integer({
      default: 32,
      minimum: 1,
      maximum: 1024,
      description: 'Features of each pixel in each layer; a multiple of 3 for RGB, a third for each channel.',
    }),
    kernel: Type.Integer({
      default: 3,
      minimum: 1,
      maximum: 15,
      description: 'Side of the type-B kernels, odd.',
    }),
    firstKernel: Type.Integer({
      default: 7,
      minimum: 1,
      maximum: 31,
      description: 'Side of the first kernel, of type A, odd.',
    }),
    residual: Type.Boolean({
      default: true,
      description: 'Whether each type-B layer is added to its input, or replaces it.',
    }),
  },
  { additionalProperties: false },
);

export type PixelcnnConfig = Static<typeof pixelcnnSchema>;

/** Kernel sizes that have a centre. */
export function kernelProblem(config: {
  readonly kernel: number;
  readonly firstKernel: number;
}): string | null {
  for (const key of ['kernel', 'firstKernel'] as const) {
    if (config[key] % 2 === 0) return `model.${key}: expected an odd number, got ${config[key]}`;
  }
  return null;
}

/** Every channel has an equal share of the features. */
export function groupProblem({ width }: { readonly width: number }, { channels }: ImageFacts): string | null {
  if (width % channels === 0) return null;
  return `model.width: expected a multiple of ${channels} for images of ${channels} channels, got ${width}`;
}
