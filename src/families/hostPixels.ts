// Steps in JavaScript over host memory: the plain reference, and what runs where there is no kernel for it.
import { createPlane, HostConvolution, pixelAt, type FeatureRange, type Plane } from './imageLayers';
import type { Convolution } from './imageWeights';
import type { Pixels, PixelStep, PixelSteps } from './pixelSteps';

export class HostPixels implements Pixels {
  /** A layer's weights are converted once, however many channel groups have steps of their own. */
  private readonly layers = new Map<Convolution, HostConvolution>();

  constructor(readonly rows: number) {}

  plane(height: number, width: number, features: number): Plane {
    return createPlane(this.rows, height, width, features);
  }

  steps(steps: readonly PixelStep[]): PixelSteps {
    const made = steps.map((step) => new HostStep(step, (layer) => this.host(layer)));
    return {
      run: (row, column, columns) => {
        for (const step of made) {
          for (let image = 0; image < this.rows; image++) {
            for (let c = column; c < column + columns; c++) step.at(image, row, c);
          }
        }
      },
    };
  }

  dispose(): void {
    this.layers.clear();
  }

  private host(layer: Convolution): HostConvolution {
    const known = this.layers.get(layer) ?? new HostConvolution(layer);
    this.layers.set(layer, known);
    return known;
  }
}

class HostStep {
  private readonly reads: ReadonlyArray<{ readonly plane: Plane; readonly layer: HostConvolution }>;
  private readonly ranges: readonly FeatureRange[];
  private readonly half: number;
  private readonly sum: Float64Array;
  private readonly term: Float64Array;

  constructor(
    private readonly step: PixelStep,
    hostOf: (layer: Convolution) => HostConvolution,
  ) {
    this.reads = step.reads.map(({ plane, layer }) => ({ plane, layer: hostOf(layer) }));
    const outputs = step.reads[0]?.layer.outputs ?? 0;
    const [from, to] = step.range;
    this.half = outputs / 2;
    this.ranges =
      step.then?.kind === 'gate' ? [step.range, [from + this.half, to + this.half]] : [step.range];
    this.sum = new Float64Array(outputs);
    this.term = new Float64Array(outputs);
  }

  at(image: number, r: number, c: number): void {
    const { reads, ranges, sum, term } = this;
    const { adds = [], keep, then } = this.step;
    for (const [index, { plane, layer }] of reads.entries()) {
      layer.at(plane, image, rowIn(plane, r), columnIn(plane, c), ranges, index === 0 ? sum : term);
      if (index > 0) for (const range of ranges) add(sum, range, term, 0);
    }
    for (const plane of adds) {
      for (const range of ranges) add(sum, range, plane.values, startIn(plane, image, r, c));
    }
    if (keep) {
      const start = startIn(keep, image, r, c);
      for (const [from, to] of ranges) {
        for (let o = from; o < to; o++) keep.values[start + o] = sum[o] as number;
      }
    }
    if (!then) return;
    const { values } = then.into;
    const start = startIn(then.into, image, r, c);
    const [from, to] = this.step.range;
    for (let o = from; o < to; o++) {
      const value = sum[o] as number;
      values[start + o] =
        then.kind === 'relu'
          ? Math.max(0, value)
          : Math.tanh(value) / (1 + Math.exp(-(sum[this.half + o] as number)));
    }
  }
}

function add(sum: Float64Array, [from, to]: FeatureRange, values: ArrayLike<number>, start: number): void {
  for (let o = from; o < to; o++) sum[o] = (sum[o] as number) + (values[start + o] as number);
}

function rowIn({ height, width }: Plane, r: number): number {
  return height === 1 && width === 1 ? 0 : r;
}

function columnIn({ height, width }: Plane, c: number): number {
  return height === 1 && width === 1 ? 0 : c;
}

function startIn(plane: Plane, image: number, r: number, c: number): number {
  return pixelAt(plane, image, rowIn(plane, r), columnIn(plane, c));
}
