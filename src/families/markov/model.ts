// An order-n Markov table: what follows the last n symbols, counted. Fitted in closed form, so its loss has no gradient.
import { scalar, tensor, tensor3d, tidy, variable } from '@tensorflow/tfjs-core';
import type { Rank, Scalar, Tensor } from '@tensorflow/tfjs-core';
import { ArLensError } from '../../protocol/errors';
import type { Decoder, Model, NamedVariable, TextBatch, TextFacts, WeightSource } from '../family';
import { BackOffTable } from './backOff';
import { MarkovDecoder } from './decoder';
import { fromEntries, tableName, toEntries } from './entries';
import { countGrams } from './gramCounts';
import type { GramCounts } from './gramCounts';

export interface MarkovConfig {
  readonly order: number;
}

/** How much of a text is looked at together. The table itself never looks back further than its order. */
const WINDOW = 1024;
const LARGEST_EXACT = 2 ** 53;

export class MarkovModel implements Model<MarkovConfig> {
  readonly contextLength = WINDOW;
  readonly vocabulary: number;
  private readonly bos: number | undefined;
  private table!: BackOffTable;
  private stored: NamedVariable[] = [];

  constructor(
    readonly config: MarkovConfig,
    facts: TextFacts,
    from: number | WeightSource,
  ) {
    this.vocabulary = facts.vocabulary;
    this.bos = facts.bos;
    if (facts.vocabulary ** (config.order + 1) > LARGEST_EXACT) {
      const most = Math.floor(LARGEST_EXACT ** (1 / (config.order + 1)));
      throw new ArLensError(
        'unsupported',
        `model.order: a table of order ${config.order} expects a vocabulary of at most ${most}, got ${facts.vocabulary}.`,
      );
    }
    this.use(
      this.lengths().map((length) =>
        typeof from === 'number'
          ? { keys: new Float64Array(0), counts: new Float64Array(0) }
          : fromEntries(from(tableName(length), [-1, length + 1]), length, facts.vocabulary),
      ),
    );
  }

  /** New ones after each `fit`, because their sizes follow from the data. */
  get variables(): readonly NamedVariable[] {
    return this.stored;
  }

  /** Counts `elements`, with BOS in front where the model has one; what was counted before is forgotten. */
  fit(elements: Int32Array): void {
    const { bos, vocabulary } = this;
    const outside = elements.find((element) => element < 0 || element >= vocabulary);
    if (outside !== undefined) {
      throw new Error(`MarkovModel.fit: expected elements in [0, ${vocabulary}), got ${outside}`);
    }
    let sequence = elements;
    if (bos !== undefined && elements[0] !== bos) {
      sequence = new Int32Array(elements.length + 1);
      sequence[0] = bos;
      sequence.set(elements, 1);
    }
    this.use(
      this.lengths().map((length) => {
        // BOS in front is given, not predicted: it is no 1-gram.
        const counted = length === 1 && bos !== undefined ? sequence.subarray(1) : sequence;
        const { keys, counts } = countGrams(counted, length, vocabulary);
        return { keys, counts: counts.map(Math.fround) }; // as exact as the file will hold them
      }),
    );
  }

  loss(batch: TextBatch): Scalar {
    const nats = this.logProbs(batch);
    return scalar(-nats.reduce((sum, value) => sum + value, 0) / nats.length);
  }

  logits(inputs: Tensor<Rank.R2>): Tensor<Rank.R3> {
    const [B, T] = inputs.shape;
    const V = this.vocabulary;
    const values = new Float32Array(B * T * V);
    this.forEachPosition(inputs, (distribution, at) => {
      for (let w = 0; w < V; w++) values[at * V + w] = Math.log(distribution[w] as number);
    });
    return tensor3d(values, [B, T, V]);
  }

  logProb(batch: TextBatch): Promise<Float32Array> {
    return Promise.resolve(Float32Array.from(this.logProbs(batch)));
  }

  decoder(): Decoder {
    return new MarkovDecoder(this.config.order, this.vocabulary, () => this.table);
  }

  dispose(): void {
    for (const { variable: each } of this.stored) each.dispose();
    this.stored = [];
  }

  private lengths(): number[] {
    return Array.from({ length: this.config.order + 1 }, (_, order) => order + 1);
  }

  private use(grams: readonly GramCounts[]): void {
    this.table = new BackOffTable(this.vocabulary, grams);
    this.dispose();
    this.stored = grams.map((each, order) => {
      const length = order + 1;
      const entries = toEntries(each, length, this.vocabulary);
      const shape = [each.keys.length, length + 1];
      const created = tidy(() => variable(tensor(entries, shape, 'float32'), false));
      return { name: tableName(length), variable: created, decays: false };
    });
  }

  /** Nats, [B·T]. */
  private logProbs({ inputs, targets }: TextBatch): Float64Array {
    const chosen = targets.dataSync();
    const nats = new Float64Array(chosen.length);
    this.forEachPosition(inputs, (distribution, at) => {
      nats[at] = Math.log(distribution[chosen[at] as number] as number);
    });
    return nats;
  }

  private forEachPosition(inputs: Tensor<Rank.R2>, visit: (distribution: Float64Array, at: number) => void) {
    const [B, T] = inputs.shape;
    const ids = inputs.dataSync();
    const distribution = new Float64Array(this.vocabulary);
    for (let b = 0; b < B; b++) {
      for (let t = 0; t < T; t++) {
        const first = Math.max(0, t + 1 - this.config.order);
        const history = ids.subarray(b * T + first, b * T + t + 1);
        visit(this.table.distribution(history, distribution), b * T + t);
      }
    }
  }
}
