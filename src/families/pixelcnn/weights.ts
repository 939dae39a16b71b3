// PixelCNN's variables. Features come in equal runs for R, G and B, and masks keep their order in every layer.
import type { WeightSource } from '../family';
import type { ImageFacts } from '../imageFamily';
import { groupIn, ImageWeights, type Convolution } from '../imageWeights';
import { OWN_PIXEL, rasterMask } from '../../nn/convolutionMask';
import type { PixelcnnConfig } from './schema';

export interface PixelcnnBlock {
  readonly convolution: Convolution; // [C → C], kernel × kernel, type B
  readonly project: Convolution | null; // [C → C], 1 × 1, before the sum; only with `residual`
}

export interface PixelcnnWeights {
  readonly first: Convolution; // [channels → C], type A
  readonly blocks: readonly PixelcnnBlock[];
  readonly head: Convolution; // [C → C], 1 × 1
  readonly logits: Convolution; // [C → channels · levels], 1 × 1
  readonly all: ImageWeights;
}

/** He's initialisation; the logits begin near 0, that is near the uniform distribution. */
export function createWeights(
  config: PixelcnnConfig,
  facts: ImageFacts,
  from: number | WeightSource,
): PixelcnnWeights {
  const { width: C } = config;
  const { channels, levels } = facts;
  const outputs = channels * levels;
  const groupOfFeature = groupIn(C, channels);
  const features = { groupOfInput: groupOfFeature, groupOfOutput: groupOfFeature };
  const inner = (mask: typeof OWN_PIXEL) => ({ mask, inputs: C, outputs: C, ...features });
  return new ImageWeights(from).build((all) => ({
    first: all.convolution('first', {
      mask: rasterMask(config.firstKernel, 'A'),
      inputs: channels,
      outputs: C,
      groupOfInput: (channel) => channel,
      groupOfOutput: groupOfFeature,
    }),
    blocks: Array.from({ length: config.layers - 1 }, (_, index) => ({
      convolution: all.convolution(`blocks.${index}.convolution`, inner(rasterMask(config.kernel, 'B'))),
      project: config.residual
        ? all.convolution(`blocks.${index}.project`, {
            ...inner(OWN_PIXEL),
            // So that the sum of all blocks stays as large as their input.
            gain: Math.SQRT2 / Math.sqrt(config.layers),
          })
        : null,
    })),
    head: all.convolution('head', inner(OWN_PIXEL)),
    logits: all.convolution('logits', {
      mask: OWN_PIXEL,
      inputs: C,
      outputs,
      gain: 0.1,
      groupOfInput: groupOfFeature,
      groupOfOutput: groupIn(outputs, channels),
    }),
    all,
  }));
}
