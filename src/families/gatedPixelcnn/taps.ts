// What the two stacks read: the masks that the weights are made with.
import type { TapGraph, TapNode } from '../family';
import { conditionFeatures, type ImageFacts } from '../imageFamily';
import { featureShape, logitsShape } from '../imageShapes';
import { parametersOf } from '../imageWeights';
import { gridTaps } from '../pixelcnn/taps';
import { horizontalMask, OWN_PIXEL, ROW_ABOVE, verticalMask, wholeMask } from '../../nn/convolutionMask';
import type { GatedPixelcnnConfig } from './schema';

export function gatedTaps(config: GatedPixelcnnConfig, facts: ImageFacts): TapGraph {
  const { width: C, classes } = config;
  const nodes: TapNode[] = [];
  const stream = featureShape(facts, C);
  const gated = { shape: stream, inside: [{ title: 'before the gate', shape: featureShape(facts, 2 * C) }] };
  const seen = conditionFeatures(facts);
  if (seen > 0) {
    const mask = wholeMask(config.firstKernel);
    nodes.push({
      id: 'condition',
      title: `Condition, ${config.firstKernel} wide, unmasked: outside the order`,
      inputs: [],
      parameters: parametersOf(mask, seen, C),
      shape: stream,
    });
  }
  // It holds no pixel of the image: what reads it reads no more of those.
  const condition = seen > 0 ? [{ from: 'condition', taps: { kind: 'pointwise' } as const }] : [];
  const conditionParameters = seen > 0 ? C * 2 * C : 0;
  for (let layer = 0; layer < config.layers; layer++) {
    const first = layer === 0;
    const kernel = first ? config.firstKernel : config.kernel;
    const inputs = first ? facts.channels : C;
    const down = verticalMask(kernel);
    const across = horizontalMask(kernel, first ? 'A' : 'B');
    nodes.push({
      id: `vertical${layer}`,
      title: `Vertical, rows above and own, ${kernel} wide`,
      inputs: [{ from: first ? 'input' : `vertical${layer - 1}`, taps: gridTaps(down) }, ...condition],
      parameters: parametersOf(down, inputs, 2 * C) + classes * 2 * C + conditionParameters,
      ...gated,
    });
    nodes.push({
      id: `horizontal${layer}`,
      title: `Horizontal ${first ? 'A' : 'B'}, ${kernel} wide, and the vertical stack one row up`,
      inputs: [
        { from: first ? 'input' : `layer${layer - 1}`, taps: gridTaps(across) },
        { from: `vertical${layer}`, taps: gridTaps(ROW_ABOVE) },
        ...condition,
      ],
      parameters:
        parametersOf(across, inputs, 2 * C) +
        parametersOf(ROW_ABOVE, 2 * C, 2 * C) -
        2 * C +
        classes * 2 * C +
        conditionParameters,
      ...gated,
    });
    nodes.push({
      id: `layer${layer}`,
      title: first ? 'Convolution 1 × 1' : 'Convolution 1 × 1, and the sum with the input',
      inputs: [
        { from: `horizontal${layer}`, taps: gridTaps(OWN_PIXEL) },
        ...(first ? [] : [{ from: `layer${layer - 1}`, taps: { kind: 'pointwise' } as const }]),
      ],
      parameters: parametersOf(OWN_PIXEL, C, C),
      shape: stream,
    });
  }
  const last = { from: `layer${config.layers - 1}`, taps: gridTaps(OWN_PIXEL) };
  nodes.push({
    id: 'head',
    title: 'Convolution 1 × 1',
    inputs: [last],
    parameters: parametersOf(OWN_PIXEL, C, C),
    shape: stream,
  });
  nodes.push({
    id: 'output',
    title: 'Logits',
    inputs: [{ from: 'head', taps: gridTaps(OWN_PIXEL) }],
    parameters: parametersOf(OWN_PIXEL, C, facts.channels * facts.levels),
    shape: logitsShape(facts),
  });
  return { nodes };
}

/** Of `createWeights`' names. */
export function gatedNodeOf(variable: string): string {
  const [, layer, part] = /^layers\.(\d+)\.(\w+)\./.exec(variable) ?? [];
  if (layer !== undefined)
    return `${part === 'vertical' ? part : part === 'out' ? 'layer' : 'horizontal'}${layer}`;
  const [own = ''] = variable.split('.');
  return own === 'head' || own === 'condition' ? own : 'output';
}
