// What the two stacks read: the masks that the weights are made with.
import type { TapGraph, TapNode } from '../family';
import type { ImageFacts } from '../imageFamily';
import { parametersOf } from '../imageWeights';
import { gridTaps } from '../pixelcnn/taps';
import { horizontalMask, OWN_PIXEL, ROW_ABOVE, verticalMask } from '../../nn/convolutionMask';
import type { GatedPixelcnnConfig } from './schema';

export function gatedTaps(config: GatedPixelcnnConfig, facts: ImageFacts): TapGraph {
  const { width: C, classes } = config;
  const nodes: TapNode[] = [];
  for (let layer = 0; layer < config.layers; layer++) {
    const first = layer === 0;
    const kernel = first ? config.firstKernel : config.kernel;
    const inputs = first ? facts.channels : C;
    const down = verticalMask(kernel);
    const across = horizontalMask(kernel, first ? 'A' : 'B');
    nodes.push({
      id: `vertical${layer}`,
      title: `Vertical, rows above and own, ${kernel} wide`,
      inputs: [{ from: first ? 'input' : `vertical${layer - 1}`, taps: gridTaps(down) }],
      parameters: parametersOf(down, inputs, 2 * C) + classes * 2 * C,
    });
    nodes.push({
      id: `horizontal${layer}`,
      title: `Horizontal ${first ? 'A' : 'B'}, ${kernel} wide, and the vertical stack one row up`,
      inputs: [
        { from: first ? 'input' : `layer${layer - 1}`, taps: gridTaps(across) },
        { from: `vertical${layer}`, taps: gridTaps(ROW_ABOVE) },
      ],
      parameters:
        parametersOf(across, inputs, 2 * C) + parametersOf(ROW_ABOVE, 2 * C, 2 * C) - 2 * C + classes * 2 * C,
    });
    nodes.push({
      id: `layer${layer}`,
      title: first ? 'Convolution 1 × 1' : 'Convolution 1 × 1, and the sum with the input',
      inputs: [
        { from: `horizontal${layer}`, taps: gridTaps(OWN_PIXEL) },
        ...(first ? [] : [{ from: `layer${layer - 1}`, taps: { kind: 'pointwise' } as const }]),
      ],
      parameters: parametersOf(OWN_PIXEL, C, C),
    });
  }
  const last = { from: `layer${config.layers - 1}`, taps: gridTaps(OWN_PIXEL) };
  nodes.push({
    id: 'head',
    title: 'Convolution 1 × 1',
    inputs: [last],
    parameters: parametersOf(OWN_PIXEL, C, C),
  });
  nodes.push({
    id: 'output',
    title: 'Logits',
    inputs: [{ from: 'head', taps: gridTaps(OWN_PIXEL) }],
    parameters: parametersOf(OWN_PIXEL, C, facts.channels * facts.levels),
  });
  return { nodes };
}
