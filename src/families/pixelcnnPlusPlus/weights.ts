// PixelCNN++'s variables: every convolution is weight-normed (Salimans, Kingma 2016, arXiv:1602.07868), a direction for
// each output and a gain. Features know nothing of their own pixel, so no channel group is masked.
import { div, mul, sqrt, square, sum, tidy } from '@tensorflow/tfjs-core';
import type { Rank, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { mixtureParameters } from '../../math/logisticMixture';
import {
  aboveLeftMask,
  nextToMask,
  rowsAboveMask,
  verticalMask,
  WHOLE_PIXEL,
  type ConvolutionMask,
} from '../../nn/convolutionMask';
import type { WeightSource } from '../family';
import type { ImageFacts } from '../imageFamily';
import { ImageWeights, type Convolution } from '../imageWeights';
import type { PlusPlusConfig } from './schema';
import { walk, type LayerPlace, type Stream } from './walk';

export interface NormedConvolution {
  /** Its weight is the direction only. */
  readonly direction: Convolution;
  readonly gain: Tensor1D; // [outputs]
  /** Standard deviation of its outputs after data-dependent initialisation. */
  readonly scale: number;
}

export interface BlockWeights {
  readonly first: NormedConvolution; // [2C → C]
  readonly aside: NormedConvolution | null; // [2C of each feature aside → C], 1 × 1
  readonly second: NormedConvolution; // [2C → 2C]: values, then gates
  /** Added before the gate, [classes, 2C]; null without classes. */
  readonly classes: Tensor2D | null;
}

export interface PlusPlusWeights {
  /** By id: of the first layers, of halving and of doubling ([C → 4C]: the four pixels of a block). */
  readonly convolutions: ReadonlyMap<string, NormedConvolution>;
  readonly blocks: ReadonlyMap<string, BlockWeights>;
  readonly head: NormedConvolution; // [C → parameters of a pixel's mixture], 1 × 1
  readonly all: ImageWeights;
}

export function firstMask(stream: Stream, kernel: number): ConvolutionMask {
  return stream === 'vertical' ? rowsAboveMask(kernel) : nextToMask(kernel);
}

export function laterMask(stream: Stream, kernel: number): ConvolutionMask {
  return stream === 'vertical' ? verticalMask(kernel) : aboveLeftMask(kernel);
}

/** Of the paper's code: second convolutions begin at a tenth, so that blocks begin near the identity. */
const SECOND_SCALE = 0.1;

export function createWeights(
  config: PlusPlusConfig,
  facts: ImageFacts,
  from: number | WeightSource,
): PlusPlusWeights {
  const { width: C, kernel, firstKernel, classes } = config;
  return new ImageWeights(from).build((all) => {
    const convolutions = new Map<string, NormedConvolution>();
    const blocks = new Map<string, BlockWeights>();
    const normed = (name: string, mask: ConvolutionMask, inputs: number, outputs: number, scale = 1) => {
      const direction = all.convolution(name, { mask, inputs, outputs, gain: scale });
      const gain = all.create<Rank.R1>(`${name}.gain`, [outputs], norms(direction.weight));
      return { direction, gain, scale };
    };
    const kept = (place: LayerPlace, mask: ConvolutionMask, inputs: number, outputs: number): LayerPlace => {
      convolutions.set(place.id, normed(place.id, mask, inputs, outputs));
      return place;
    };
    walk<LayerPlace>(config, {
      first: (place) => kept(place, firstMask(place.stream, firstKernel), facts.channels + 1, C),
      halve: (place) => kept(place, laterMask(place.stream, kernel), C, C),
      double: (place) => kept(place, WHOLE_PIXEL, C, 4 * C),
      block: (place, _, aside) => {
        const { id, stream } = place;
        const mask = laterMask(stream, kernel);
        const beside = aside.length * 2 * C;
        blocks.set(id, {
          first: normed(`${id}.first`, mask, 2 * C, C),
          aside: beside === 0 ? null : normed(`${id}.aside`, WHOLE_PIXEL, beside, C),
          second: normed(`${id}.second`, mask, 2 * C, 2 * C, SECOND_SCALE),
          classes: classes === 0 ? null : all.create<Rank.R2>(`${id}.class`, [classes, 2 * C], 0.1),
        });
        return place;
      },
    });
    const outputs = mixtureParameters(mixtureShape(config, facts));
    return { convolutions, blocks, head: normed('head', WHOLE_PIXEL, C, outputs), all };
  });
}

export function mixtureShape({ mixtures }: PlusPlusConfig, { channels, levels }: ImageFacts) {
  return { channels, levels, components: mixtures };
}

/** The convolution as it is computed: gain · direction / ‖direction‖, output by output. The caller disposes its weight. */
export function effective({ direction, gain }: NormedConvolution): Convolution {
  const weight = tidy(() => {
    const length = sqrt(sum(square(direction.weight), 0)); // [outputs]
    return mul<Tensor2D>(direction.weight, div(gain, length));
  });
  return { ...direction, weight };
}

/** A gain that leaves the direction as it is. */
function norms(weight: Tensor2D): Float32Array {
  const [rows, outputs] = weight.shape;
  const values = weight.dataSync();
  const squares = new Float64Array(outputs);
  for (let at = 0; at < rows * outputs; at++) {
    squares[at % outputs] = (squares[at % outputs] as number) + (values[at] as number) ** 2;
  }
  return Float32Array.from(squares, Math.sqrt);
}
