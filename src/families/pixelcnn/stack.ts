// PixelCNN's layers one channel group of one pixel at a time, over host memory: what sampling recomputes for a new
// sub-pixel. Features of earlier pixels never change, because no layer reads ahead.
import type { ImageFacts } from '../imageFamily';
import { createPlane, HostConvolution, pixelAt, type FeatureRange, type Plane } from '../imageLayers';
import type { PixelStack } from '../rasterDecoder';
import type { PixelcnnConfig } from './schema';
import type { PixelcnnWeights } from './weights';

interface Block {
  readonly convolution: HostConvolution;
  readonly project: HostConvolution | null;
  /** What `project` reads: of the current pixel only, but of all its channel groups so far. */
  readonly seen: Plane;
}

export class PixelcnnStack implements PixelStack {
  private readonly first: HostConvolution;
  private readonly blocks: readonly Block[];
  private readonly head: HostConvolution;
  private readonly last: HostConvolution;
  /** h of each layer before its ReLU, and the same after it, which is what the next convolution reads. */
  private readonly sums: Plane[];
  private readonly active: Plane[];
  /** What the logits read, of the current pixel only. */
  private readonly headOut: Plane;
  private readonly features: Float64Array;
  private readonly outputs: Float64Array;
  private readonly groups: readonly FeatureRange[];

  constructor(
    config: PixelcnnConfig,
    weights: PixelcnnWeights,
    private readonly input: Plane,
    rows: number,
    private readonly facts: ImageFacts,
  ) {
    const { height, width, channels, levels } = facts;
    const C = config.width;
    this.first = new HostConvolution(weights.first);
    this.blocks = weights.blocks.map(({ convolution, project }) => ({
      convolution: new HostConvolution(convolution),
      project: project && new HostConvolution(project),
      seen: createPlane(rows, 1, 1, C),
    }));
    this.head = new HostConvolution(weights.head);
    this.last = new HostConvolution(weights.logits);
    const planes = (): Plane[] =>
      Array.from({ length: config.layers }, () => createPlane(rows, height, width, C));
    this.sums = config.residual ? planes() : [];
    this.active = planes();
    this.headOut = createPlane(rows, 1, 1, C);
    this.features = new Float64Array(C);
    this.outputs = new Float64Array(channels * levels);
    this.groups = Array.from({ length: channels }, (_, group) => [
      (group * C) / channels,
      ((group + 1) * C) / channels,
    ]);
  }

  logits(row: number, r: number, c: number, channel: number, out: Float32Array): void {
    const range = this.groups[channel] as FeatureRange;
    const ranges = [range];
    const { features, headOut } = this;
    this.first.at(this.input, row, r, c, ranges, features);
    this.keep(0, row, r, c, range);
    for (const [index, { convolution, project, seen }] of this.blocks.entries()) {
      const before = this.active[index] as Plane;
      convolution.at(before, row, r, c, ranges, features);
      if (project) {
        rectifyInto(seen, row, 0, 0, range, features);
        project.at(seen, row, 0, 0, ranges, features);
        const sum = this.sums[index] as Plane;
        const start = pixelAt(sum, row, r, c);
        for (let o = range[0]; o < range[1]; o++) {
          features[o] = (features[o] as number) + (sum.values[start + o] as number);
        }
      }
      this.keep(index + 1, row, r, c, range);
    }
    this.head.at(this.active.at(-1) as Plane, row, r, c, ranges, features);
    rectifyInto(headOut, row, 0, 0, range, features);
    const { levels } = this.facts;
    this.last.at(headOut, row, 0, 0, [[channel * levels, (channel + 1) * levels]], this.outputs);
    for (let level = 0; level < levels; level++)
      out[level] = this.outputs[channel * levels + level] as number;
  }

  private keep(layer: number, row: number, r: number, c: number, [from, to]: FeatureRange): void {
    const sum = this.sums[layer];
    if (sum) {
      const start = pixelAt(sum, row, r, c);
      for (let o = from; o < to; o++) sum.values[start + o] = this.features[o] as number;
    }
    rectifyInto(this.active[layer] as Plane, row, r, c, [from, to], this.features);
  }
}

export function rectifyInto(
  plane: Plane,
  row: number,
  r: number,
  c: number,
  [from, to]: FeatureRange,
  features: Float64Array,
): void {
  const start = pixelAt(plane, row, r, c);
  for (let o = from; o < to; o++) plane.values[start + o] = Math.max(0, features[o] as number);
}
