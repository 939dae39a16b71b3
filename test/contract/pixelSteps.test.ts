// Sampling pixel by pixel by the kernel of the simd device, build by build, held equal to the plain reference in
// JavaScript; the same bits alone and in a batch, pixel by pixel and row by row, and on any number of threads.
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withPixels } from '../../src/families/choosePixels';
import { GatedStack } from '../../src/families/gatedPixelcnn/stack';
import { createWeights as gatedWeights } from '../../src/families/gatedPixelcnn/weights';
import { HostPixels } from '../../src/families/hostPixels';
import type { ImageFacts } from '../../src/families/imageFamily';
import type { Plane } from '../../src/families/imageLayers';
import { ImageWeights, type Convolution } from '../../src/families/imageWeights';
import { KernelPixels } from '../../src/families/kernelPixels';
import { PixelcnnStack } from '../../src/families/pixelcnn/stack';
import { createWeights as plainWeights } from '../../src/families/pixelcnn/weights';
import type { Pixels, PixelStep, PixelSteps } from '../../src/families/pixelSteps';
import { RasterDecoder, type PixelStack } from '../../src/families/rasterDecoder';
import { horizontalMask, OWN_PIXEL, rasterMask, verticalMask } from '../../src/nn/convolutionMask';
import { disposeSimd, simdMemory, type SimdOptions } from '../../src/kernels/simdDevice';
import { devices, startSimd } from './deviceCasesDevices';
import { Draw } from './deviceCasesDraw';
import { fixedCondition } from '../../src/analysis/reach/fixedCondition';

const GREY: ImageFacts = { height: 6, width: 5, channels: 1, levels: 3 };
const RGB: ImageFacts = { height: 4, width: 4, channels: 3, levels: 5 };
const TOLERANCE = 1e-5;

interface Network {
  readonly name: string;
  readonly facts: ImageFacts;
  /** Its stack over `pixels`, and what gives its weights back. */
  make(pixels: Pixels, labels: readonly number[]): { stack: PixelStack; free: () => void };
}

function plain(
  width: number,
  kernel: number,
  firstKernel: number,
  residual: boolean,
  facts: ImageFacts,
): Network {
  const config = { layers: 3, width, kernel, firstKernel, residual };
  return {
    name: `PixelCNN of ${width}, ${firstKernel} then ${kernel}, ${residual ? 'residual' : 'plain'}, ${facts.channels} × ${facts.width}`,
    facts,
    make: (pixels) => {
      const weights = plainWeights(config, facts, noise(facts.channels));
      return { stack: new PixelcnnStack(config, weights, pixels, facts), free: () => weights.all.dispose() };
    },
  };
}

function gated(
  width: number,
  kernel: number,
  firstKernel: number,
  classes: number,
  facts: ImageFacts,
): Network {
  const config = { layers: 3, width, kernel, firstKernel, classes, labelDropout: 0 };
  return {
    name: `Gated of ${width}, ${firstKernel} then ${kernel}, ${classes} classes, ${facts.condition ? 'given labels, ' : ''}${facts.channels} × ${facts.width}`,
    facts,
    make: (pixels, labels) => {
      const weights = gatedWeights(config, facts, noise(facts.channels));
      const condition = fixedCondition(facts, facts, pixels.rows);
      const options = {
        rows: pixels.rows,
        ...(classes > 0 && { labels }),
        ...(condition && { condition }),
      };
      return {
        stack: new GatedStack(config, weights, pixels, options, facts),
        free: () => weights.all.dispose(),
      };
    },
  };
}

/** More features than a panel of the kernel has, as many, fewer, and numbers that fill no vector. */
const NETWORKS: readonly Network[] = [
  ...[true, false].flatMap((residual) => [
    plain(32, 3, 7, residual, GREY),
    plain(9, 5, 3, residual, RGB),
    plain(51, 3, 5, residual, { ...RGB, levels: 20 }),
    plain(5, 1, 1, residual, GREY),
  ]),
  plain(6, 3, 3, true, { ...GREY, height: 1, width: 1 }),
  plain(6, 9, 15, true, { ...GREY, height: 2, width: 19 }), // kernels larger than the image is high
  gated(32, 3, 7, 0, GREY),
  gated(9, 5, 3, 2, RGB),
  gated(51, 3, 5, 2, RGB),
  gated(20, 1, 1, 2, GREY),
  gated(4, 9, 15, 0, { ...GREY, height: 2, width: 19 }),
  gated(18, 3, 7, 2, { ...RGB, condition: { kind: 'labels', labels: 5 } }),
];

