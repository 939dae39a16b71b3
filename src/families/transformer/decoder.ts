// One element in, the next distribution out, with keys and values remembered: the same numbers as the full forward.
// Knows no sampling rule; what to do when the window is full is the caller's choice.
import { slice, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { causalAttention } from '../../nn/causalAttention';
import {
  createKeyValueCache,
  decodeAttention,
  disposeKeyValueCache,
  fillKeyValueCache,
} from '../../nn/decodeAttention';
import type { KeyValueCache } from '../../nn/decodeAttention';
import type { Decoder, Logits } from '../family';
import { head, residualStream } from './forward';
import type { Attend } from './forward';
import type { TransformerConfig } from './schema';
import type { TransformerWeights } from './weights';

export class TransformerDecoder implements Decoder {
  private readonly caches: KeyValueCache[];
  private elements: number[] = [];

  constructor(
    private readonly config: TransformerConfig,
    private readonly weights: TransformerWeights,
  ) {
    this.caches = weights.blocks.map(() => createKeyValueCache(1, config.contextLength, config.width));
  }

  get room(): number {
    return this.config.contextLength - this.elements.length;
  }

  async prefill(elements: readonly number[]): Promise<Logits> {
    if (elements.length === 0)
      throw new Error('TransformerDecoder.prefill: expected at least one element, got none');
    this.checkElements(elements);
    // One batched pass over everything is cheaper than stepping, even when some of it was seen before.
    const all = [...this.elements, ...elements];
    const logits = this.run(all, 0, (qkv, layer) => {
      fillKeyValueCache(this.cache(layer), qkv, 1);
      return causalAttention(qkv, { batch: 1, heads: this.config.heads });
    });
    this.elements = all;
    return read(logits);
  }

  async step(element: number): Promise<Logits> {
    this.checkElements([element]);
    const position = this.elements.length;
    const logits = this.run([element], position, (qkv, layer) =>
      decodeAttention(qkv, this.cache(layer), { heads: this.config.heads, position }),
    );
    this.elements.push(element);
    return read(logits);
  }

  reset(): void {
    this.elements = [];
  }

  dispose(): void {
    this.caches.forEach(disposeKeyValueCache);
  }

  /** @returns the logits after the last of `elements` [1, V] */
  private run(elements: readonly number[], start: number, attend: Attend): Tensor2D {
    const { config, weights } = this;
    return tidy(() => {
      const ids = tensor2d(Int32Array.from(elements), [1, elements.length], 'int32');
      const x = residualStream({ config, weights, attend }, ids, start); // [T, C]
      const last = elements.length === 1 ? x : slice(x, [elements.length - 1, 0], [1, config.width]);
      return head({ config, weights }, last);
    });
  }

  private cache(layer: number): KeyValueCache {
    return this.caches[layer] as KeyValueCache;
  }

  private checkElements(elements: readonly number[]): void {
    const vocabulary = this.weights.tokens.shape[0];
    for (const element of elements) {
      if (!Number.isInteger(element) || element < 0 || element >= vocabulary) {
        throw new Error(`TransformerDecoder: expected an element in [0, ${vocabulary}), got ${element}`);
      }
    }
    if (elements.length > this.room) {
      throw new Error(
        `TransformerDecoder: expected at most ${this.room} more elements, got ${elements.length}`,
      );
    }
  }
}

async function read(logits: Tensor2D): Promise<Logits> {
  const values = (await logits.data()) as Float32Array;
  logits.dispose();
  return values;
}
