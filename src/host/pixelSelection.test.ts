// Which pixel counts as the one that a person looks at, with two panels open and either of them closed.
import { describe, expect, it } from 'vitest';
import { Pixels, type PixelSelection } from './pixelSelection';

const pixel = (owner: object, row: number, run = 'a') =>
  ({ owner, image: 0, row, column: 0, run }) as PixelSelection;

describe('the pixel that is looked at', () => {
  it('is the one that a person went to last, not one that was only scored anew', () => {
    const pixels = new Pixels();
    const heard: boolean[] = [];
    pixels.changes.on(({ moved }) => heard.push(moved));
    const [left, right] = [{}, {}];
    pixels.select(pixel(left, 1));
    pixels.select(pixel(right, 2));
    pixels.select(pixel(left, 1, 'b'));
    expect(pixels.current).toMatchObject({ owner: right, row: 2 });
    pixels.focus(left);
    expect(pixels.current).toMatchObject({ owner: left, run: 'b' });
    pixels.select(pixel(right, 3));
    expect(pixels.current?.row).toBe(3);
    expect(heard).toEqual([true, true, false, true, true]);
  });

  it('is none once its panel has closed', () => {
    const pixels = new Pixels();
    const owner = {};
    pixels.focus(owner);
    pixels.select(pixel(owner, 1));
    pixels.forget({});
    expect(pixels.current?.row).toBe(1);
    pixels.forget(owner);
    pixels.forget(owner);
    pixels.focus(owner);
    expect(pixels.current).toBeUndefined();
  });
});
