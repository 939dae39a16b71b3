// Learning a tokenizer: the same each time, fewer tokens where there is nothing to join, and an end when asked.
// That the tokens are Python's is test/golden/tokenizers' business.
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../tokenizer';
import { trainBpe } from './bpeTrainer';

const text = 'the cat sat on the mat; the dog sat on the cat. '.repeat(30);

describe('trainBpe', () => {
  it('joins what occurs most, and gives the same files each time', async () => {
    const files = await trainBpe([text], 300);
    expect(await trainBpe([text], 300)).toEqual(files);
    const tokenizer = loadTokenizer(files.tokenizer, files.tokenizerConfig);
    expect(tokenizer.vocabulary).toBeLessThanOrEqual(300);
    expect(Array.from(tokenizer.encode('the cat').ids, (id) => tokenizer.tokenText(id))).toEqual([
      'the',
      ' cat',
    ]);
    // What was never seen still has its bytes.
    expect(tokenizer.decode(tokenizer.encode('<bos> 東京\0').ids)).toBe('<bos> 東京\0');
  });

  it('stops where no pair is left', async () => {
    const files = await trainBpe(['ab ab'], 1000);
    expect(loadTokenizer(files.tokenizer, files.tokenizerConfig).vocabulary).toBe(257 + 2); // "ab", " ab"
    const nothing = await trainBpe([''], 1000);
    expect(loadTokenizer(nothing.tokenizer, nothing.tokenizerConfig).vocabulary).toBe(257);
  });

  it('ends when it is cancelled, and says how far it is', async () => {
    const words = Array.from({ length: 40_000 }, (_, n) => `${n * 7919}x${n % 613}`).join(' ');
    const stopping = new AbortController();
    const shares: number[] = [];
    const learning = trainBpe([words], 20_000, {
      signal: stopping.signal,
      pause: (share) => {
        shares.push(share);
        if (shares.length === 2) stopping.abort();
        return Promise.resolve();
      },
    });
    await expect(learning).rejects.toMatchObject({ reason: 'cancelled' });
    expect(shares).toHaveLength(2);
    expect(shares.every((share) => share >= 0 && share < 1)).toBe(true);
  });
});
