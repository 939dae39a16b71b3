// Images from the command line, as processes of their own: train and resume, score, sample, mask, check, reach.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePicture } from '../../src/formats/picture';
import { cli, ensureBuilt } from './support/cli';
import { unlabelled } from './support/ledger';

let folder: string;
beforeAll(async () => {
  ensureBuilt();
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-images-cli-'));
  // Two kinds of 6 × 6 images: bright above, or bright on the left.
  const [count, side] = [60, 6];
  const pixels = Array.from({ length: count * side * side }, (_, at) => {
    const [image, row, column] = [Math.floor(at / 36), Math.floor(at / 6) % 6, at % 6];
    return (image % 2 === 0 ? row < 3 : column < 3) ? 230 : 20;
  });
  await writeFile(
    join(folder, 'images'),
    Buffer.from([0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 6, 0, 0, 0, 6, ...pixels]),
  );
  await writeFile(
    join(folder, 'labels'),
    Buffer.from([0, 0, 8, 1, 0, 0, 0, count, ...Array.from({ length: count }, (_, i) => i % 2)]),
  );
  const train = {
    steps: 24,
    batchSize: 8,
    warmupSteps: 4,
    learningRate: 0.01,
    evaluateEvery: 12,
    sampleEvery: 12,
    sampleCount: 3,
    checkpointEvery: 12,
  };
  const spec = (name: string, content: object) =>
    writeFile(join(folder, `${name}.arlens.json`), JSON.stringify(content));
  await spec('gated', {
    family: 'gatedPixelcnn',
    model: { layers: 2, width: 8, kernel: 3, firstKernel: 3, classes: 2, labelDropout: 0.3 },
    data: { source: 'images', labels: 'labels' },
    train,
  });
  await spec('larger', {
    family: 'gatedPixelcnn',
    model: { layers: 1, width: 8, firstKernel: 3 },
    data: { source: 'images', condition: { shrink: 3 } },
    train,
  });
  await spec('toy', {
    family: 'toyRaster',
    data: { source: 'images', levels: 4, quantize: 'round' },
    train: { sampleCount: 1 },
  });
  await spec('plain', { family: 'pixelcnn', data: { source: 'nowhere/*.png' } });
});
afterAll(() => rm(folder, { recursive: true }));

