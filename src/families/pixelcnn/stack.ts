// PixelCNN's layers one channel group of one pixel at a time: what sampling recomputes for a new sub-pixel. Features of
// earlier pixels never change, because no layer reads ahead.
import type { ImageFacts } from '../imageFamily';
import type { FeatureRange, Plane } from '../imageLayers';
import type { Pixels, PixelStep, PixelSteps } from '../pixelSteps';
import { copyLogits, type PixelStack } from '../rasterDecoder';
import type { PixelcnnConfig } from './schema';
import type { PixelcnnWeights } from './weights';

export class PixelcnnStack implements PixelStack {
  readonly input: Plane;
  /** Of each channel. */
  private readonly steps: readonly PixelSteps[];
  private readonly out: Plane;

  constructor(
    config: PixelcnnConfig,
    weights: PixelcnnWeights,
    private readonly pixels: Pixels,
    private readonly facts: ImageFacts,
  ) {
    const { height, width, channels, levels } = facts;
    const C = config.width;
    const spot = (): Plane => pixels.plane(1, 1, C);
    this.input = pixels.plane(height, width, channels);
    this.out = pixels.plane(1, 1, channels * levels);
    // h before its ReLU, layer after layer, and after it, which is what the next convolution reads.
    const sum = config.residual ? spot() : undefined;
    const active = Array.from({ length: config.layers }, () => pixels.plane(height, width, C));
    // What 1 × 1 layers read: of the current pixel only, but of all its channel groups so far.
    const seen = weights.blocks.map(({ project }) => (project ? spot() : null));
    const headOut = spot();
    this.steps = Array.from({ length: channels }, (_, channel) => {
      const range: FeatureRange = [(channel * C) / channels, ((channel + 1) * C) / channels];
      const kept = sum && { keep: sum };
      const [first, ...later] = active as [Plane, ...Plane[]];
      const steps: PixelStep[] = [
        { reads: [{ plane: this.input, layer: weights.first }], range, ...kept, then: relu(first) },
      ];
      let before = first;
      for (const [index, { convolution, project }] of weights.blocks.entries()) {
        const into = later[index] as Plane;
        const inner = seen[index];
        steps.push({
          reads: [{ plane: before, layer: convolution }],
          range,
          then: relu(inner ?? into),
        });
        if (inner && project && sum) {
          steps.push({
            reads: [{ plane: inner, layer: project }],
            range,
            adds: [sum],
            keep: sum,
            then: relu(into),
          });
        }
        before = into;
      }
      steps.push(
        { reads: [{ plane: before, layer: weights.head }], range, then: relu(headOut) },
        {
          reads: [{ plane: headOut, layer: weights.logits }],
          range: [channel * levels, (channel + 1) * levels],
          keep: this.out,
        },
      );
      return pixels.steps(steps);
    });
  }

  logits(r: number, c: number, channel: number, out: Float32Array): void {
    this.steps[channel]?.run(r, c, 1);
    copyLogits(this.out, this.facts, channel, out);
  }

  dispose(): void {
    this.pixels.dispose();
  }
}

function relu(into: Plane): PixelStep['then'] & object {
  return { kind: 'relu', into };
}
