// PixelCNN++ over host memory, for sampling: the stream of the rows above a row at a time, when the row begins, and the
// other one pixel at a time. A halved feature is computed once, where the first pixel of its block is, and stays: no
// feature knows its own pixel. The channels of a pixel share its mixture.
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { LogisticMixture } from '../../math/logisticMixture';
import type { ImageDecoderOptions, ImageFacts } from '../imageFamily';
import { createPlane, HostConvolution, pixelAt, type Plane } from '../imageLayers';
import type { PixelStack } from '../rasterDecoder';
import type { PlusPlusConfig } from './schema';
import { walk, type LayerPlace } from './walk';
import {
  mixtureShape,
  norms,
  type BlockWeights,
  type NormedConvolution,
  type PlusPlusWeights,
} from './weights';

/** Features and their two ELUs, of every pixel of one size. */
interface HostFeature {
  readonly raw: Plane; // C
  readonly active: Plane; // 2C
}

interface Step {
  readonly place: LayerPlace;
  /** One pixel of one image, counted at the step's own size. */
  readonly run: (image: number, r: number, c: number) => void;
}

export class PlusPlusStack implements PixelStack {
  readonly input: Plane;
  private readonly steps: Step[] = [];
  private readonly head: HostConvolution;
  private readonly last: HostFeature;
  /** The head reads ELUs of the features alone, of the current pixel. */
  private readonly headIn: Plane;
  /** −1 … 1 and a feature of ones, of all that is set. */
  private readonly shown: Plane;
  private readonly params: Float64Array[];
  private readonly mixture: LogisticMixture;
  private readonly known: Int32Array;
  private readonly out: Float64Array;

  constructor(
    private readonly config: PlusPlusConfig,
    weights: PlusPlusWeights,
    private readonly options: ImageDecoderOptions,
    private readonly facts: ImageFacts,
  ) {
    const { rows } = options;
    const { height, width, channels } = facts;
    const C = config.width;
    this.input = createPlane(rows, height, width, channels);
    this.shown = createPlane(rows, height, width, channels + 1);
    this.head = hostOf(weights.head);
    this.headIn = createPlane(rows, 1, 1, C);
    this.mixture = new LogisticMixture(mixtureShape(config, facts));
    this.params = Array.from({ length: rows }, () => new Float64Array(this.head.outputs));
    this.known = new Int32Array(channels);
    this.out = new Float64Array(Math.max(4 * C, this.head.outputs));
    this.last = this.build(weights);
    this.beginRow(0);
  }

  rowDone(r: number): void {
    for (let image = 0; image < this.options.rows; image++) this.show(image, r, this.facts.width - 1);
    if (r + 1 < this.facts.height) this.beginRow(r + 1);
  }

  logits(r: number, c: number, channel: number, out: Float32Array): void {
    const { levels } = this.facts;
    for (let image = 0; image < this.options.rows; image++) {
      this.logitsOf(image, r, c, channel, out.subarray(image * levels, (image + 1) * levels));
    }
  }

  private logitsOf(row: number, r: number, c: number, channel: number, out: Float32Array): void {
    const { channels, levels } = this.facts;
    const params = this.params[row] as Float64Array;
    if (channel === 0) {
      if (c > 0) this.show(row, r, c - 1);
      for (const { place, run } of this.steps) {
        const side = 2 ** place.level;
        if (place.stream === 'across' && r % side === 0 && c % side === 0) run(row, r / side, c / side);
      }
      const { raw } = this.last;
      const start = pixelAt(raw, row, r, c);
      for (let o = 0; o < raw.features; o++) {
        this.headIn.values[row * raw.features + o] = elu(raw.values[start + o] as number);
      }
      this.head.at(this.headIn, row, 0, 0, [[0, this.head.outputs]], params);
    }
    const at = pixelAt(this.input, row, r, c);
    for (let k = 0; k < channels; k++) {
      this.known[k] = Math.round((this.input.values[at + k] as number) * (levels - 1));
    }
    this.mixture.levelLogProbs(params, 0, channel, this.known, 0, out, 0);
  }

  /** All of the vertical stream that begins in row r: it knows the rows above. */
  private beginRow(r: number): void {
    for (const { place, run } of this.steps) {
      const side = 2 ** place.level;
      if (place.stream !== 'vertical' || r % side !== 0) continue;
      for (let image = 0; image < this.options.rows; image++) {
        for (let c = 0; c * side < this.facts.width; c++) run(image, r / side, c);
      }
    }
  }

  /** A pixel that is complete, as the first convolutions read it. */
  private show(image: number, r: number, c: number): void {
    const from = pixelAt(this.input, image, r, c);
    const to = pixelAt(this.shown, image, r, c);
    for (let k = 0; k < this.facts.channels; k++) {
      this.shown.values[to + k] = 2 * (this.input.values[from + k] as number) - 1;
    }
    this.shown.values[to + this.facts.channels] = 1;
  }

