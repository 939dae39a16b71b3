// What a new spec of images says: valid as it stands, in sizes and levels that suit them.
import { describe, expect, it } from 'vitest';
import type { ImageSourceInfo } from '../../protocol/imageSets';
import { parseSpec } from '../../engine/spec/spec';
import { imageSpec } from './imageSpec';

const GREY: ImageSourceInfo = {
  images: 3000,
  height: 28,
  width: 28,
  channels: 1,
  labels: null,
  classes: 0,
  resized: false,
};
const written = (more: Partial<ImageSourceInfo>) => imageSpec('digits.idx', { ...GREY, ...more });

describe('a new spec of images', () => {
  it.each<[string, Partial<ImageSourceInfo>, object]>([
    ['grey', {}, { data: { source: 'digits.idx', levels: 2, quantize: 'sampleOnce', validation: 0.1 } }],
    [
      'in colour, under their folders',
      { channels: 3, labels: 'folders', classes: 9 },
      { model: { classes: 9 }, data: { labels: 'folders', levels: 4, quantize: 'round' } },
    ],
    [
      'larger than a model of pixels learns in minutes',
      { height: 480, width: 640 },
      { data: { height: 24, width: 32 } },
    ],
    ['of several sizes', { height: 32, width: 32, resized: true }, { data: { height: 32, width: 32 } }],
    ['few', { images: 3 }, { data: { validation: 0.34 } }],
    ['small', { height: 4, width: 9 }, { model: { kernel: 3, firstKernel: 3 } }],
    ['of one row', { height: 1, width: 9 }, { model: { kernel: 1, firstKernel: 1 } }],
  ])('that are %s has no problem', (_, more, expected) => {
    const content = written(more);
    const { spec, problems } = parseSpec(JSON.stringify(content));
    expect(problems).toEqual([]);
    expect(spec?.domain).toBe('image');
    expect(content).toMatchObject(expected);
  });

  it('names no size and no labels where the images need none', () => {
    const { data, model } = written({}) as { data: object; model: object };
    expect(Object.keys(data)).toEqual(['source', 'levels', 'quantize', 'validation']);
    expect(model).not.toHaveProperty('classes');
  });

  it('is refused for a single image: none would be held out', () => {
    expect(() => written({ images: 1 })).toThrow('digits.idx: expected at least 2 images');
  });
});