/** Variables of a size that keeps features near 1, biases included. */
function noise(seed: number): (name: string, shape: readonly number[]) => Float32Array {
  const draw = new Draw(seed);
  return (_, shape) => {
    const size = shape.reduce((product, side) => product * side, 1);
    const scale = shape.length > 1 ? Math.sqrt(6 / (shape[0] ?? 1)) : 0.3;
    return Float32Array.from({ length: size }, () => scale * (2 * draw.uniform() - 1));
  };
}

/** The logits of every sub-pixel of images with the levels that `levelOf` gives, [steps][rows · levels]. */
async function logitsOf(
  network: Network,
  pixels: Pixels,
  labels: readonly number[],
  levelOf: (image: number, step: number) => number,
): Promise<Float32Array[]> {
  const { stack, free } = network.make(pixels, labels);
  const decoder = new RasterDecoder(network.facts, { rows: pixels.rows }, stack);
  const { height, width, channels } = network.facts;
  const found: Float32Array[] = [];
  for (let step = 0; step < height * width * channels; step++) {
    // Now and then a level is forced without asking for its distribution.
    if (step % 4 !== 2) found.push(Float32Array.from(await decoder.next()));
    decoder.set(Array.from({ length: pixels.rows }, (_, image) => levelOf(image, step)));
  }
  decoder.dispose();
  free();
  return found;
}

const someLevel =
  ({ levels }: ImageFacts) =>
  (image: number, step: number) =>
    (7 * image + 3 * step + ((image * step) % 5)) % levels;

function expectNear(found: readonly ArrayLike<number>[], wanted: readonly ArrayLike<number>[]): void {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((row, index) => {
    for (let at = 0; at < row.length; at++) {
      const [value, other] = [row[at] ?? NaN, found[index]?.[at] ?? NaN];
      if (Math.abs(value - other) <= TOLERANCE * (1 + Math.abs(value))) continue;
      throw new Error(`array ${index}: expected ${value} at ${at}, got ${other}`);
    }
  });
}

/** One step of every kind over random planes: two convolutions, two sums, both activations, a part of the outputs. */
function runSteps(pixels: Pixels, layers: readonly Convolution[], mode: 'pixels' | 'rows'): Float32Array[] {
  const { height, width } = GREY;
  const [wide, narrow, own] = layers as [Convolution, Convolution, Convolution];
  const plane = (features: number): Plane => pixels.plane(height, width, features);
  const [x, y, added, kept, gate, relu] = [plane(5), plane(20), plane(36), plane(36), plane(18), plane(18)];
  const everywhere = pixels.plane(1, 1, 36);
  for (const [index, { values }] of [x, y, added, everywhere].entries()) {
    const draw = new Draw(index);
    for (let at = 0; at < values.length; at++) values[at] = 2 * draw.uniform() - 1;
  }
  const steps: PixelStep[] = [
    {
      reads: [
        { plane: x, layer: wide },
        { plane: y, layer: narrow },
      ],
      range: [2, 17],
      adds: [added, everywhere],
      keep: kept,
      then: { kind: 'gate', into: gate },
    },
    { reads: [{ plane: gate, layer: own }], range: [1, 18], then: { kind: 'relu', into: relu } },
  ];
  const made = pixels.steps(steps);
  for (let row = 0; row < height; row++) {
    if (mode === 'rows') made.run(row, 0, width);
    else for (let column = 0; column < width; column++) made.run(row, column, 1);
  }
  const found = [kept, gate, relu].map(({ values }) => values.slice());
  pixels.dispose();
  return found;
}

function makeLayers(all: ImageWeights): Convolution[] {
  return [
    all.convolution('wide', { mask: verticalMask(3), inputs: 5, outputs: 36 }),
    all.convolution('narrow', { mask: horizontalMask(5, 'B'), inputs: 20, outputs: 36 }),
    all.convolution('own', { mask: OWN_PIXEL, inputs: 18, outputs: 18, bias: false }),
    all.convolution('raster', { mask: rasterMask(3, 'A'), inputs: 5, outputs: 36 }),
  ];
}