async function answer(words: readonly string[], code = 0): Promise<Record<string, unknown>> {
  const finished = await cli([...words, '--json'], folder);
  expect(finished, finished.stderr).toMatchObject({ code });
  return JSON.parse(finished.stdout) as Record<string, unknown>;
}
const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('ar-lens on images', () => {
  it('trains, samples into PNG files, and goes on where it stopped with the same numbers', async () => {
    const whole = await cli(['train', 'gated.arlens.json', '--out', 'run', '--json'], folder);
    expect(whole.code, whole.stderr).toBe(0);
    const events = lines(whole.stdout);
    for (const event of events) expect(unlabelled(event)).toEqual([]);
    const nats = (step: number) =>
      events.find((event) => event['type'] === 'evaluation' && event['step'] === step)?.['nats'] as number;
    expect(nats(24)).toBeLessThan(nats(0) / 2);
    expect(events.at(-1)).toMatchObject({
      type: 'result',
      steps: 24,
      status: 'done',
      validation: { unit: 'subpixel', count: 216, badge: 'exact' },
    });
    const picture = decodePicture(
      await readFile(join(folder, 'run', 'samples', 'step-00000024.png')),
      'sample',
    );
    expect([picture.height, picture.width]).toEqual([13, 13]);
    // A run that was cut at its checkpoint of step 12: the spec's own steps make up the schedule, so stop there by copy.
    await cp(join(folder, 'run'), join(folder, 'again'), { recursive: true });
    const resumed = await cli(['train', 'gated.arlens.json', '--out', 'again', '--resume', '--json'], folder);
    expect(lines(resumed.stdout).at(-1)).toMatchObject({ steps: 24, validation: { nats: nats(24) } });
    const record = JSON.parse(await readFile(join(folder, 'run', 'run.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(record).toMatchObject({
      domain: 'image',
      family: 'gatedPixelcnn',
      data: { unit: 'subpixel', files: 1 },
    });
  });

  it('scores in bits/dim: the sums are those of the images, and of the first one’s sub-pixels', async () => {
    const value = await answer(['score', '--model', 'run', '--file', 'images', '--elements']);
    expect(unlabelled(value)).toEqual([]);
    expect(value).toMatchObject({
      unit: 'subpixel',
      likelihood: 'exact',
      images: 60,
      height: 6,
      width: 6,
      channels: 1,
      levels: 2,
    });
    const perImage = value['perImage'] as Array<{ nll: number; bitsPerDim: number }>;
    const elements = value['elements'] as number[][][];
    expect(perImage).toHaveLength(60);
    expect([elements.length, elements[0]?.length, elements[0]?.[0]?.length]).toEqual([6, 6, 1]);
    expect(-elements.flat(2).reduce((sum, logProb) => sum + logProb, 0)).toBeCloseTo(
      perImage[0]?.nll ?? NaN,
      4,
    );
    const nll = perImage.reduce((sum, image) => sum + image.nll, 0);
    expect(value['nll'] as number).toBeCloseTo(nll, 6);
    expect(value['bitsPerDim'] as number).toBeCloseTo(nll / (60 * 36 * Math.LN2), 9);
  });

  it('scores under the classes that lie beside the images as in training, unless told not to, and says which', async () => {
    const words = ['score', '--model', 'run', '--file', 'images'];
    const [found, named, without] = [
      await answer(words),
      await answer([...words, '--labels', 'labels']),
      await answer([...words, '--no-labels']),
    ];
    expect(found).toMatchObject({ given: 'class', labelSource: expect.stringMatching(/labels$/) as string });
    expect(named).toEqual(found);
    const classes = (found['perImage'] as Array<{ class?: number }>).map((image) => image.class);
    expect(classes).toEqual(Array.from({ length: 60 }, (_, image) => image % 2));
    expect(without).toMatchObject({ given: 'no class', labelSource: null });
    expect(without['perImage']).not.toContainEqual(expect.objectContaining({ class: 0 }));
    expect(found['nll'] as number).toBeLessThan(without['nll'] as number);
    const table = async (...more: string[]) => (await cli([...words, ...more], folder)).stdout;
    expect(await table()).toMatch(/given +class +p\(x \| class\) of each image, by .*labels/);
    expect(await table('--no-labels')).toMatch(/given +no class +as --no-labels says/);
  });

  it('samples a class, guided or not, the same from the same seed', async () => {
    const sample = (...more: string[]) =>
      answer(['sample', '--model', 'run', '--seed', '7', '--class', '1', ...more]);
    const [plain, same, guided] = [
      await sample('--out', 'a.png'),
      await sample(),
      await sample('--guidance', '3'),
    ];
    expect(unlabelled(plain)).toEqual([]);
    expect(plain['files']).toEqual([join(folder, 'a.png')]);
    expect(same['elements']).toEqual(plain['elements']);
    expect([plain['under'], guided['under']]).toEqual(['the model', 'the guided distribution']);
    const ids = (plain['elements'] as Array<{ id: number }>).map(({ id }) => 255 * id);
    const { rgb } = decodePicture(await readFile(join(folder, 'a.png')), 'a.png');
    expect([...rgb].filter((_, at) => at % 3 === 0)).toEqual(ids);
  });

  it('checks and masks models and specs, images there or not', async () => {
    for (const subject of [
      ['--model', 'run'],
      ['--spec', 'plain.arlens.json'],
      ['--spec', 'toy.arlens.json'],
    ]) {
      const { verdict, checks } = await answer(['check', ...subject]);
      expect(verdict).toBe('pass');
      expect((checks as Array<{ id: string }>).map(({ id }) => id)).toEqual([
        'causality',
        'parity',
        'mass',
        'finite',
        'units',
      ]);
    }
    const mask = await answer(['mask', '--spec', 'plain.arlens.json']);
    expect(mask).toMatchObject({ causality: 'strict', measured: { agrees: true } });
    const masks = mask['masks'] as Array<{ layer: number; type: string; rows: number[][] }>;
    expect(masks[0]).toMatchObject({ layer: 1, type: 'A' });
    expect(masks[0]?.rows[3]).toEqual([1, 1, 1, 0, 0, 0, 0]);
    expect(masks[1]).toMatchObject({
      type: 'B',
      rows: [
        [1, 1, 1],
        [1, 1, 0],
        [0, 0, 0],
      ],
    });
  });

  it('reaches: seen, blind, too shallow and leaks of one output, measured the same', async () => {
    const value = await answer(['reach', '--spec', 'plain.arlens.json', '--position', '14,14']);
    expect(value).toMatchObject({
      position: [14, 14],
      allowed: 406,
      seen: 192,
      blind: 55,
      tooShallow: 159,
      leaks: 0,
      method: 'closure',
      receptiveField: { height: 11, width: 21 },
    });
    const measured = await answer(['reach', '--model', 'run', '--position', '4,2', '--measure']);
    expect(measured).toMatchObject({ allowed: 26, blind: 0, leaks: 0, measured: { agrees: true, leaks: 0 } });
    expect((measured['measured'] as { seen: number }).seen).toBe(measured['seen']);
    const toy = await answer(['reach', '--spec', 'toy.arlens.json', '--position', '5,5', '--measure']);
    expect(toy).toMatchObject({ allowed: 35, seen: 35, measured: { agrees: true } });
  });

  it('reaches: what an output is sensitive to lies in what it sees, over images that are named', async () => {
    interface Map {
      readonly pairs: number;
      readonly areas: ReadonlyArray<{ readonly share: number; readonly count: number }>;
      readonly values: number[][];
    }
    const words = [
      'reach',
      '--model',
      'run',
      '--position',
      '3,3',
      '--effective',
      '--file',
      'images',
      '--images',
      '20',
    ];
    const value = await answer(words);
    const { effective, offsets } = value as unknown as {
      effective: { images: number; source: string; unit: string; here: Map; everywhere: Map };
      offsets: { seen: number[][] };
    };
    expect(effective).toMatchObject({
      images: 20,
      source: 'images',
      given: 'no class',
      unit: 'pixel',
      here: { pairs: 20 },
    });
    expect(effective.everywhere.pairs).toBe(20);
    const seen = new Set(offsets.seen.map(([down = 0, right = 0]) => `${3 + down},${3 + right}`));
    const found = effective.here.values.flatMap((row, r) =>
      row.flatMap((each, c) => (each > 0 ? [`${r},${c}`] : [])),
    );
    expect(found.length).toBeGreaterThan(3);
    expect(found.filter((place) => !seen.has(place))).toEqual([]);
    const counts = effective.here.areas.map(({ count }) => count);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts.at(-1)).toBeLessThanOrEqual(seen.size);
    const table = await cli(words, folder);
    expect(table.stdout).toMatch(
      /effective: mean \|∂ log p \/ ∂x\|, of 17 pixels read, over images, without a class/,
    );
  });

  it('gates: histograms of one layer, with the share that is saturated', async () => {
    interface Part {
      readonly part: string;
      readonly from: number;
      readonly counts: number[];
      readonly count: number;
      readonly low: number;
      readonly high: number;
    }
    const words = ['gates', '--model', 'run', '--layer', '2', '--file', 'images', '--images', '10'];
    const value = await answer(words);
    expect(value).toMatchObject({
      family: 'gatedPixelcnn',
      layer: 2,
      layers: 2,
      images: 10,
      threshold: 0.01,
    });
    const stacks = value['stacks'] as Array<{ stack: string; parts: Part[] }>;
    expect(stacks.map(({ stack }) => stack)).toEqual(['vertical', 'horizontal']);
    for (const { parts } of stacks) {
      expect(parts.map(({ part, from }) => [part, from])).toEqual([
        ['tanh', -1],
        ['sigma', 0],
        ['product', -1],
      ]);
      for (const { counts, count, low, high } of parts) {
        expect(count).toBe(10 * 36 * 8);
        expect(counts.reduce((sum, each) => sum + each, 0)).toBe(count);
        expect(low + high).toBeLessThanOrEqual(1);
      }
    }
    const one = await answer(['gates', '--model', 'run', '--layer', '1', '--file', 'images', '--image', '3']);
    expect(one).toMatchObject({ images: 1, image: 3, available: 60, layer: 1 });
    const first = await answer([
      'gates',
      '--model',
      'run',
      '--layer',
      '1',
      '--file',
      'images',
      '--images',
      '1',
    ]);
    expect(one['stacks']).not.toEqual(first['stacks']);
    const alone = await cli([...words, '--image', '3'], folder);
    expect(alone.stdout).toMatch(/layer 2 of 2, over image 3 of 0 to 59: images/);
    const table = await cli(words, folder);
    expect(table.stdout).toMatch(/saturated: within 0\.01 of an end of its range/);
    expect(table.stdout).toMatch(/σ\(W_g ∗ x\) +0 .* % saturated/);
  });

  it.each<[number, string[], RegExp]>([
    [
      1,
      ['gates', '--model', 'run', '--layer', '3', '--file', 'images'],
      /layer: expected a whole number from 1 to 2/,
    ],
    [2, ['reach', '--model', 'run'], /--position/],
    [
      1,
      ['reach', '--spec', 'toy.arlens.json', '--position', '1,1', '--effective'],
      /--effective: expected --model, a trained run on images/,
    ],
    [
      1,
      ['reach', '--model', 'run', '--position', '1,1', '--effective'],
      /name a file of images|expected files|notFound/,
    ],
    [2, ['reach', '--model', 'run', '--position', 'x'], /expected R,C or T/],
    [
      1,
      ['reach', '--model', 'run', '--position', '6,0'],
      /position: expected a number from 0 to 5 of 6 rows, got 6/,
    ],
    [1, ['reach', '--model', 'run', '--position', '3'], /position: expected R,C for an image, got 3/],
    [
      1,
      ['reach', '--model', 'run', '--position', '0,0', '--channel', '1'],
      /channel: expected a number from 0 to 0/,
    ],
    [
      1,
      ['sample', '--model', 'run', '--seed', '1', '--class', '2'],
      /class: expected a whole number from 0 to 1, got 2/,
    ],
    [
      1,
      ['sample', '--model', 'run', '--seed', '1', '--class', 'blue'],
      /class: expected a whole number from 0 to 1, because its classes have no names, got "blue"/,
    ],
    [1, ['sample', '--model', 'run', '--seed', '1', '--guidance', '2'], /guidance: expected a class/],
    [1, ['sample', '--model', 'run', '--seed', '1', '--length', '5'], /--length: expected a model of texts/],
    [
      1,
      ['score', '--model', 'run', '--file', 'images', '--labels', 'images'],
      /expected labels, one byte each, got \[60, 6, 6\]/,
    ],
    [1, ['score', '--model', 'run', '--file', 'labels'], /expected images .* got a list of labels/],
    [1, ['score', '--model', 'run', '--file', 'gated.arlens.json'], /expected PNG, JPEG, IDX/],
    [1, ['annotate', '--model', 'run', 'gated.arlens.json'], /Gated PixelCNN is a model of images/],
    [1, ['train', 'plain.arlens.json'], /expected files that match "nowhere\/\*\.png"/],
  ])('says in one sentence what is wrong: exit %i for %j', async (code, words, message) => {
    const finished = await cli(words, folder);
    expect(finished.stderr).toMatch(message);
    expect(finished).toMatchObject({ code, stdout: '' });
  });
});

