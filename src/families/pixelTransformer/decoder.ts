// Sampling with keys and values remembered: one position of the network for each sub-pixel of several images, in the
// order of generation. Values that were set without asking for their distribution wait until somebody asks.
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import {
  createKeyValueCache,
  decodeAttention,
  disposeKeyValueCache,
  type KeyValueCache,
} from '../../nn/decodeAttention';
import type { ImageDecoder, ImageFacts } from '../imageFamily';
import type { LayerAttention, Network } from '../shared/network';

export class PixelTransformerDecoder implements ImageDecoder {
  readonly rows: number;
  private readonly caches: readonly KeyValueCache[];
  /** What the network has yet to read: the starts, then what was set. */
  private readonly waiting: Array<readonly number[]>;
  /** Sub-pixels that are set. */
  private step = 0;
  private readonly result: Float32Array;
  private disposed = false;

  constructor(
    private readonly network: Network,
    private readonly facts: ImageFacts,
    private readonly order: Int32Array,
    starts: readonly number[],
  ) {
    this.rows = starts.length;
    this.waiting = [starts];
    this.caches = network.layers.map(() => createKeyValueCache(this.rows, order.length, network.keyWidth));
    this.result = new Float32Array(this.rows * facts.levels);
  }

  get position(): number {
    return this.order[this.step] ?? this.order.length;
  }

  async next(): Promise<Float32Array> {
    this.requireLeft('next');
    for (let left = this.waiting.length; left > 0; left--) {
      const logits = this.read(this.waiting.shift() ?? [], this.step + 1 - left);
      if (left === 1) this.result.set(await logits.data());
      logits.dispose();
    }
    return this.result;
  }

  set(values: ArrayLike<number>): void {
    this.requireLeft('set');
    const { levels } = this.facts;
    if (values.length !== this.rows) {
      throw new Error(`ImageDecoder.set: expected ${this.rows} values, got ${values.length}`);
    }
    const elements = Array.from(values);
    const wrong = elements.find((value) => !Number.isInteger(value) || value < 0 || value >= levels);
    if (wrong !== undefined) {
      throw new Error(`ImageDecoder.set: expected a level in [0, ${levels}), got ${wrong}`);
    }
    this.waiting.push(elements);
    this.step++;
  }

  dispose(): void {
    this.step = this.order.length;
    if (this.disposed) return;
    this.disposed = true;
    this.caches.forEach(disposeKeyValueCache);
  }

  /** @returns the logits after `elements` [rows, levels] */
  private read(elements: readonly number[], position: number): Tensor2D {
    const { network, rows, caches } = this;
    return tidy(() => {
      const ids = tensor2d(Int32Array.from(elements), [rows, 1], 'int32');
      const x = network.stream(ids, {
        start: position,
        attend: (qkv, layer) =>
          decodeAttention(qkv, caches[layer] as KeyValueCache, {
            ...(network.layers[layer] as LayerAttention),
            position,
          }),
      });
      return network.head(x);
    });
  }

  private requireLeft(name: string): void {
    if (this.step < this.order.length) return;
    throw new Error(`ImageDecoder.${name}: expected a sub-pixel that is left, got none`);
  }
}
