// Sampling from a Markov table: remembers the last n symbols and nothing else, so its context never fills up.
import type { Decoder, Logits } from '../family';
import type { BackOffTable } from './backOff';

export class MarkovDecoder implements Decoder {
  readonly room = Infinity;
  private history: number[] = [];

  constructor(
    private readonly order: number,
    private readonly vocabulary: number,
    private readonly table: () => BackOffTable,
  ) {}

  async prefill(elements: readonly number[]): Promise<Logits> {
    if (elements.length === 0)
      throw new Error('MarkovDecoder.prefill: expected at least one element, got none');
    this.history = [...this.history, ...elements.slice(-this.order)].slice(-this.order);
    const distribution = this.table().distribution(this.history, new Float64Array(this.vocabulary));
    return Promise.resolve(Float32Array.from(distribution, Math.log));
  }

  step(element: number): Promise<Logits> {
    return this.prefill([element]);
  }

  reset(): void {
    this.history = [];
  }

  dispose(): void {
    this.history = [];
  }
}
