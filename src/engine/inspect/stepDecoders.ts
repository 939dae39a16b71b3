// Decoders kept at the end of recent paths, so that the next step of a path costs one step. A path that no decoder
// stands on is fed anew into the decoder that rested longest. Knows tokens, not texts, and no sampling rule.
import type { Decoder, Logits, Model } from '../../families/family';
import { ArLensError } from '../../protocol/errors';

/** A key-value cache can be large: a few paths are what a person walks between. */
const MOST_DECODERS = 4;

interface Entry {
  readonly model: Model;
  readonly decoder: Decoder;
  fed: readonly number[];
  logits: Logits;
}

export class StepDecoders {
  /** Least recently used first. */
  private entries: Entry[] = [];
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly capacity = MOST_DECODERS) {}

  /** Logits after `window`, which fits the model's context. One at a time: a decoder has one end. */
  logitsAfter(model: Model, window: readonly number[]): Promise<Logits> {
    const result = this.last.then(() => this.compute(model, window));
    this.last = result.catch(() => undefined);
    return result;
  }

  /** Lets go of every decoder once none is computing. */
  async dispose(): Promise<void> {
    await this.last;
    for (const { decoder } of this.entries) decoder.dispose();
    this.entries = [];
  }

  private async compute(model: Model, window: readonly number[]): Promise<Logits> {
    const known = this.entries.find((entry) => entry.model === model && equal(entry.fed, window));
    if (known !== undefined) {
      this.touch(known);
      return known.logits;
    }
    const last = window.at(-1);
    const before = this.entries.find(
      (entry) =>
        entry.model === model && entry.fed.length + 1 === window.length && startsWith(window, entry.fed),
    );
    if (before !== undefined && last !== undefined && before.decoder.room > 0) {
      return this.feed(before, window, () => before.decoder.step(last));
    }
    const entry = this.vacant(model);
    return this.feed(entry, window, () => {
      entry.decoder.reset();
      return entry.decoder.prefill(window);
    });
  }

  /** A decoder that failed half-way stands nowhere: it goes. */
  private async feed(entry: Entry, window: readonly number[], run: () => Promise<Logits>): Promise<Logits> {
    try {
      entry.logits = await run();
      entry.fed = [...window];
      this.touch(entry);
      return entry.logits;
    } catch (error) {
      this.entries = this.entries.filter((each) => each !== entry);
      entry.decoder.dispose();
      throw error;
    }
  }

  /** The longest rested of this model's decoders, or a new one while there is room for it. */
  private vacant(model: Model): Entry {
    const mine = this.entries.filter((entry) => entry.model === model);
    const rested = mine[0];
    if (rested !== undefined && mine.length >= this.capacity) return rested;
    const decoder = model.decoder?.();
    if (!decoder) throw new ArLensError('unsupported', 'This family’s models have no decoder to step.');
    while (this.entries.length >= this.capacity) this.entries.shift()?.decoder.dispose();
    return { model, decoder, fed: [], logits: new Float32Array(0) };
  }

  private touch(entry: Entry): void {
    this.entries = [...this.entries.filter((each) => each !== entry), entry];
  }
}

const startsWith = (whole: readonly number[], start: readonly number[]): boolean =>
  start.every((id, index) => whole[index] === id);
const equal = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && startsWith(one, other);
