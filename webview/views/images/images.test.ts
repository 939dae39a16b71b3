// Where an image's bits go, as numbers: regions against all windows tried one by one, the order of generation, bins.
import { describe, expect, it } from 'vitest';
import type { ImageNats } from '../../../src/protocol/imageSets';
import { scanOrder, subpixelOrder } from '../../../src/math/scanOrder';
import { pixelBars, pixelBins } from './analysis';
import { curvePlaces, generationOf, pixelOf } from './generation';
import { middleOf, regionsOf, regionWords, sidesFor, type Region } from './regions';

const bitsOf = (height: number, width: number) =>
  Float64Array.from({ length: height * width }, (_, at) => ((at * 7919) % 104_729) / 1000);

/** Every window, summed pixel by pixel. */
function plainRegions(bits: Float64Array, height: number, width: number, side: number, sign: 1 | -1) {
  const all: Region[] = [];
  for (let row = 0; row + side <= height; row++)
    for (let column = 0; column + side <= width; column++) {
      let sum = 0;
      for (let at = 0; at < side * side; at++)
        sum += bits[(row + Math.floor(at / side)) * width + column + (at % side)] ?? NaN;
      all.push({ row, column, side, bits: sum });
    }
  all.sort((a, b) => sign * (b.bits - a.bits));
  const found: Region[] = [];
  const apart = (a: Region, b: Region) =>
    Math.abs(a.row - b.row) >= side || Math.abs(a.column - b.column) >= side;
  for (const one of all) if (found.every((each) => apart(each, one))) found.push(one);
  return found;
}

describe('regions', () => {
  it.each([
    [9, 13, 3],
    [12, 7, 4],
    [6, 6, 1],
  ])('of %i × %i pixels, %i a side, are the best that do not overlap', (height, width, side) => {
    const bits = bitsOf(height, width);
    for (const sign of [1, -1] as const) {
      const expected = plainRegions(bits, height, width, side, sign).slice(0, 5);
      const found = regionsOf(bits, { height, width }, side, 5, sign);
      expect(found.map(({ row, column }) => [row, column])).toEqual(
        expected.map(({ row, column }) => [row, column]),
      );
      found.forEach((region, at) => expect(region.bits).toBeCloseTo(expected[at]?.bits ?? NaN, 9));
    }
  });

  it('of equals, the first comes first, whatever rounding says; fewer where no more fit', () => {
    const even = new Float64Array(36).fill(0.1);
    const places = regionsOf(even, { height: 6, width: 6 }, 3, 5, 1).map(({ row, column }) => [row, column]);
    expect(places).toEqual([
      [0, 0],
      [0, 3],
      [3, 0],
      [3, 3],
    ]);
    expect(regionsOf(even, { height: 6, width: 6 }, 6, 5, -1)).toHaveLength(1);
  });

  it('are named from one, and have a middle', () => {
    const region = { row: 2, column: 4, side: 4, bits: 0 };
    expect(regionWords(region)).toBe('rows 3–6, columns 5–8');
    expect(regionWords({ ...region, side: 1 })).toBe('row 3, column 5');
    expect(middleOf(region)).toEqual({ row: 3, column: 5 });
    expect(sidesFor({ height: 5, width: 9 }, '8')).toEqual({ fitting: ['1', '2', '3', '4'], side: '4' });
  });
});

function natsOf(order: Int32Array | null, channels: number): ImageNats {
  const [height, width] = [3, 4];
  const size = height * width * channels;
  return {
    height,
    width,
    channels,
    levels: 4,
    label: null,
    level: new Uint8Array(size),
    condition: null,
    logProb: Float32Array.from({ length: size }, (_, at) => -Math.LN2 * (at + 1)),
    entropy: new Float32Array(size),
    rank: new Uint16Array(size),
    order,
  };
}

describe('the order of generation', () => {
  it.each([1, 3])('of %i channels: bits so far, step by step, to the whole', (channels) => {
    const grid = { height: 3, width: 4 };
    const order = subpixelOrder(scanOrder('zigzag', grid, 0), channels);
    const nats = natsOf(order, channels);
    const generation = generationOf(nats, 'all');
    expect(generation).toMatchObject({ steps: 12 * channels, isRaster: false });
    let sum = 0;
    for (let step = 0; step < generation.steps; step++) {
      sum += (order[step] ?? NaN) + 1;
      expect(generation.before[step + 1]).toBeCloseTo(sum, 3);
    }
    for (let pixel = 0; pixel < 12; pixel++) {
      const step = generation.stepOf[pixel] ?? -1;
      expect(step % channels).toBe(channels - 1);
      expect(pixelOf(generation, nats, step)).toEqual({ row: Math.floor(pixel / 4), column: pixel % 4 });
    }
  });

  it('of one channel counts its sub-pixels alone; raster where none is named', () => {
    const generation = generationOf(natsOf(null, 3), 'green');
    expect([...generation.order]).toEqual(Array.from({ length: 12 }, (_, pixel) => 3 * pixel + 1));
    expect(generation).toMatchObject({ steps: 12, isRaster: true });
    expect(generation.before[1]).toBeCloseTo(2, 6);
    expect([...generation.stepOf]).toEqual(Array.from({ length: 12 }, (_, pixel) => pixel));
  });

  it('is drawn at every step, or thinned with both ends', () => {
    expect([...curvePlaces(4, 100)]).toEqual([0, 1, 2, 3, 4]);
    const thinned = curvePlaces(100_000, 50);
    expect([thinned.length, thinned[0], thinned.at(-1)]).toEqual([50, 0, 100_000]);
  });
});

describe('pixels by bits', () => {
  it.each([
    [12, 1, 12],
    [4, 0.5, 8],
    [36, 5, 8],
  ])('up to %d in steps of %d', (end, step, bins) => {
    const found = pixelBins(Float64Array.of(0, step, end, 2 * end), end);
    expect(found.step).toBeCloseTo(step, 12);
    expect(found.counts).toHaveLength(bins);
    expect([found.counts[0], found.counts[1], found.counts.at(-1)]).toEqual([1, 1, 2]);
  });

  it('mark the one at the crosshair', () => {
    const bits = Float64Array.of(0.2, 3.7, 50);
    const bars = pixelBars({ bins: pixelBins(bits, 12), bits }, 1);
    expect(bars.map(({ marked }) => marked !== undefined).indexOf(true)).toBe(3);
    expect(bars.at(-1)).toMatchObject({ label: '11+', range: '11 and more', count: 1 });
  });
});
