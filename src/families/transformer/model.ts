// A Transformer over tokens: GPT-2's architecture as tfjs variables and the capabilities of the family contract.
import { mean, neg, reshape, tidy } from '@tensorflow/tfjs-core';
import type { Rank, Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { attentionProbabilities, attentionRowScores, causalAttention } from '../../nn/causalAttention';
import { crossEntropy } from '../../nn/crossEntropy';
import { dropoutSeed } from '../../nn/dropout';
import type { DropoutChoice } from '../../nn/dropout';
import type {
  AttentionPlace,
  AttentionScores,
  Decoder,
  LossOptions,
  Model,
  NamedVariable,
  TextBatch,
  TextFacts,
  Trace,
  TraceKind,
  WeightSource,
} from '../family';
import { TransformerDecoder } from './decoder';
import { head, residualStream } from './forward';
import type { DropoutAt } from './forward';
import type { TransformerConfig } from './schema';
import { createWeights } from './weights';
import type { TransformerWeights } from './weights';

export class TransformerModel implements Model<TransformerConfig> {
  readonly contextLength: number;
  readonly vocabulary: number;
  readonly variables: readonly NamedVariable[];
  private readonly weights: TransformerWeights;

  constructor(
    readonly config: TransformerConfig,
    facts: TextFacts,
    from: number | WeightSource,
  ) {
    this.weights = createWeights(config, facts, from);
    this.variables = this.weights.variables;
    this.contextLength = config.contextLength;
    this.vocabulary = facts.vocabulary;
  }

  loss(batch: TextBatch, options: LossOptions = {}): Scalar {
    return tidy(() => mean<Scalar>(this.nats(batch, this.dropoutFor(options))));
  }

  logits(inputs: Tensor<Rank.R2>): Tensor<Rank.R3> {
    const [B, T] = inputs.shape;
    return tidy(() => reshape<Rank.R3>(this.flatLogits(inputs), [B, T, this.vocabulary]));
  }

  async logProb(batch: TextBatch): Promise<Float32Array> {
    const logProb = tidy(() => neg(this.nats(batch)));
    const values = (await logProb.data()) as Float32Array;
    logProb.dispose();
    return values;
  }

  decoder(): Decoder {
    return new TransformerDecoder(this.config, this.weights);
  }

  /** One attention trace for each row of `inputs` [B, T]. */
  async trace(
    inputs: Tensor<Rank.R2>,
    kinds: readonly TraceKind[],
    wanted?: readonly number[],
  ): Promise<Trace[]> {
    if (!kinds.includes('attention')) return [];
    const [B, T] = inputs.shape;
    const { heads } = this.config;
    const layers = wanted?.length ?? this.config.layers;
    const traces = Array.from({ length: B }, (): Trace => {
      const values = new Float32Array(layers * heads * T * T);
      return { kind: 'attention', layers, heads, length: T, values };
    });
    const probabilities = tidy(() => {
      const byLayer: Tensor[] = [];
      this.stream(inputs, undefined, (qkv, layer) => {
        if (wanted?.includes(layer) === false) return;
        byLayer.push(attentionProbabilities(qkv, { batch: B, heads })); // [B, H, T, T]
      }).dispose();
      return byLayer;
    });
    const size = heads * T * T;
    for (const [layer, tensor] of probabilities.entries()) {
      const values = await tensor.data();
      tensor.dispose();
      traces.forEach((trace, row) => {
        trace.values.set(values.subarray(row * size, (row + 1) * size), layer * size);
      });
    }
    return traces;
  }

  async attentionRow(
    inputs: Tensor<Rank.R2>,
    { layer, head, row }: AttentionPlace,
  ): Promise<AttentionScores> {
    const { heads, width } = this.config;
    const found = tidy(() => {
      const rows: Tensor[] = [];
      this.stream(inputs, undefined, (qkv, at) => {
        if (at === layer) rows.push(attentionRowScores(qkv, { heads, head, row }));
      }).dispose();
      return rows;
    });
    const [tensor] = found;
    if (tensor === undefined) throw new RangeError(`attentionRow: expected one of the layers, got ${layer}`);
    const scores = Float32Array.from(await tensor.data());
    tensor.dispose();
    return { scores, size: width / heads };
  }

  dispose(): void {
    for (const { variable } of this.variables) variable.dispose();
  }

  /** Nats of each target, [B·T]. */
  private nats({ inputs, targets }: TextBatch, dropoutAt?: DropoutAt) {
    return crossEntropy(this.flatLogits(inputs, dropoutAt), reshape(targets, [targets.size]));
  }

  /** [B·T, V] */
  private flatLogits(inputs: Tensor2D, dropoutAt?: DropoutAt): Tensor2D {
    return head({ config: this.config, weights: this.weights }, this.stream(inputs, dropoutAt));
  }

  /** [B·T, C] */
  private stream(
    inputs: Tensor2D,
    dropoutAt?: DropoutAt,
    see?: (qkv: Tensor2D, layer: number) => void,
  ): Tensor2D {
    const { config, weights } = this;
    const shape = { batch: inputs.shape[0], heads: config.heads };
    const attend = (qkv: Tensor2D, layer: number): Tensor2D => {
      see?.(qkv, layer);
      return causalAttention(qkv, dropoutAt ? { ...shape, dropout: dropoutAt(3 * layer) } : shape);
    };
    return residualStream({ config, weights, attend, ...(dropoutAt && { dropoutAt }) }, inputs, 0);
  }

  private dropoutFor({ training }: LossOptions): DropoutAt | undefined {
    if (training === undefined || this.config.dropout === 0) return undefined;
    const seed = dropoutSeed(training.seed, training.step);
    return (place): DropoutChoice => ({ rate: this.config.dropout, seed, stream: place });
  }
}
