// Gated PixelCNN's variables. The vertical stack sees whole rows above and needs no channel groups; the horizontal
// stack's features come in equal runs for R, G and B, in both halves of the gate. A condition is masked nowhere.
import type { Rank, Tensor2D } from '@tensorflow/tfjs-core';
import type { WeightSource } from '../family';
import { conditionFeatures, type ImageFacts } from '../imageFamily';
import { groupIn, ImageWeights, type Convolution } from '../imageWeights';
import {
  horizontalMask,
  OWN_PIXEL,
  ROW_ABOVE,
  verticalMask,
  WHOLE_PIXEL,
  wholeMask,
} from '../../nn/convolutionMask';
import type { GatedPixelcnnConfig } from './schema';

export interface GatedLayer {
  readonly vertical: Convolution; // [in → 2C]
  readonly across: Convolution; // [in → 2C], type A in the first layer
  readonly fromVertical: Convolution; // [2C → 2C], the pixel above
  readonly out: Convolution; // [C → C], 1 × 1
  /** Added before the gates of the two stacks, [classes, 2C]; null without classes. */
  readonly verticalClass: Tensor2D | null;
  readonly acrossClass: Tensor2D | null;
  /** V ∗ s, added there too, [C → 2C], 1 × 1; null without a condition. */
  readonly verticalCondition: Convolution | null;
  readonly acrossCondition: Convolution | null;
}

export interface GatedWeights {
  /** m of s = ReLU(m(condition)), [features → C], as wide as the first kernel on all sides; null without a condition. */
  readonly condition: Convolution | null;
  readonly layers: readonly GatedLayer[];
  readonly head: Convolution; // [C → C], 1 × 1
  readonly logits: Convolution; // [C → channels · levels], 1 × 1
  readonly all: ImageWeights;
}

export function createWeights(
  config: GatedPixelcnnConfig,
  facts: ImageFacts,
  from: number | WeightSource,
): GatedWeights {
  const { width: C, classes } = config;
  const { channels, levels } = facts;
  const outputs = channels * levels;
  const seen = conditionFeatures(facts);
  const groupOfFeature = groupIn(C, channels);
  const groupOfHalf = (feature: number): number => groupOfFeature(feature % C);
  const inner = { inputs: C, outputs: C, groupOfInput: groupOfFeature, groupOfOutput: groupOfFeature };
  return new ImageWeights(from).build((all) => ({
    condition:
      seen === 0
        ? null
        : all.convolution('condition', { mask: wholeMask(config.firstKernel), inputs: seen, outputs: C }),
    layers: Array.from({ length: config.layers }, (_, layer): GatedLayer => {
      const name = `layers.${layer}`;
      const first = layer === 0;
      const kernel = first ? config.firstKernel : config.kernel;
      const inputs = first ? channels : C;
      const classBias = (stack: string): Tensor2D | null =>
        classes === 0 ? null : all.create<Rank.R2>(`${name}.${stack}.class`, [classes, 2 * C], 0.1);
      const conditionTerm = (stack: string): Convolution | null =>
        seen === 0
          ? null
          : all.convolution(`${name}.${stack}.condition`, {
              mask: WHOLE_PIXEL,
              inputs: C,
              outputs: 2 * C,
              gain: 1,
              bias: false,
            });
      return {
        vertical: all.convolution(`${name}.vertical`, {
          mask: verticalMask(kernel),
          inputs,
          outputs: 2 * C,
          gain: 1,
        }),
        across: all.convolution(`${name}.horizontal`, {
          mask: horizontalMask(kernel, first ? 'A' : 'B'),
          inputs,
          outputs: 2 * C,
          gain: 1,
          groupOfInput: first ? (channel) => channel : groupOfFeature,
          groupOfOutput: groupOfHalf,
        }),
        fromVertical: all.convolution(`${name}.down`, {
          mask: ROW_ABOVE,
          inputs: 2 * C,
          outputs: 2 * C,
          gain: 1,
          bias: false,
        }),
        out: all.convolution(`${name}.out`, { ...inner, mask: OWN_PIXEL, gain: 1 }),
        verticalClass: classBias('vertical'),
        acrossClass: classBias('horizontal'),
        verticalCondition: conditionTerm('vertical'),
        acrossCondition: conditionTerm('horizontal'),
      };
    }),
    head: all.convolution('head', { ...inner, mask: OWN_PIXEL }),
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
