// Rows as a function of (seed, step, row): what they hold, how they are spread, and that nothing else decides them.
import { describe, expect, it } from 'vitest';
import { BOS_ROW_SHARE, joinDocuments, trainingBatch, type BatchOptions } from './batches';
import { byteTokenizer, characterTokenizer } from './tokenizer';

const tokens = Int32Array.from({ length: 1000 }, (_, i) => i);
const BOS = 5000;
const options: BatchOptions = { seed: 1, step: 0, batchSize: 8, contextLength: 16, bos: BOS };

describe('trainingBatch', () => {
  it('pairs every input with the element that follows it in the text', () => {
    for (let step = 0; step < 50; step++) {
      const { inputs, targets } = trainingBatch(tokens, { ...options, step });
      expect([inputs.length, targets.length]).toEqual([128, 128]);
      inputs.forEach((input, at) => {
        const target = targets[at] ?? NaN;
        if (input === BOS) expect(at % 16).toBe(0);
        else expect(target).toBe(input + 1);
        if (at % 16 > 0) expect(input).toBe(targets[at - 1]);
      });
    }
  });

  it('is the same whenever it is asked, and another for another seed or step', () => {
    const again = trainingBatch(tokens, options);
    expect(trainingBatch(tokens, options)).toEqual(again);
    expect(trainingBatch(tokens, { ...options, step: 1 })).not.toEqual(again);
    expect(trainingBatch(tokens, { ...options, seed: 2 })).not.toEqual(again);
  });

  it('gives accumulated batches the rows of one large batch', () => {
    const large = trainingBatch(tokens, { ...options, batchSize: 12 });
    const parts = [0, 4, 8].map((firstRow) => trainingBatch(tokens, { ...options, batchSize: 4, firstRow }));
    expect(Int32Array.from(parts.flatMap(({ inputs }) => [...inputs]))).toEqual(large.inputs);
    expect(Int32Array.from(parts.flatMap(({ targets }) => [...targets]))).toEqual(large.targets);
  });

  it('starts a tenth of the rows with BOS and reaches the first and the last token', () => {
    const short = tokens.subarray(0, 20);
    const { inputs, targets } = trainingBatch(short, { ...options, batchSize: 4000 });
    let withBos = 0;
    for (let row = 0; row < 4000; row++) if (inputs[16 * row] === BOS) withBos++;
    const deviation = Math.sqrt(4000 * BOS_ROW_SHARE * (1 - BOS_ROW_SHARE));
    expect(Math.abs(withBos - 4000 * BOS_ROW_SHARE)).toBeLessThan(4 * deviation);
    const seen = new Set(targets);
    expect([...seen].sort((a, b) => a - b)).toEqual([...short]);
    expect(inputs.includes(0)).toBe(true);
  });

  it('uses every offset about equally often', () => {
    const counts = new Map<number, number>();
    const { inputs } = trainingBatch(tokens.subarray(0, 26), {
      ...options,
      batchSize: 10_000,
      bos: undefined,
    });
    for (let row = 0; row < 10_000; row++) {
      const first = inputs[16 * row] ?? -1;
      counts.set(first, (counts.get(first) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const chi = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chi).toBeLessThan(27.9); // p = .001 with 9 degrees of freedom
  });

  it('starts rows with BOS where a text may begin, as far as a row has room there', () => {
    const starts = Uint32Array.of(3, 100, 984, 985, 999); // from 985 on a row of 16 runs over the end
    const seen = new Set<number>();
    for (let step = 0; step < 200; step++) {
      const { inputs, targets } = trainingBatch(tokens, { ...options, step, starts });
      for (let row = 0; row < 8; row++) if (inputs[16 * row] === BOS) seen.add(targets[16 * row] ?? -1);
    }
    expect([...seen].sort((a, b) => a - b)).toEqual([3, 100, 984]);
    const nowhere = { ...options, batchSize: 100, starts: Uint32Array.of(990) };
    expect(trainingBatch(tokens, nowhere)).toEqual(trainingBatch(tokens, { ...options, batchSize: 100 }));
  });

  it('needs a text of one row and a token', () => {
    expect(trainingBatch(tokens.subarray(0, 17), { ...options, bos: undefined }).targets[15]).toBe(16);
    expect(() => trainingBatch(tokens.subarray(0, 16), options)).toThrow(
      'expected at least 17 tokens to train on',
    );
  });
});

describe('joinDocuments', () => {
  it('puts BOS between documents and not in front', () => {
    const { ids, tokens: count, unknown } = joinDocuments(byteTokenizer(), ['ab', '', 'c']);
    expect([Array.from(ids), count, unknown]).toEqual([[97, 98, 256, 256, 99], 3, 0]);
    expect(Array.from(joinDocuments(byteTokenizer(), ['a\n\nb\r\nc', '\nd\n']).starts)).toEqual([0, 3, 6, 9]);
    expect(Array.from(joinDocuments(characterTokenizer('ab'), ['ab', 'ba']).starts)).toEqual([0, 3]);
    expect(joinDocuments(characterTokenizer('ab'), ['abz']).unknown).toBe(1);
    expect(joinDocuments(byteTokenizer(), []).ids).toHaveLength(0);
  });
});
