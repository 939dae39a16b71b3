// A Transformer over sub-pixels (after Chen and others 2020, "Generative Pretraining from Pixels"): the sequence is a start
// and then the levels in the order of generation; position i predicts the level of step i, so that the shifted causality
// of a text is the strict one of an image. The network is the Transformer family's, the start of an image says its class,
// and the head answers for levels only. Deviations: every sub-pixel is a step of its own, no palette of colours.
import { add, concat, gather, matMul, reshape, slice, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Rank, Scalar, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { causalAttention } from '../../nn/causalAttention';
import type { LossOptions, NamedVariable, TextBatch, WeightSource } from '../family';
import type { ImageBatch, ImageDecoder, ImageDecoderOptions, ImageFacts, ImageModel } from '../imageFamily';
import { withHiddenLabels } from '../imageModel';
import type { LayerAttention } from '../shared/network';
import { NetworkModel } from '../shared/networkModel';
import { transformerNetwork, type TransformerNetwork } from '../transformer/network';
import { PixelTransformerDecoder } from './decoder';
import { generationOrder, transformerOf, vocabularyOf, type PixelTransformerConfig } from './schema';

export class PixelTransformerModel implements ImageModel<PixelTransformerConfig> {
  private readonly network: TransformerNetwork;
  private readonly sequences: NetworkModel<PixelTransformerConfig>;
  /** Which sub-pixel comes at each step. */
  private readonly order: Int32Array;

  constructor(
    readonly config: PixelTransformerConfig,
    readonly facts: ImageFacts,
    from: number | WeightSource,
  ) {
    const vocabulary = vocabularyOf(config, facts);
    const network = transformerNetwork(transformerOf(config, facts), { vocabulary }, from);
    this.order = generationOrder(config, facts);
    this.network = {
      ...network,
      vocabulary: facts.levels,
      // No image continues with a start.
      head: (x) => slice(network.head(x), [0, 0], [x.shape[0], facts.levels]),
    };
    this.sequences = new NetworkModel(config, this.network);
  }

  get classes(): number {
    return this.config.classes;
  }

  get variables(): readonly NamedVariable[] {
    return this.sequences.variables;
  }

  loss(batch: ImageBatch, options: LossOptions = {}): Scalar {
    return tidy(() => {
      return this.sequences.loss(this.shown(batch, options), options);
    });
  }

  logits(batch: ImageBatch, options: LossOptions = {}): Tensor<Rank.R5> {
    const [B, H, W, channels] = batch.pixels.shape;
    return tidy(() => {
      const bySteps = this.sequences.logits(this.shown(batch, options).inputs, options); // [B, T, K]
      return reshape(this.placed(bySteps), [B, H, W, channels, this.facts.levels]);
    });
  }

  mixedLogits(shares: Tensor<Rank.R5>, labels?: ImageBatch['labels']): Tensor<Rank.R5> {
    const { network, order } = this;
    const [B, H, W, channels, K] = shares.shape;
    const [T, C] = [order.length, network.width];
    const classes = labels?.dataSync();
    return tidy(() => {
      const starts = Int32Array.from({ length: B }, (_, row) => this.start(classes?.[row] ?? -1));
      const parts: Tensor3D[] = [reshape(gather(network.tokens, starts), [B, 1, C])];
      if (T > 1) {
        const flat: Tensor3D = reshape(shares, [B, T, K]);
        const bySteps = this.config.order === 'raster' ? flat : gather(flat, order, 1);
        const before = reshape<Rank.R2>(slice(bySteps, [0, 0, 0], [B, T - 1, K]), [B * (T - 1), K]);
        parts.push(reshape(matMul(before, slice(network.tokens, [0, 0], [K, C])), [B, T - 1, C]));
      }
      const embedded = reshape<Rank.R2>(add(concat(parts, 1), network.positions), [B * T, C]);
      const attend = (qkv: Tensor2D, layer: number): Tensor2D =>
        causalAttention(qkv, { batch: B, ...(network.layers[layer] as LayerAttention) });
      const logits = network.head(network.blocks(embedded, { attend })); // [B·T, K]
      return reshape(this.placed(reshape<Rank.R3>(logits, [B, T, K])), [B, H, W, channels, K]);
    });
  }

  async logProb(batch: ImageBatch): Promise<Float32Array> {
    const sequence = this.sequence(batch);
    const bySteps = await this.sequences.logProb(sequence);
    sequence.inputs.dispose();
    sequence.targets.dispose();
    const { order } = this;
    const placed = new Float32Array(bySteps.length);
    for (let at = 0; at < placed.length; at++) {
      const step = at % order.length;
      placed[at - step + (order[step] ?? 0)] = bySteps[at] ?? NaN;
    }
    return placed;
  }

  decoder(options: ImageDecoderOptions): ImageDecoder {
    const starts = Array.from({ length: options.rows }, (_, row) => this.start(options.labels?.[row] ?? -1));
    return new PixelTransformerDecoder(this.network, this.facts, this.order, starts);
  }

  dispose(): void {
    this.sequences.dispose();
  }

  /** From the order of generation to where each sub-pixel lies. @param bySteps [B, T, K] @returns [B, T, K] */
  private placed(bySteps: Tensor3D): Tensor3D {
    if (this.config.order === 'raster') return bySteps;
    const steps = new Int32Array(this.order.length);
    this.order.forEach((subpixel, step) => (steps[subpixel] = step));
    return gather(bySteps, steps, 1);
  }

  /** The start of an image: of no class, or of its own. */
  private start(label: number): number {
    return this.facts.levels + 1 + Math.min(label, this.config.classes - 1);
  }

  private shown(batch: ImageBatch, options: LossOptions): TextBatch {
    return this.sequence(withHiddenLabels(batch, this.config.labelDropout, options));
  }

  /** Levels in the order of generation, behind the start: [B, T] and what follows each, [B, T]. */
  private sequence({ pixels, labels }: ImageBatch): TextBatch {
    const { order } = this;
    const T = order.length;
    const [B] = pixels.shape;
    if (pixels.size !== B * T) {
      const { height, width, channels } = this.facts;
      throw new Error(
        `pixelTransformer: expected images of ${height} × ${width} × ${channels}, got [${pixels.shape.join(', ')}]`,
      );
    }
    const values = pixels.dataSync();
    const classes = labels?.dataSync();
    const inputs = new Int32Array(B * T);
    const targets = new Int32Array(B * T);
    for (let row = 0; row < B; row++) {
      inputs[row * T] = this.start(classes?.[row] ?? -1);
      for (let step = 0; step < T; step++) {
        const level = values[row * T + (order[step] ?? 0)] ?? 0;
        targets[row * T + step] = level;
        if (step + 1 < T) inputs[row * T + step + 1] = level;
      }
    }
    return { inputs: tensor2d(inputs, [B, T], 'int32'), targets: tensor2d(targets, [B, T], 'int32') };
  }
}
