// PixelCNN++ (Salimans, Karpathy, Chen, Kingma 2017, arXiv:1701.05517): a stream of the rows above and one that knows its
// own row too, gated residual blocks with concatenated ELUs, halved and doubled with short-cuts, and for each pixel a
// mixture of discretised logistics. Of a block, with e = [elu(x), elu(−x)]:
//   y = K₁ e(x) + N e(aside);   (v, g) = K₂ dropout(e(y)) + class;   x + v σ(g)
// Deviations: one first convolution where the code sums two; doubled by 2 × 2 blocks; short-cuts' ELUs stand in another order.
import {
  add,
  concat,
  elu,
  moments,
  mul,
  neg,
  ones,
  reshape,
  sigmoid,
  slice,
  sub,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import { cast, matMul, oneHot, sqrt, div } from '@tensorflow/tfjs-core';
import type { Rank, Scalar, Tensor, Tensor1D, Tensor2D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import { dropout, dropoutSeed } from '../../nn/dropout';
import { mixtureLevels, mixtureLogProbs, mixtureNats } from '../../nn/logisticMixture';
import { maskedConvolution } from '../../nn/maskedConvolution';
import { halvedConvolution, spreadBlocks } from '../../nn/resampling';
import type { LossOptions, NamedVariable, WeightSource } from '../family';
import type { ImageBatch, ImageDecoder, ImageDecoderOptions, ImageFacts, ImageModel } from '../imageFamily';
import { scaledPixels, withHiddenLabels } from '../imageModel';
import { RasterDecoder } from '../rasterDecoder';
import type { PlusPlusConfig } from './schema';
import { PlusPlusStack } from './stack';
import { walk, type LayerPlace } from './walk';
import {
  createWeights,
  effective,
  mixtureShape,
  type BlockWeights,
  type NormedConvolution,
  type PlusPlusWeights,
} from './weights';

/** Features of one stream, and their two ELUs where somebody asks. */
class Feature {
  private both: Tensor4D | null = null;

  constructor(readonly raw: Tensor4D) {}

  get active(): Tensor4D {
    return (this.both ??= concatElu(this.raw));
  }
}

interface Pass {
  readonly training?: LossOptions['training'];
  /** Sets gains and biases on the way, so that the outputs of each layer have mean 0 and the layer's scale. */
  readonly initialises?: boolean;
}

type Compute = (x: Tensor4D, weight: Tensor2D, bias: Tensor1D | null) => Tensor4D;

export class PixelcnnPlusPlusModel implements ImageModel<PlusPlusConfig> {
  private readonly weights: PlusPlusWeights;

  constructor(
    readonly config: PlusPlusConfig,
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
    return tidy(() => {
      const params = this.trainingParams(batch, options);
      const nats = mixtureNats(params, batch.pixels, mixtureShape(this.config, this.facts));
      return div<Scalar>(sum(nats), batch.pixels.size);
    });
  }

  logits(batch: ImageBatch, options: LossOptions = {}): Tensor<Rank.R5> {
    const [B, H, W, channels] = batch.pixels.shape;
    return tidy(() => {
      const shape = mixtureShape(this.config, this.facts);
      const levels = mixtureLevels(this.trainingParams(batch, options), batch.pixels, shape);
      return reshape(levels, [B, H, W, channels, this.facts.levels]);
    });
  }

  async logProb(batch: ImageBatch): Promise<Float32Array> {
    const params = tidy(() => this.params(batch, {}));
    const values = await params.data<'float32'>();
    const logProbs = mixtureLogProbs(
      values,
      await batch.pixels.data<'int32'>(),
      mixtureShape(this.config, this.facts),
    );
    params.dispose();
    return logProbs;
  }

  initialise(batch: ImageBatch): void {
    tidy(() => void this.params(batch, { initialises: true }));
  }

  decoder(options: ImageDecoderOptions): ImageDecoder {
    const { config, facts, weights } = this;
    return new RasterDecoder(facts, options, new PlusPlusStack(config, weights, options, facts));
  }

  dispose(): void {
    this.weights.all.dispose();
  }

  /** With dropout and hidden labels where `options` say that it trains. */
  private trainingParams(batch: ImageBatch, options: LossOptions): Tensor2D {
    const shown = withHiddenLabels(batch, this.config.labelDropout, options);
    return this.params(shown, options.training ? { training: options.training } : {});
  }

  /** Every pixel's mixture. @returns [B·H·W, P] */
  private params({ pixels, labels }: ImageBatch, pass: Pass): Tensor2D {
    const { weights, facts, config } = this;
    const [B, H, W] = pixels.shape;
    const sizeAt = (level: number): [number, number] => [
      Math.ceil(H / 2 ** level),
      Math.ceil(W / 2 ** level),
    ];
    const convolution = ({ id }: LayerPlace) => weights.convolutions.get(id) as NormedConvolution;
    // −1 … 1, and a feature of ones, so that what lies outside is known from black.
    const shown = sub<Tensor4D>(mul(scaledPixels(pixels, facts.levels), 2), 1);
    const x = concat([shown, ones<Rank.R4>([B, H, W, 1])], 3);
    const chosen = labels && config.classes > 0 ? (oneHot(labels, config.classes) as Tensor2D) : null;
    let blocks = 0;
    const last = walk<Feature>(config, {
      first: (place) => new Feature(convolve(x, convolution(place), pass, pixels.dtype === 'int32')),
      halve: (place, { raw }) => {
        const layer = convolution(place);
        const { places } = layer.direction;
        return new Feature(
          normed(layer, raw, pass, (y, weight, bias) => halvedConvolution(y, weight, bias, places)),
        );
      },
      double: (place, { raw }) =>
        new Feature(spreadBlocks(convolve(raw, convolution(place), pass), sizeAt(place.level))),
      block: ({ id }, { raw, active }, aside) => {
        const block = weights.blocks.get(id) as BlockWeights;
        let y = convolve(active, block.first, pass);
        if (block.aside) {
          const beside = aside.map((feature) => feature.active);
          y = add(
            y,
            convolve(beside.length === 1 ? (beside[0] as Tensor4D) : concat(beside, 3), block.aside, pass),
          );
        }
        const inner = this.dropped(concatElu(y), blocks++, pass);
        const both = withClass(convolve(inner, block.second, pass), block.classes, chosen); // [B, H', W', 2C]
        return new Feature(add(raw, gatedBySigmoid(both)));
      },
    });
    const params = convolve(elu(last.raw), weights.head, pass);
    return reshape(params, [B * H * W, params.shape[3]]);
  }

  private dropped(x: Tensor4D, stream: number, { training }: Pass): Tensor4D {
    const { dropout: rate } = this.config;
    if (!training || rate === 0) return x;
    return dropout(x, { rate, seed: dropoutSeed(training.seed, training.step), stream });
  }
}

function convolve(x: Tensor4D, layer: NormedConvolution, pass: Pass, constantInput = false): Tensor4D {
  const { places } = layer.direction;
  return normed(layer, x, pass, (y, weight, bias) =>
    maskedConvolution(y, weight, bias, places, { constantInput }),
  );
}

function normed(layer: NormedConvolution, x: Tensor4D, { initialises }: Pass, compute: Compute): Tensor4D {
  if (initialises) initialiseLayer(layer, x, compute);
  const { weight, bias } = effective(layer);
  return compute(x, weight, bias);
}

/** Salimans, Kingma 2016, section 3: gain = scale / deviation and bias = −mean · gain of what the direction alone gives. */
function initialiseLayer({ direction, gain, scale }: NormedConvolution, x: Tensor4D, compute: Compute): void {
  tidy(() => {
    (gain as Variable<Rank.R1>).assign(ones<Rank.R1>(gain.shape));
    const { weight } = effective({ direction, gain, scale });
    const { mean, variance } = moments(compute(x, weight, null), [0, 1, 2]);
    const to = div<Tensor1D>(scale, sqrt(add(variance, 1e-8)));
    (gain as Variable<Rank.R1>).assign(to);
    (direction.bias as Variable<Rank.R1>).assign(neg(mul<Tensor1D>(mean as Tensor1D, to)));
  });
}

/** @param x [B, H, W, C] @returns [B, H, W, 2C] */
function concatElu(x: Tensor4D): Tensor4D {
  return tidy(() => elu(concat([x, neg(x)], 3)));
}

/** @param x [B, H, W, 2C]: values, then gates @returns [B, H, W, C] */
function gatedBySigmoid(x: Tensor4D): Tensor4D {
  const [B, H, W, width] = x.shape;
  const C = width / 2;
  return tidy(() =>
    mul<Tensor4D>(slice(x, [0, 0, 0, 0], [B, H, W, C]), sigmoid(slice(x, [0, 0, 0, C], [B, H, W, C]))),
  );
}

/** The class's row is added at every pixel; of no class, nothing. @param x [B, H, W, 2C] */
function withClass(x: Tensor4D, classes: Tensor2D | null, chosen: Tensor2D | null): Tensor4D {
  if (!classes || !chosen) return x;
  const rows = matMul<Tensor2D>(cast<Tensor2D>(chosen, 'float32'), classes); // [B, 2C]
  return add(x, reshape<Rank.R4>(rows, [x.shape[0], 1, 1, x.shape[3]]));
}