const memory = () => ({ tensors: tf.memory().numTensors, bytes: simdMemory().tensorBytes });

afterAll(disposeSimd);

describe.each(devices.filter(({ name }) => name.startsWith('simd ')))('$name', (device) => {
  let missing: string | undefined;
  beforeAll(async () => {
    missing = await device.start();
  });

  it.for(NETWORKS)('$name', async (network, context) => {
    if (missing !== undefined) context.skip(missing);
    const { facts } = network;
    const before = memory();
    const levels = someLevel(facts);
    for (const rows of [1, 6]) {
      const labels = Array.from({ length: rows }, (_, row) => (row % 3) - 1);
      const found = await logitsOf(network, new KernelPixels({ rows, ...facts }), labels, levels);
      expectNear(found, await logitsOf(network, new HostPixels(rows), labels, levels));
      if (rows === 1) continue;
      for (const image of [0, 3, 5]) {
        const alone = await logitsOf(
          network,
          new KernelPixels({ rows: 1, ...facts }),
          labels.slice(image, image + 1),
          (_, step) => levels(image, step),
        );
        const cut = found.map((row) => row.slice(image * facts.levels, (image + 1) * facts.levels));
        expect(alone, `image ${image} alone`).toEqual(cut);
      }
    }
    expect(memory()).toEqual(before);
  });

  it('does steps of every kind, a pixel or a row at a time', (context) => {
    if (missing !== undefined) context.skip(missing);
    const before = memory();
    const weights = new ImageWeights(4).build((all) => ({ layers: makeLayers(all), all }));
    for (const rows of [1, 9]) {
      const found = runSteps(new KernelPixels({ rows, ...GREY }), weights.layers, 'pixels');
      expectNear(found, runSteps(new HostPixels(rows), weights.layers, 'pixels'));
      // The second step reads its own pixel alone, so that both ways compute the same.
      expect(runSteps(new KernelPixels({ rows, ...GREY }), weights.layers, 'rows')).toEqual(found);
    }
    weights.all.dispose();
    expect(memory()).toEqual(before);
  });

  it('reads and writes planes that were made before the memory grew', (context) => {
    if (missing !== undefined) context.skip(missing);
    const before = memory();
    const weights = new ImageWeights(4).build((all) => ({ layers: makeLayers(all), all }));
    const [, , own] = weights.layers as [Convolution, Convolution, Convolution];
    const pixels = new KernelPixels({ rows: 1, ...GREY });
    const [x, out] = [pixels.plane(1, 1, 18), pixels.plane(1, 1, 18)];
    const { totalBytes } = simdMemory();
    pixels.plane(1, 1, totalBytes / 4);
    expect(simdMemory().totalBytes).toBeGreaterThan(totalBytes);
    x.values.fill(1);
    pixels.steps([{ reads: [{ plane: x, layer: own }], range: [0, 18], keep: out }]).run(0, 0, 1);
    const columns = tf.tidy(() => tf.sum(own.weight, 0).dataSync());
    expectNear([out.values], [columns]);
    pixels.dispose();
    weights.all.dispose();
    expect(memory()).toEqual(before);
  });

  it('keeps NaN, and says what it cannot do', (context) => {
    if (missing !== undefined) context.skip(missing);
    const weights = new ImageWeights(4).build((all) => ({ layers: makeLayers(all), all }));
    const [, , own, raster] = weights.layers as [Convolution, Convolution, Convolution, Convolution];
    const pixels = new KernelPixels({ rows: 1, ...GREY });
    const [spot, out, image, wide] = [
      pixels.plane(1, 1, 18),
      pixels.plane(1, 1, 18),
      pixels.plane(6, 5, 5),
      pixels.plane(1, 1, 36),
    ];
    spot.values[3] = NaN;
    pixels
      .steps([{ reads: [{ plane: spot, layer: own }], range: [0, 18], then: { kind: 'relu', into: out } }])
      .run(0, 0, 1);
    expect([...out.values].every(Number.isNaN)).toBe(true);
    const range = [0, 18] as const;
    const wrong: ReadonlyArray<readonly [PixelStep, RegExp]> = [
      [
        { reads: [{ plane: image, layer: own }], range, keep: out },
        /expected weight of 90 elements, got shape \[18, 18\]/,
      ],
      [
        { reads: [{ plane: spot, layer: own }], range: [0, 19], keep: out },
        /expected outputs within 18, got \[0, 19\]/,
      ],
      [{ reads: [{ plane: spot, layer: own }], range, keep: image }, /expected a plane of 540 elements/],
      [{ reads: [], range, keep: out }, /expected one or two convolutions/],
      [
        { reads: [{ plane: image, layer: raster }], range: [0, 36], then: { kind: 'gate', into: wide } },
        /expected outputs within 18/,
      ],
    ];
    for (const [step, message] of wrong) expect(() => pixels.steps([step])).toThrow(message);
    pixels.dispose();
    weights.all.dispose();
  });
});

