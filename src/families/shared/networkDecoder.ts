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
import { rememberedPositions } from './network';
import type { Attend, LayerAttention, Network } from './network';

export class NetworkDecoder implements Decoder {
  private readonly layers: ReadonlyArray<{
    readonly attention: LayerAttention;
    readonly cache: KeyValueCache;
  }>;
  private elements: number[] = [];

  constructor(private readonly network: Network) {
    this.layers = network.layers.map((attention, layer) => ({
      attention,
      cache: createKeyValueCache(1, rememberedPositions(network, layer), network.keyWidth),
    }));
  }

  get room(): number {
    return this.network.contextLength - this.elements.length;
  }

  async prefill(elements: readonly number[]): Promise<Logits> {
    if (elements.length === 0)
      throw new Error('NetworkDecoder.prefill: expected at least one element, got none');
    this.checkElements(elements);
    // One batched pass over everything is cheaper than stepping, even when some of it was seen before.
    const all = [...this.elements, ...elements];
    const logits = this.run(all, 0, (qkv, layer) => {
      const { attention, cache } = this.at(layer);
      fillKeyValueCache(cache, qkv, 1);
      return causalAttention(qkv, { batch: 1, ...attention });
    });
    this.elements = all;
    return read(logits);
  }

  async step(element: number): Promise<Logits> {
    const position = this.elements.length;
    // What was remembered has turned by other angles than a longer window turns it: all of it is computed anew.
    if (this.network.rotation?.same(position, position + 1) === false) return this.prefill([element]);
    this.checkElements([element]);
    const logits = this.run([element], position, (qkv, layer) => {
      const { attention, cache } = this.at(layer);
      return decodeAttention(qkv, cache, { ...attention, position });
    });
    this.elements.push(element);
    return read(logits);
  }

  reset(): void {
    this.elements = [];
  }

  dispose(): void {
    for (const { cache } of this.layers) disposeKeyValueCache(cache);
  }

  /** @returns the logits after the last of `elements` [1, V] */
  private run(elements: readonly number[], start: number, attend: Attend): Tensor2D {
    const { network } = this;
    return tidy(() => {
      const ids = tensor2d(Int32Array.from(elements), [1, elements.length], 'int32');
      const x = network.stream(ids, { start, attend }); // [T, C]
      const last = elements.length === 1 ? x : slice(x, [elements.length - 1, 0], [1, network.width]);
      return network.head(last);
    });
  }

  private at(layer: number): { readonly attention: LayerAttention; readonly cache: KeyValueCache } {
    return this.layers[layer] as NetworkDecoder['layers'][number];
  }

  private checkElements(elements: readonly number[]): void {
    const { vocabulary } = this.network;
    for (const element of elements) {
      if (!Number.isInteger(element) || element < 0 || element >= vocabulary) {
        throw new Error(`NetworkDecoder: expected an element in [0, ${vocabulary}), got ${element}`);
      }
    }
    if (elements.length > this.room) {
      throw new Error(`NetworkDecoder: expected at most ${this.room} more elements, got ${elements.length}`);
    }
  }
}

async function read(logits: Tensor2D): Promise<Logits> {
  const values = (await logits.data()) as Float32Array;
  logits.dispose();
  return values;
}
