// What PixelCNN's layers read: the masks that its weights are made with.
import type { GridTaps, TapGraph, TapNode } from '../family';
import { subpixelsOf, type ImageFacts } from '../imageFamily';
import { featureShape, logitsShape } from '../imageShapes';
import { parametersOf } from '../imageWeights';
import { OWN_PIXEL, rasterMask, type ConvolutionMask } from '../../nn/convolutionMask';
import type { PixelcnnConfig } from './schema';

export function gridTaps({ offsets, centre }: ConvolutionMask): GridTaps {
  return { kind: 'grid', offsets, centre };
}

export function pixelcnnTaps(config: PixelcnnConfig, facts: ImageFacts): TapGraph {
  const { width: C, kernel, firstKernel, residual } = config;
  const first = rasterMask(firstKernel, 'A');
  const later = rasterMask(kernel, 'B');
  const node = (
    id: string,
    title: string,
    from: string,
    mask: ConvolutionMask,
    [inputs, outputs]: readonly [number, number] = [C, C],
  ): TapNode => ({
    id,
    title,
    inputs: [{ from, taps: gridTaps(mask) }],
    parameters: parametersOf(mask, inputs, outputs),
    shape: id === 'output' ? logitsShape(facts) : featureShape(facts, outputs),
  });
  const nodes: TapNode[] = [
    node('layer0', `Convolution A ${firstKernel} × ${firstKernel}`, 'input', first, [facts.channels, C]),
  ];
  for (let layer = 1; layer < config.layers; layer++) {
    const before = `layer${layer - 1}`;
    const title = `Convolution B ${kernel} × ${kernel}`;
    if (!residual) {
      nodes.push(node(`layer${layer}`, title, before, later));
      continue;
    }
    nodes.push(node(`convolution${layer}`, title, before, later));
    const joined = node(`layer${layer}`, 'Sum with the input', `convolution${layer}`, OWN_PIXEL);
    const own = { from: before, taps: { kind: 'pointwise' } as const };
    nodes.push({ ...joined, inputs: [...joined.inputs, own] });
  }
  const outputs = facts.channels * facts.levels;
  nodes.push(node('head', 'Convolution 1 × 1', `layer${config.layers - 1}`, OWN_PIXEL));
  nodes.push(node('output', 'Logits', 'head', OWN_PIXEL, [C, outputs]));
  return { nodes };
}

/** Of `createWeights`' names. */
export function pixelcnnNodeOf(variable: string, { residual }: PixelcnnConfig): string {
  const [, block, part] = /^blocks\.(\d+)\.(\w+)\./.exec(variable) ?? [];
  if (block !== undefined)
    return `${residual && part === 'convolution' ? part : 'layer'}${Number(block) + 1}`;
  if (variable.startsWith('first.')) return 'layer0';
  return variable.startsWith('head.') ? 'head' : 'output';
}

/** A layer more reaches at least one pixel further where there is anything to reach: so many reach all of it. */
export function deepestLayers(facts: ImageFacts): number {
  return Math.min(subpixelsOf(facts), facts.height + facts.width) + 1;
}