describe('threads', () => {
  const sets: NonNullable<SimdOptions['instructionSet']>[] = ['native', 'wasm-relaxed', 'wasm'];
  it.for(sets)('do not change a bit of %s', async (instructionSet, context) => {
    const found: Float32Array[][] = [];
    for (const threads of [1, 2, 3]) {
      const missing = await startSimd({ instructionSet, threads });
      if (missing !== undefined) return context.skip(missing);
      for (const network of [plain(33, 3, 5, true, RGB), gated(21, 3, 5, 0, RGB)]) {
        found.push(await logitsOf(network, new KernelPixels({ rows: 9, ...RGB }), [], someLevel(RGB)));
      }
    }
    expect(found.slice(2, 4)).toEqual(found.slice(0, 2));
    expect(found.slice(4)).toEqual(found.slice(0, 2));
  });
});

describe('the choice', () => {
  it('is the kernel on simd, and host memory on cpu and where the device has no room', async (context) => {
    const choice = (rows: number, features: number): [chosen: Pixels, first: Plane] =>
      withPixels({ rows, ...GREY }, (pixels) => [pixels, pixels.plane(1, 1, features)]);
    const missing = await startSimd({ instructionSet: 'native', memoryLimit: 2 ** 26 });
    if (missing !== undefined) return context.skip(missing);
    const before = memory();
    const [kernel] = choice(2, 3);
    expect(kernel).toBeInstanceOf(KernelPixels);
    kernel.dispose();
    expect(choice(2, 2 ** 24)[0]).toBeInstanceOf(HostPixels);
    // Room for the planes and the table, and none for the weights.
    const zeros = (_: string, shape: readonly number[]) =>
      new Float32Array(shape.reduce((product, side) => product * side, 1));
    const weights = new ImageWeights(zeros).build((all) => ({
      layer: all.convolution('wide', { mask: OWN_PIXEL, inputs: 1600, outputs: 4000 }),
      all,
    }));
    const held = memory();
    const [chosen] = withPixels({ rows: 1, ...GREY }, (pixels): [Pixels, PixelSteps] => {
      const [x, keep] = [pixels.plane(1, 1, 1600), pixels.plane(1, 1, 4000)];
      return [
        pixels,
        pixels.steps([{ reads: [{ plane: x, layer: weights.layer }], range: [0, 4000], keep }]),
      ];
    });
    expect(chosen).toBeInstanceOf(HostPixels);
    expect(memory()).toEqual(held);
    weights.all.dispose();
    expect(() =>
      withPixels({ rows: 1, ...GREY }, (pixels) => {
        pixels.plane(6, 5, 3);
        throw new Error('another');
      }),
    ).toThrow('another');
    expect(memory()).toEqual(before);
    await tf.setBackend('cpu');
    expect(choice(2, 3)[0]).toBeInstanceOf(HostPixels);
  });

  it('holds to the device that it was made on', async (context) => {
    const missing = await startSimd({ instructionSet: 'native', threads: 1 });
    if (missing !== undefined) return context.skip(missing);
    const network = plain(6, 3, 3, true, GREY);
    const { stack, free } = network.make(new KernelPixels({ rows: 1, ...GREY }), []);
    const out = new Float32Array(3);
    stack.logits(0, 0, 0, out);
    await tf.setBackend('cpu');
    const wanted = out.slice();
    stack.logits(0, 0, 0, out.fill(0));
    expect(out).toEqual(wanted);
    await startSimd({ instructionSet: 'native', threads: 1 });
    expect(() => stack.logits(0, 0, 0, out)).toThrow(/expected the device that it was made on/);
    expect(memory().bytes).toBe(0);
    stack.dispose?.();
    free();
    expect(memory().bytes).toBe(0);
  });
});
