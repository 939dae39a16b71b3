// The image sampler's words: settings and what changed in them, who is drawn together, and what cuts leave.
import { describe, expect, it } from 'vitest';
import type { ImageSamplerContent } from '../../../src/protocol/imageSamplerView';
import { cutOf, isPlain, ownWords } from './distributions';
import { branchRows, treeOf } from './imageBranches';
import { cutWords, isSameSettings, settingsWords } from './settingsWords';
import { togetherWords } from './words';

const SETTINGS = { seed: 5, temperature: 0.8 };

describe('settings', () => {
  it('are told whole, and as what changed', () => {
    expect(settingsWords({ ...SETTINGS, label: 'each', topK: 3 })).toBe(
      'seed 5, temperature 0.8, top-k 3, class each in turn',
    );
    expect(settingsWords({ seed: 6, temperature: 0.8 }, { ...SETTINGS, topP: 0.9 })).toBe('seed 6, no top-p');
    expect(cutWords({ ...SETTINGS, topP: 0.9, label: 2, guidance: 3 })).toBe('temperature 0.8, top-p 0.9');
    expect([
      isSameSettings(SETTINGS, { ...SETTINGS }),
      isSameSettings(SETTINGS, { seed: 5, temperature: 1 }),
    ]).toEqual([true, false]);
    expect([isPlain(SETTINGS), isPlain({ seed: 5, temperature: 1 })]).toEqual([false, true]);
    expect([ownWords(SETTINGS), ownWords({ ...SETTINGS, guidance: 2 })]).toEqual([
      'the model’s own',
      'the guided one',
    ]);
  });

  it('leave some levels, their mass before, and both entropies', () => {
    expect(cutOf([0.5, 0.25, 0.125, 0.125], [0.5, 0.5, 0, 0])).toEqual({
      kept: 2,
      mass: 0.75,
      entropies: [1.75, 1],
    });
  });
});

describe('who is drawn together', () => {
  const words = (standing: number[], together: number[]) =>
    togetherWords({
      choice: { run: '', settings: SETTINGS, count: standing.length, perSecond: 0, image: 0 },
      ...{ standing: Int32Array.from(standing), together, steps: 9 },
    } as unknown as ImageSamplerContent);

  it('is said plainly', () => {
    expect(words([3], [0])).toBe('');
    expect(words([3, 3], [0, 1])).toMatch(/^A step draws all 2 images\. Back.* move image 1 alone/);
    expect(words([3, 3, 9], [0, 1])).toBe(
      'A step draws image 1 and the 1 that stands at the same sub-pixel; the others stay as they are.',
    );
    expect(words([3, 5], [0])).toBe(
      'A step draws image 1 alone, and those further on once it comes to them; the others stay as they are.',
    );
    expect(words([9, 3], [0])).toMatch(/^Back, branches and places/);
  });
});

describe('branches', () => {
  const stretch = (parent: number, branch: number, from: number, to: number, seed = 1) => ({
    ...{ parent, branch, from, to, place: from, level: 7, logProb: -1, nats: to - from },
    ...{ forced: branch === 1, forcedSteps: branch, settings: { seed, temperature: 1 } },
  });
  const content = {
    model: { width: 2, channels: 3, likelihood: 'bound' },
    stretches: [stretch(-1, 0, 0, 4), stretch(0, 0, 4, 12), stretch(0, 1, 4, 8, 2), stretch(2, 1, 8, 12, 3)],
    at: 2,
  } as unknown as ImageSamplerContent;

  it('read by where they begin and what changed there', () => {
    expect(treeOf(content).nodes.map(({ text }) => text)).toEqual([
      'r1 c1 red = 7',
      'r1 c2 green = 7',
      'r1 c2 green = 7, seed 2',
      'r2 c1 blue = 7, seed 3',
    ]);
  });

  it('cost what their whole paths cost', () => {
    const rows = branchRows(content);
    expect(rows.map(({ leaf, on, text, forced, count }) => [leaf, on, text, forced, count])).toEqual([
      [1, false, 'r1 c1 red = 7', 0, 12],
      [3, true, 'r1 c2 green = 7', 2, 12],
    ]);
    expect(rows[1]?.costs).toMatchObject([
      { value: 12, unit: 'nats', count: 12, of: 'sub-pixels', badge: 'bound' },
      { value: 12 / Math.LN2, unit: 'bits' },
      { value: 12 / Math.LN2 / 12, unit: 'bits/dim' },
    ]);
  });
});
