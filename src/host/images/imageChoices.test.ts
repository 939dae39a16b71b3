// What a person chooses among: folders of pictures first, then files of many images, then single pictures.
import { expect, it } from 'vitest';
import { imageChoices } from './imageChoices';

it('offers folders with what lies below them, sets in a file, and single pictures, in this order', () => {
  const files = [
    'neighbour.idx',
    'icons/status/b.png',
    'icons/emotes/a.png',
    'icons/emotes/c.JPG',
    'alone/one.png',
    'data/train-images-idx3-ubyte.gz',
    'top.jpeg',
  ];
  expect(imageChoices(files)).toEqual([
    { path: 'icons', pictures: 3 },
    { path: 'icons/emotes', pictures: 2 },
    { path: 'data/train-images-idx3-ubyte.gz', pictures: 0 },
    { path: 'neighbour.idx', pictures: 0 },
    { path: 'alone/one.png', pictures: 0 },
    { path: 'icons/emotes/a.png', pictures: 0 },
    { path: 'icons/emotes/c.JPG', pictures: 0 },
    { path: 'icons/status/b.png', pictures: 0 },
    { path: 'top.jpeg', pictures: 0 },
  ]);
});

it('offers nothing where there is nothing', () => {
  expect(imageChoices([])).toEqual([]);
});
