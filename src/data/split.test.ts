// The held-out block: where it is cut, what it never contains twice, and how it is said.
import { describe, expect, it } from 'vitest';
import type { Corpus } from './corpus';
import { splitByFiles, splitByShare } from './split';

const corpus = (...texts: string[]): Corpus => ({
  documents: texts.map((text, index) => ({ path: `/w/${index}`, text, bytes: Buffer.byteLength(text) })),
  files: texts.length,
  bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
  sha256: '',
});

describe('splitByShare', () => {
  it('cuts one text where nanoGPT does: floor(n · (1 − share))', () => {
    const text = 'x'.repeat(1_115_394); // Tiny Shakespeare's length
    const { training, validation, words } = splitByShare(corpus(text), 0.1);
    expect([training[0]?.length, validation[0]?.length]).toEqual([1_003_854, 111_540]);
    expect(words).toBe('the last 10 % of the text in one block: 111540 of 1115394 UTF-16 units');
  });

  it('takes the block from the end of all documents together', () => {
    const { training, validation } = splitByShare(corpus('aaaa', 'bbbb', '', 'cc'), 0.4);
    expect(training).toEqual(['aaaa', 'bb']);
    expect(validation).toEqual(['bb', 'cc']);
  });

  it('cuts exactly between documents without empty parts', () => {
    const { training, validation } = splitByShare(corpus('aaaa', 'bbbb'), 0.5);
    expect([training, validation]).toEqual([['aaaa'], ['bbbb']]);
  });

  it('does not cut a character in two, whatever the share', () => {
    const text = 'a😀b😀😀c';
    for (let share = 0.05; share < 1; share += 0.05) {
      try {
        const { training, validation } = splitByShare(corpus(text, text), share);
        expect([...training, ...validation].join('')).toBe(text + text);
        for (const part of [...training, ...validation]) expect(Buffer.from(part).toString()).toBe(part);
      } catch (error) {
        expect(String(error)).toContain('on both sides of the split');
      }
    }
  });

  it('refuses a share or a text that leaves a side empty', () => {
    for (const share of [0, 1, -0.1, NaN])
      expect(() => splitByShare(corpus('abc'), share)).toThrow('between 0 and 1');
    expect(() => splitByShare(corpus('a'), 0.1)).toThrow(
      'expected text on both sides of the split, got 1 characters',
    );
  });
});

describe('splitByFiles', () => {
  it('takes what validates out of what trains', () => {
    const all = corpus('aa', 'bb', 'cc', '');
    const held = { ...corpus(), documents: all.documents.slice(1, 2), files: 1 };
    const { training, validation, words } = splitByFiles(all, held, 'b.txt');
    expect([training, validation]).toEqual([['aa', 'cc'], ['bb']]);
    expect(words).toBe('files of their own: 1 that match "b.txt", 1 of them taken out of the training files');
    expect(() => splitByFiles(held, held, 'b.txt')).toThrow('to leave text to train on');
  });
});