  private build(weights: PlusPlusWeights): HostFeature {
    const { out, options } = this;
    const C = this.config.width;
    const layer = ({ id }: LayerPlace) => hostOf(weights.convolutions.get(id) as NormedConvolution);
    const made = (place: LayerPlace, compute: (image: number, r: number, c: number) => void): HostFeature => {
      const feature = this.feature(place.level);
      this.steps.push({
        place,
        run: (image, r, c) => {
          compute(image, r, c);
          keep(feature, image, r, c, out);
        },
      });
      return feature;
    };
    return walk<HostFeature>(this.config, {
      first: (place) => {
        const host = layer(place);
        return made(place, (image, r, c) => host.at(this.shown, image, r, c, [[0, C]], out));
      },
      halve: (place, { raw }) => {
        const host = layer(place);
        return made(place, (image, r, c) => host.at(raw, image, 2 * r, 2 * c, [[0, C]], out));
      },
      double: (place, { raw }) => {
        const host = layer(place);
        return made(place, (image, r, c) => {
          const quarter = 2 * (r % 2) + (c % 2);
          host.at(raw, image, r >> 1, c >> 1, [[quarter * C, (quarter + 1) * C]], out);
          out.copyWithin(0, quarter * C, (quarter + 1) * C);
        });
      },
      block: (place, x, aside) => {
        const block = weights.blocks.get(place.id) as BlockWeights;
        const [first, second] = [hostOf(block.first), hostOf(block.second)];
        const beside = block.aside && hostOf(block.aside);
        const besideIn = createPlane(options.rows, 1, 1, aside.length * 2 * C);
        const inner = this.feature(place.level).active;
        const classes = classRows(block.classes, options);
        const y = new Float64Array(C);
        // The second convolution reads neighbours' inner features: those of a whole row have to be there before.
        this.steps.push({
          place,
          run: (image, r, c) => {
            first.at(x.active, image, r, c, [[0, C]], out);
            y.set(out.subarray(0, C));
            if (beside) {
              for (const [index, { active }] of aside.entries()) {
                const start = pixelAt(active, image, r, c);
                besideIn.values.set(
                  active.values.subarray(start, start + 2 * C),
                  pixelAt(besideIn, image, 0, 0) + index * 2 * C,
                );
              }
              beside.at(besideIn, image, 0, 0, [[0, C]], out);
              for (let o = 0; o < C; o++) y[o] = (y[o] as number) + (out[o] as number);
            }
            activate(inner, image, r, c, y);
          },
        });
        return made(place, (image, r, c) => {
          second.at(inner, image, r, c, [[0, 2 * C]], out);
          if (classes)
            for (let o = 0; o < 2 * C; o++)
              out[o] = (out[o] as number) + (classes[image * 2 * C + o] as number);
          const start = pixelAt(x.raw, image, r, c);
          for (let o = 0; o < C; o++) {
            out[o] =
              (x.raw.values[start + o] as number) +
              (out[o] as number) / (1 + Math.exp(-(out[C + o] as number)));
          }
        });
      },
    });
  }

  private feature(level: number): HostFeature {
    const { height, width } = this.facts;
    const C = this.config.width;
    const plane = (features: number): Plane =>
      createPlane(this.options.rows, Math.ceil(height / 2 ** level), Math.ceil(width / 2 ** level), features);
    return { raw: plane(C), active: plane(2 * C) };
  }
}

function hostOf({ direction, gain }: NormedConvolution): HostConvolution {
  const { outputs, weight } = direction;
  const lengths = norms(weight);
  const gains = gain.dataSync();
  return new HostConvolution(
    direction,
    Float64Array.from({ length: outputs }, (_, o) => (gains[o] as number) / (lengths[o] as number)),
  );
}

function keep({ raw, active }: HostFeature, image: number, r: number, c: number, values: Float64Array): void {
  raw.values.set(values.subarray(0, raw.features), pixelAt(raw, image, r, c));
  activate(active, image, r, c, values);
}

function activate(plane: Plane, image: number, r: number, c: number, values: Float64Array): void {
  const start = pixelAt(plane, image, r, c);
  const C = plane.features / 2;
  for (let o = 0; o < C; o++) {
    plane.values[start + o] = elu(values[o] as number);
    plane.values[start + C + o] = elu(-(values[o] as number));
  }
}

function elu(x: number): number {
  return x >= 0 ? x : Math.expm1(x);
}

/** [rows, 2C]: what each image's class adds; null where no image has one. */
function classRows(table: Tensor2D | null, { rows, labels }: ImageDecoderOptions): Float32Array | null {
  if (!table || !labels?.some((label) => label >= 0)) return null;
  const values = table.dataSync();
  const width = table.shape[1];
  const result = new Float32Array(rows * width);
  for (const [row, label] of labels.entries()) {
    if (label >= 0) result.set(values.subarray(label * width, (label + 1) * width), row * width);
  }
  return result;
}
