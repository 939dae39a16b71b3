// The family contract over any network of this folder: loss, logits, log-probs, attention maps, a cached decoder.
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
  Trace,
  TraceKind,
} from '../family';
import { rememberedPositions } from './network';
import type { DropoutAt, LayerAttention, Network } from './network';
import { NetworkDecoder } from './networkDecoder';

const FLOAT_BYTES = 4;

export class NetworkModel<C> implements Model<C> {
  readonly contextLength: number;
  readonly vocabulary: number;
  readonly variables: readonly NamedVariable[];
  readonly dependsOnLength: boolean;

  constructor(
    readonly config: C,
    private readonly network: Network,
  ) {
    this.contextLength = network.contextLength;
    this.vocabulary = network.vocabulary;
    this.variables = network.variables;
    this.dependsOnLength = network.rotation?.dependsOnLength ?? false;
  }

  loss(batch: TextBatch, options: LossOptions = {}): Scalar {
    return tidy(() => mean<Scalar>(this.nats(batch, this.dropoutFor(options))));
  }

  /** @param options while training, those that a step learns from */
  logits(inputs: Tensor<Rank.R2>, options: LossOptions = {}): Tensor<Rank.R3> {
    const [B, T] = inputs.shape;
    return tidy(() =>
      reshape<Rank.R3>(this.flatLogits(inputs, this.dropoutFor(options)), [B, T, this.vocabulary]),
    );
  }

  async logProb(batch: TextBatch): Promise<Float32Array> {
    const logProb = tidy(() => neg(this.nats(batch)));
    const values = (await logProb.data()) as Float32Array;
    logProb.dispose();
    return values;
  }

  decoder(): Decoder {
    return new NetworkDecoder(this.network);
  }

  cacheBytes(positions: number): number {
    const rows = this.network.layers.map((_, layer) => rememberedPositions(this.network, layer, positions));
    return 2 * FLOAT_BYTES * this.network.keyWidth * rows.reduce((sum, count) => sum + count, 0);
  }

  /** One attention trace for each row of `inputs` [B, T]. */
  async trace(
    inputs: Tensor<Rank.R2>,
    kinds: readonly TraceKind[],
    wanted?: readonly number[],
  ): Promise<Trace[]> {
    if (!kinds.includes('attention')) return [];
    const [B, T] = inputs.shape;
    const { heads } = this.network;
    const layers = wanted?.length ?? this.network.layers.length;
    const traces = Array.from({ length: B }, (): Trace => {
      const values = new Float32Array(layers * heads * T * T);
      return { kind: 'attention', layers, heads, length: T, values };
    });
    const probabilities = tidy(() => {
      const byLayer: Tensor[] = [];
      this.stream(inputs, undefined, (qkv, layer) => {
        if (wanted?.includes(layer) === false) return;
        byLayer.push(attentionProbabilities(qkv, { batch: B, ...this.layer(layer) })); // [B, H, T, T]
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
    const found = tidy(() => {
      const rows: Tensor[] = [];
      this.stream(inputs, undefined, (qkv, at) => {
        if (at === layer) rows.push(attentionRowScores(qkv, { ...this.layer(layer), head, row }));
      }).dispose();
      return rows;
    });
    const [tensor] = found;
    if (tensor === undefined) throw new RangeError(`attentionRow: expected one of the layers, got ${layer}`);
    const scores = Float32Array.from(await tensor.data());
    tensor.dispose();
    return { scores, size: this.network.headSize };
  }

  dispose(): void {
    for (const { variable } of this.variables) variable.dispose();
    this.network.rotation?.dispose();
  }

  private layer(layer: number): LayerAttention {
    return this.network.layers[layer] as LayerAttention;
  }

  /** Nats of each target, [B·T]. */
  private nats({ inputs, targets }: TextBatch, dropoutAt?: DropoutAt) {
    return crossEntropy(this.flatLogits(inputs, dropoutAt), reshape(targets, [targets.size]));
  }

  /** [B·T, V] */
  private flatLogits(inputs: Tensor2D, dropoutAt?: DropoutAt): Tensor2D {
    return this.network.head(this.stream(inputs, dropoutAt));
  }

  /** [B·T, C] */
  private stream(
    inputs: Tensor2D,
    dropoutAt?: DropoutAt,
    see?: (qkv: Tensor2D, layer: number) => void,
  ): Tensor2D {
    const batch = inputs.shape[0];
    const attend = (qkv: Tensor2D, layer: number): Tensor2D => {
      see?.(qkv, layer);
      const options = { batch, ...this.layer(layer) };
      return causalAttention(qkv, dropoutAt ? { ...options, dropout: dropoutAt(3 * layer) } : options);
    };
    return this.network.stream(inputs, { start: 0, attend, ...(dropoutAt && { dropoutAt }) });
  }

  private dropoutFor({ training }: LossOptions): DropoutAt | undefined {
    const { dropout: rate } = this.network;
    if (training === undefined || rate === 0) return undefined;
    const seed = dropoutSeed(training.seed, training.step);
    return (place): DropoutChoice => ({ rate, seed, stream: place });
  }
}
