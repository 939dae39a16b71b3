// The gated stacks over host memory, for sampling: a row of the vertical stack when the row is complete (the horizontal
// stack reads it one row down), the horizontal stack one channel group of one pixel at a time.
import type { ImageDecoderOptions, ImageFacts } from '../imageFamily';
import { createPlane, HostConvolution, pixelAt, type FeatureRange, type Plane } from '../imageLayers';
import { rectifyInto } from '../pixelcnn/stack';
import type { PixelStack } from '../rasterDecoder';
import type { GatedPixelcnnConfig } from './schema';
import type { GatedLayer, GatedWeights } from './weights';

interface Layer {
  readonly vertical: HostConvolution;
  readonly across: HostConvolution;
  readonly fromVertical: HostConvolution;
  readonly out: HostConvolution;
  /** [rows, 2C]: what each image's class adds; null where no image has one. */
  readonly verticalClass: Float32Array | null;
  readonly acrossClass: Float32Array | null;
  /** Before and after the gate, and the horizontal features. */
  readonly vRaw: Plane;
  readonly v: Plane;
  readonly h: Plane;
  /** What `out` reads: of the current pixel only, but of all its channel groups so far. */
  readonly gated: Plane;
}

export class GatedStack implements PixelStack {
  private readonly layers: readonly Layer[];
  private readonly head: HostConvolution;
  private readonly last: HostConvolution;
  /** What the head and the logits read, of the current pixel only. */
  private readonly headIn: Plane;
  private readonly headOut: Plane;
  private readonly raw: Float64Array;
  private readonly down: Float64Array;
  private readonly outputs: Float64Array;
  private readonly width: number;

  constructor(
    config: GatedPixelcnnConfig,
    weights: GatedWeights,
    private readonly input: Plane,
    private readonly options: ImageDecoderOptions,
    private readonly facts: ImageFacts,
  ) {
    const { height, width, channels, levels } = facts;
    const { rows } = options;
    const C = (this.width = config.width);
    const plane = (features: number): Plane => createPlane(rows, height, width, features);
    this.layers = weights.layers.map((layer) => ({
      vertical: new HostConvolution(layer.vertical),
      across: new HostConvolution(layer.across),
      fromVertical: new HostConvolution(layer.fromVertical),
      out: new HostConvolution(layer.out),
      verticalClass: this.classRows(layer.verticalClass),
      acrossClass: this.classRows(layer.acrossClass),
      vRaw: plane(2 * C),
      v: plane(C),
      h: plane(C),
      gated: createPlane(rows, 1, 1, C),
    }));
    this.head = new HostConvolution(weights.head);
    this.last = new HostConvolution(weights.logits);
    this.headIn = createPlane(rows, 1, 1, C);
    this.headOut = createPlane(rows, 1, 1, C);
    this.raw = new Float64Array(2 * C);
    this.down = new Float64Array(2 * C);
    this.outputs = new Float64Array(channels * levels);
  }

  rowDone(r: number): void {
    const { width: C, raw } = this;
    for (let row = 0; row < this.options.rows; row++) {
      for (const [index, { vertical, verticalClass, vRaw, v }] of this.layers.entries()) {
        const before = index === 0 ? this.input : (this.layers[index - 1] as Layer).v;
        for (let c = 0; c < this.facts.width; c++) {
          vertical.at(before, row, r, c, [[0, 2 * C]], raw);
          addClass(verticalClass, row, [[0, 2 * C]], raw);
          vRaw.values.set(raw, pixelAt(vRaw, row, r, c));
          gateInto(v, row, r, c, [0, C], raw, C);
        }
      }
    }
  }

  logits(row: number, r: number, c: number, channel: number, out: Float32Array): void {
    const { width: C, raw, down, headIn, headOut, facts } = this;
    const range: FeatureRange = [(channel * C) / facts.channels, ((channel + 1) * C) / facts.channels];
    const both: FeatureRange[] = [range, [range[0] + C, range[1] + C]];
    for (const [index, layer] of this.layers.entries()) {
      const before = index === 0 ? this.input : (this.layers[index - 1] as Layer).h;
      layer.across.at(before, row, r, c, both, raw);
      layer.fromVertical.at(layer.vRaw, row, r, c, both, down);
      for (const [from, to] of both)
        for (let o = from; o < to; o++) raw[o] = (raw[o] as number) + (down[o] as number);
      addClass(layer.acrossClass, row, both, raw);
      gateInto(layer.gated, row, 0, 0, range, raw, C);
      layer.out.at(layer.gated, row, 0, 0, [range], raw);
      const start = pixelAt(layer.h, row, r, c);
      for (let o = range[0]; o < range[1]; o++) {
        layer.h.values[start + o] =
          (raw[o] as number) + (index === 0 ? 0 : (before.values[start + o] as number));
      }
    }
    const last = (this.layers.at(-1) as Layer).h;
    const start = pixelAt(last, row, r, c);
    for (let o = range[0]; o < range[1]; o++) raw[o] = last.values[start + o] as number;
    rectifyInto(headIn, row, 0, 0, range, raw);
    this.head.at(headIn, row, 0, 0, [range], raw);
    rectifyInto(headOut, row, 0, 0, range, raw);
    const { levels } = facts;
    this.last.at(headOut, row, 0, 0, [[channel * levels, (channel + 1) * levels]], this.outputs);
    for (let level = 0; level < levels; level++)
      out[level] = this.outputs[channel * levels + level] as number;
  }

  private classRows(table: GatedLayer['verticalClass']): Float32Array | null {
    const { rows, labels } = this.options;
    if (!table || !labels?.some((label) => label >= 0)) return null;
    const values = table.dataSync();
    const width = 2 * this.width;
    const result = new Float32Array(rows * width);
    for (const [row, label] of labels.entries()) {
      if (label >= 0) result.set(values.subarray(label * width, (label + 1) * width), row * width);
    }
    return result;
  }
}

function addClass(
  classes: Float32Array | null,
  row: number,
  ranges: readonly FeatureRange[],
  raw: Float64Array,
): void {
  if (!classes) return;
  const start = row * raw.length;
  for (const [from, to] of ranges) {
    for (let o = from; o < to; o++) raw[o] = (raw[o] as number) + (classes[start + o] as number);
  }
}

function gateInto(
  plane: Plane,
  row: number,
  r: number,
  c: number,
  [from, to]: FeatureRange,
  raw: Float64Array,
  C: number,
): void {
  const start = pixelAt(plane, row, r, c);
  for (let o = from; o < to; o++) {
    plane.values[start + o] = Math.tanh(raw[o] as number) / (1 + Math.exp(-(raw[C + o] as number)));
  }
}