describe('images that are given their own small version', () => {
  const WORDS = 'its picture at 1/3 of its height and width';

  it('say so with every figure, and are drawn given those of the run or of a file', async () => {
    const trained = await cli(['train', 'larger.arlens.json', '--out', 'larger', '--json'], folder);
    expect(trained, trained.stderr).toMatchObject({ code: 0 });
    const told = lines(trained.stdout) as Array<{ type: string; given?: string }>;
    expect(told.filter(({ given }) => given !== WORDS)).toEqual([]);
    const words = await cli(['score', '--model', 'larger', '--file', 'images'], folder);
    expect(words.stdout).toContain(`p(x | ${WORDS})`);
    const scored = await answer(['score', '--model', 'larger', '--file', 'images']);
    expect(scored).toMatchObject({ given: null, condition: { kind: 'shrunken', words: WORDS } });
    const draw = (...more: string[]) =>
      answer(['sample', '--model', 'larger', '--seed', '1', '--count', '2', ...more]);
    const drawn = await draw('--condition', 'images', '--condition-image', '1');
    expect(drawn).toMatchObject({ given: { words: WORDS, source: 'images', indices: [1, 1] } });
    // A run folder that lies elsewhere than its spec says knows no images of its own.
    const nowhere = await cli(['sample', '--model', 'larger', '--seed', '1'], folder);
    expect(nowhere).toMatchObject({ code: 1 });
    expect(nowhere.stderr).toContain('those of its run cannot be read here');
    expect(unlabelled(scored), 'bare likelihoods').toEqual([]);
    const checked = await answer(['check', '--model', 'larger']);
    expect(checked).toMatchObject({ verdict: 'pass' });
    const reach = await answer(['reach', '--model', 'larger', '--position', '2,2']);
    expect(reach).toMatchObject({ leaks: 0, condition: { words: WORDS } });
  });
});
