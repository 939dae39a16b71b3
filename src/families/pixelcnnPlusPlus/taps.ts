// What PixelCNN++ reads. A feature that was halved n times lies where the top left pixel of its block of 2ⁿ × 2ⁿ is, so that
// its kernels are spread by 2ⁿ; a doubled one reads what lies at its block's.
import { mixtureParameters } from '../../math/logisticMixture';
import { WHOLE_PIXEL, type ConvolutionMask } from '../../nn/convolutionMask';
import type { GridTaps, TapGraph, TapNode } from '../family';
import type { ImageFacts } from '../imageFamily';
import { featureShape, logitsShape } from '../imageShapes';
import { parametersOf } from '../imageWeights';
import { deepestLayers } from '../pixelcnn/taps';
import type { PlusPlusConfig } from './schema';
import { walk, type LayerPlace } from './walk';
import { firstMask, laterMask, mixtureShape } from './weights';

/** Two convolutions in each block: half as many blocks reach as far as single layers. */
export function deepestPlusPlusTaps(config: PlusPlusConfig, facts: ImageFacts): TapGraph {
  return plusPlusTaps(config, facts, Math.max(config.layers, Math.ceil(deepestLayers(facts) / 2) + 1));
}

export function plusPlusTaps(config: PlusPlusConfig, facts: ImageFacts, finest = config.layers): TapGraph {
  const { width: C, kernel, firstKernel, classes } = config;
  const nodes: TapNode[] = [];
  const add = (node: TapNode): string => {
    nodes.push(node);
    return node.id;
  };
  const count = (mask: ConvolutionMask, inputs: number, outputs: number): number =>
    parametersOf(mask, inputs, outputs) + outputs;
  const words = ({ stream, level }: LayerPlace): string =>
    `${stream === 'vertical' ? 'rows above' : 'own row too'}${level === 0 ? '' : `, 1/${2 ** level} of the size`}`;
  const last = walk<string>(
    config,
    {
      first: (place) => {
        const mask = firstMask(place.stream, firstKernel);
        return add({
          id: place.id,
          title: `First convolution, ${words(place)}`,
          inputs: [{ from: 'input', taps: spread(mask, 1) }],
          parameters: count(mask, facts.channels + 1, C),
          shape: featureShape(facts, C),
        });
      },
      halve: (place, x) => {
        const mask = laterMask(place.stream, kernel);
        return add({
          id: place.id,
          title: `Halving, ${words(place)}`,
          inputs: [{ from: x, taps: spread(mask, 2 ** (place.level - 1)) }],
          parameters: count(mask, C, C),
          shape: featureShape(facts, C, place.level),
        });
      },
      double: (place, x) =>
        add({
          id: place.id,
          title: `Doubling, ${words(place)}`,
          inputs: [{ from: x, taps: { kind: 'block', side: 2 ** (place.level + 1) } }],
          parameters: count(WHOLE_PIXEL, C, 4 * C),
          shape: featureShape(facts, C, place.level),
        }),
      block: (place, x, aside) => {
        const taps = spread(laterMask(place.stream, kernel), 2 ** place.level);
        const own = spread(WHOLE_PIXEL, 1);
        const mask = laterMask(place.stream, kernel);
        const beside = aside.length === 0 ? 0 : count(WHOLE_PIXEL, aside.length * 2 * C, C);
        const inner = add({
          id: `${place.id}.first`,
          title: `Block, first convolution${aside.length === 0 ? '' : ' and what lies aside'}, ${words(place)}`,
          inputs: [{ from: x, taps }, ...aside.map((from) => ({ from, taps: own }))],
          parameters: count(mask, 2 * C, C) + beside,
          shape: featureShape(facts, C, place.level),
        });
        return add({
          id: place.id,
          title: `Block, gated second convolution and the sum with the input, ${words(place)}`,
          inputs: [
            { from: inner, taps },
            { from: x, taps: own },
          ],
          parameters: count(mask, 2 * C, 2 * C) + classes * 2 * C,
          shape: featureShape(facts, C, place.level),
          inside: [{ title: 'before the gate', shape: featureShape(facts, 2 * C, place.level) }],
        });
      },
    },
    finest,
  );
  add({
    id: 'output',
    title: 'Mixture of logistics, later channels given the earlier',
    inputs: [
      { from: last, taps: spread(WHOLE_PIXEL, 1) },
      { from: 'input', taps: { kind: 'grid', offsets: [], centre: 'before' } },
    ],
    parameters: count(WHOLE_PIXEL, C, mixtureParameters(mixtureShape(config, facts))),
    shape: logitsShape(facts),
  });
  return { nodes };
}

function spread({ offsets, centre }: ConvolutionMask, by: number): GridTaps {
  return {
    kind: 'grid',
    offsets: offsets.map(([rows, columns]) => [by * rows, by * columns] as const),
    centre,
  };
}

/** Of `createWeights`' names: a layer's own id, and of a block its first convolution with what lies aside. */
export function plusPlusNodeOf(variable: string): string {
  if (variable.startsWith('head.')) return 'output';
  const [, id, part] = /^(.+\.(?:vertical|across))(?:\.(first|aside))?\./.exec(variable) ?? [];
  return `${id}${part === undefined ? '' : '.first'}`;
}
