// Gated PixelCNN (van den Oord, Kalchbrenner, Vinyals, Espeholt, Graves, Kavukcuoglu 2016, arXiv:1606.05328, section 2.3):
//   v' = V(v) + a(class) + A(s)                           rows above and its own, all channels
//   h' = H(h) + D(v' of the row above) + b(class) + B(s)  its own row to the left
//   v  = gate(v'),  h = O(gate(h')) + h                   gate: tanh ⊙ σ; the first layer has no sum
// so that the two together see all that comes before and nothing else. A condition's s = ReLU(m(condition)) lies outside
// the order: m, A and B (1 × 1, the paper's V of section 2.3) are not masked. Deviations: a level enters as a number from 0 to
// 1, and the head reads the last h alone (no skip connections).
import { add, cast, keep, matMul, oneHot, relu, reshape, tidy } from '@tensorflow/tfjs-core';
import type { Rank, Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { gate } from '../../nn/gate';
import { withPixels } from '../choosePixels';
import type { LossOptions, NamedVariable, WeightSource } from '../family';
import type {
  Gates,
  GateTrace,
  ImageBatch,
  ImageDecoder,
  ImageDecoderOptions,
  ImageFacts,
  ImageModel,
} from '../imageFamily';
import { convolve, RECTIFIED } from '../imageLayers';
import type { Convolution } from '../imageWeights';
import { logProbOf, meanNats, scaledPixels, subpixelNats, withHiddenLabels } from '../imageModel';
import { RasterDecoder } from '../rasterDecoder';
import type { GatedPixelcnnConfig } from './schema';
import { GatedStack } from './stack';
import { createWeights, type GatedWeights } from './weights';

export class GatedPixelcnnModel implements ImageModel<GatedPixelcnnConfig> {
  private readonly weights: GatedWeights;

  constructor(
    readonly config: GatedPixelcnnConfig,
    readonly facts: ImageFacts,
    from: number | WeightSource,
  ) {
    this.weights = createWeights(config, facts, from);
  }

  get classes(): number {
    return this.config.classes;
  }

  get variables(): readonly NamedVariable[] {
    return this.weights.all.variables;
  }

  loss(batch: ImageBatch, options: LossOptions = {}): Scalar {
    return tidy(() => meanNats(this.logits(batch, options), batch.pixels));
  }

  logProb(batch: ImageBatch): Promise<Float32Array> {
    return logProbOf(tidy(() => subpixelNats(this.logits(batch), batch.pixels)));
  }

  logits(batch: ImageBatch, options: LossOptions = {}): Tensor<Rank.R5> {
    const { head, logits } = this.weights;
    const [B, H, W, channels] = batch.pixels.shape;
    return tidy(() => {
      const h = this.stacks(withHiddenLabels(batch, this.config.labelDropout, options));
      const flat = convolve(convolve(h, head, RECTIFIED), logits, RECTIFIED);
      return reshape(flat, [B, H, W, channels, this.facts.levels]);
    });
  }

  get gates(): Gates {
    return {
      layers: this.config.layers,
      trace: async (batch, layer) => {
        const before: Tensor4D[] = [];
        tidy(() => {
          this.stacks(batch, (index, ...raw) => {
            if (index === layer) before.push(...raw.map((each) => keep(each)));
          });
        });
        const [vertical, horizontal] = await Promise.all(before.map((raw) => raw.data()));
        const width = before[0]?.shape[3] ?? 0;
        for (const raw of before) raw.dispose();
        return [
          { stack: 'vertical', ...halves(vertical ?? [], width) },
          { stack: 'horizontal', ...halves(horizontal ?? [], width) },
        ];
      },
    };
  }

  /**
   * The horizontal stack's last features [B, H, W, C].
   * @param visit what each layer's gates are given, [B, H, W, 2C]: the vertical stack's, the horizontal stack's
   */
  private stacks(
    { pixels, labels, condition }: ImageBatch,
    visit?: (layer: number, vertical: Tensor4D, horizontal: Tensor4D) => void,
  ): Tensor4D {
    return tidy(() => {
      const x = scaledPixels(pixels, this.facts.levels);
      const chosen = labels && this.classes > 0 ? (oneHot(labels, this.classes) as Tensor2D) : null; // [B, classes]; −1: all zero
      const s = this.seenCondition(condition);
      let v: Tensor4D = x;
      let h: Tensor4D = x;
      for (const [index, layer] of this.weights.layers.entries()) {
        const data = { constantInput: index === 0 && pixels.dtype === 'int32' };
        const down = withClass(convolve(v, layer.vertical, data), layer.verticalClass, chosen);
        const vRaw = withCondition(down, layer.verticalCondition, s); // [B, H, W, 2C]
        const across = convolve(h, layer.across, data);
        const joined = convolve(vRaw, layer.fromVertical, { plus: across });
        const hRaw = withCondition(withClass(joined, layer.acrossClass, chosen), layer.acrossCondition, s);
        visit?.(index, vRaw, hRaw);
        if (index < this.config.layers - 1) v = gated(vRaw);
        h = convolve(gated(hRaw), layer.out, index === 0 ? {} : { plus: h }); // [B, H, W, C]
      }
      return h;
    });
  }

  /** s, [B, H, W, C]; null of a model without a condition. */
  private seenCondition(condition: ImageBatch['condition']): Tensor4D | null {
    const { condition: m } = this.weights;
    if (!m) return null;
    if (!condition) throw new Error('GatedPixelcnnModel: expected the condition of each image, got none');
    return relu(convolve(condition, m, { constantInput: true }));
  }

  decoder(options: ImageDecoderOptions): ImageDecoder {
    const { config, facts, weights } = this;
    const { height, width } = facts;
    return withPixels(
      { rows: options.rows, height, width },
      (pixels) => new RasterDecoder(facts, options, new GatedStack(config, weights, pixels, options, facts)),
    );
  }

  dispose(): void {
    this.weights.all.dispose();
  }
}

/** The class's row is added at every pixel. @param x [B, H, W, 2C] */
function withClass(x: Tensor4D, classes: Tensor2D | null, chosen: Tensor2D | null): Tensor4D {
  if (!classes || !chosen) return x;
  const [B, , , width] = x.shape;
  const bias = matMul<Tensor2D>(cast<Tensor2D>(chosen, 'float32'), classes); // [B, 2C]
  return add(x, reshape<Rank.R4>(bias, [B, 1, 1, width]));
}

/** @param x [B, H, W, 2C] @param s [B, H, W, C] */
function withCondition(x: Tensor4D, layer: Convolution | null, s: Tensor4D | null): Tensor4D {
  return layer && s ? convolve(s, layer, { plus: x }) : x;
}

/** @param x [B, H, W, 2C] @returns [B, H, W, C] */
function gated(x: Tensor4D): Tensor4D {
  const [B, H, W, width] = x.shape;
  return reshape(gate(reshape<Rank.R2>(x, [B * H * W, width])), [B, H, W, width / 2]);
}

/** The two halves of each row, as the gate makes them. @param raw [M, 2C] */
function halves(raw: ArrayLike<number>, width: number): Pick<GateTrace, 'filter' | 'gate'> {
  const C = width / 2;
  const at = (index: number, half: number): number =>
    raw[Math.floor(index / C) * width + half * C + (index % C)] ?? 0;
  const size = raw.length / 2;
  return {
    filter: Float32Array.from({ length: size }, (_, index) => Math.tanh(at(index, 0))),
    gate: Float32Array.from({ length: size }, (_, index) => 1 / (1 + Math.exp(-at(index, 1)))),
  };
}
