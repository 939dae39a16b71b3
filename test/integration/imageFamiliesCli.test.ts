// Orders, inpainting and mixtures from the command line, as processes of their own, and what the families refuse.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, ensureBuilt } from './support/cli';
import { unlabelled } from './support/ledger';

let folder: string;
const train = {
  steps: 6,
  batchSize: 4,
  warmupSteps: 2,
  learningRate: 0.01,
  evaluateEvery: 3,
  sampleEvery: 0,
};

beforeAll(async () => {
  ensureBuilt();
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-image-families-'));
  // 5 × 6 images in shades that run across or down.
  const pixels = Array.from({ length: 40 * 30 }, (_, at) => {
    const [image, row, column] = [Math.floor(at / 30), Math.floor(at / 6) % 5, at % 6];
    return image % 2 === 0 ? 40 * column : 50 * row;
  });
  const header = [0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 5, 0, 0, 0, 6];
  await writeFile(join(folder, 'shades'), Buffer.from([...header, ...pixels]));
  const labels = Array.from({ length: 40 }, (_, image) => image % 2);
  await writeFile(join(folder, 'labels'), Buffer.from([0, 0, 8, 1, 0, 0, 0, 40, ...labels]));
  const data = { source: 'shades', levels: 6, quantize: 'round' };
  await spec('snake', {
    family: 'pixelTransformer',
    model: { layers: 2, heads: 2, width: 16, order: 'snake' },
    data,
    train,
  });
  await spec('plus', {
    family: 'pixelcnnPlusPlus',
    model: { layers: 1, width: 8, halvings: 1, mixtures: 3 },
    data,
    train,
  });
  await spec('wrongHeads', { family: 'pixelTransformer', model: { heads: 3, width: 16 }, data, train });
  await spec('wrongOrder', { family: 'pixelTransformer', model: { order: 'spiral' }, data, train });
  await spec('wrongHalvings', { family: 'pixelcnnPlusPlus', model: { halvings: 4 }, data, train });
  await spec('wrongLevels', { family: 'pixelcnnPlusPlus', data: { ...data, quantize: 'threshold' }, train });
  await spec('wrongLabels', {
    family: 'pixelcnnPlusPlus',
    model: { classes: 1 },
    data: { ...data, labels: 'labels' },
    train,
  });
  for (const name of ['snake', 'plus']) {
    const trained = await cli(['train', `${name}.arlens.json`, '--out', name, '--json'], folder);
    expect(trained.code, trained.stderr).toBe(0);
  }
});
afterAll(() => rm(folder, { recursive: true }));

const spec = (name: string, content: object) =>
  writeFile(join(folder, `${name}.arlens.json`), JSON.stringify(content));

async function answer(words: readonly string[]): Promise<Record<string, unknown>> {
  const finished = await cli([...words, '--json'], folder);
  expect(finished.code, finished.stderr).toBe(0);
  const value = JSON.parse(finished.stdout) as Record<string, unknown>;
  expect(unlabelled(value)).toEqual([]);
  return value;
}

describe('the newer image families on the command line', () => {
  it.each(['snake', 'plus'])('%s: scored, sampled, and checked', async (model) => {
    const scored = await answer(['score', '--model', model, '--file', 'shades']);
    expect(scored).toMatchObject({ unit: 'subpixel', likelihood: 'exact', images: 40, levels: 6 });
    const sampled = await answer(['sample', '--model', model, '--seed', '3', '--temperature', '0.5']);
    expect(sampled['elements']).toHaveLength(30);
    const { verdict, checks } = await answer(['check', '--model', model]);
    expect(verdict, JSON.stringify(checks)).toBe('pass');
  });

  it('an order of its own is said: in samples, reach and mask, and what comes earlier is what it sees', async () => {
    const { order } = await answer(['sample', '--model', 'snake', '--seed', '3']);
    const rows = order as number[];
    expect(rows.slice(0, 13)).toEqual([0, 1, 2, 3, 4, 5, 11, 10, 9, 8, 7, 6, 12]);
    const reach = await answer(['reach', '--model', 'snake', '--position', '1,0', '--measure']);
    expect(reach).toMatchObject({
      order,
      allowed: 11,
      seen: 11,
      blind: 0,
      leaks: 0,
      measured: { agrees: true },
    });
    const first = await answer(['reach', '--model', 'snake', '--position', '1,5']);
    expect(first).toMatchObject({ allowed: 6, seen: 6 });
    const mask = await answer(['mask', '--model', 'snake']);
    expect(mask).toMatchObject({ order, measured: { agrees: true } });
  });

  it('PixelCNN++ is blind to nothing that more layers would not reach, and leaks nothing', async () => {
    const reach = await answer(['reach', '--model', 'plus', '--position', '4,3', '--measure']);
    expect(reach).toMatchObject({ allowed: 27, blind: 0, leaks: 0, measured: { leaks: 0, undeclared: [] } });
  });

  it.each(['snake', 'plus'])('%s keeps a region and draws the rest in its order', async (model) => {
    const words = ['sample', '--model', model, '--seed', '4', '--count', '2'];
    const free = await answer(words);
    const kept = await answer([...words, '--inpaint', 'shades', '--keep', '2,0,5,6']);
    expect(kept).toMatchObject({ inpainting: 'causal-order', under: 'the model' });
    expect((kept['kept'] as number[]).filter((each) => each === 1)).toHaveLength(18);
    const levels = (value: Record<string, unknown>, sample: number) => {
      const { elements } = (value['samples'] as Array<{ elements: Array<{ id: number }> }>)[sample] ?? {
        elements: [],
      };
      return elements.map(({ id }) => id);
    };
    const wanted = Array.from({ length: 18 }, (_, at) => Math.round(((40 * (at % 6)) / 255) * 5));
    for (const sample of [0, 1]) {
      expect(levels(kept, sample).slice(12)).toEqual(wanted);
      // Nothing that comes before knows of it.
      expect(levels(kept, sample).slice(0, 12)).toEqual(levels(free, sample).slice(0, 12));
    }
    const said = await cli([...words, '--inpaint', 'shades', '--keep', '2,0,5,6'], folder);
    expect(said.stderr).toMatch(/Causal-order inpainting: 12 of 30 sub-pixels .* know nothing of them/);
  });

  it.each([
    ['plus', 'brightness', 'mean |∂ log p / ∂x|', 'nats per unit of brightness'],
    ['snake', 'level', 'mean |∂ log p / ∂(s_k − s_x)|', 'nats per exchanged level, to first order'],
  ])(
    '%s: what moves an answer, by %s, and nothing that it does not see',
    async (model, by, formula, unit) => {
      const words = ['reach', '--model', model, '--position', '3,2', '--effective', '--file', 'shades'];
      interface Map {
        readonly values: number[][];
        readonly outside: number;
        readonly areas: ReadonlyArray<{ readonly count: number }>;
      }
      const { effective, offsets } = (await answer([...words, '--images', '12'])) as unknown as {
        effective: { measure: object; here: Map; everywhere: Map };
        offsets: { seen: number[][] };
      };
      expect(effective.measure).toEqual({ by, formula, unit });
      const seen = new Set(offsets.seen.map(([down = 0, right = 0]) => `${3 + down},${2 + right}`));
      const moved = effective.here.values.flatMap((row, r) =>
        row.flatMap((each, c) => (each > 0 ? [`${r},${c}`] : [])),
      );
      expect(moved.length).toBeGreaterThan(3);
      expect(moved.filter((place) => !seen.has(place))).toEqual([]);
      expect([effective.here.outside, effective.everywhere.outside]).toEqual([0, 0]);
      const { stdout } = await cli(words, folder);
      expect(stdout).toContain(`effective: ${formula}, of ${seen.size} pixels read`);
      expect(stdout).toContain(`in ${unit}.`);
      expect(stdout).toContain('outside of what is read: exactly 0');
    },
  );

  it('another image of the file is kept where it is named', async () => {
    const words = ['sample', '--model', 'plus', '--seed', '4', '--inpaint', 'shades', '--keep', '0,0,5,6'];
    const elements = (value: Record<string, unknown>) =>
      (value['elements'] as Array<{ id: number }>).map(({ id }) => id);
    const down = Array.from({ length: 30 }, (_, at) => Math.round(((50 * Math.floor(at / 6)) / 255) * 5));
    expect(elements(await answer([...words, '--image', '1']))).toEqual(down);
    expect(elements(await answer(words))).not.toEqual(down);
  });

  it('PixelCNN++ scores images of another size; the pixel Transformer says why it does not', async () => {
    const header = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 3];
    const pixels = Array.from({ length: 24 }, (_, at) => 10 * at);
    await writeFile(join(folder, 'smaller'), Buffer.from([...header, ...pixels]));
    const scored = await answer(['score', '--model', 'plus', '--file', 'smaller']);
    expect(scored).toMatchObject({ images: 2, height: 4, width: 3, likelihood: 'exact' });
    expect(Number.isFinite(scored['nll'])).toBe(true);
    const refused = await cli(['score', '--model', 'snake', '--file', 'smaller'], folder);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(
      /smaller: expected images of 6 × 5, the only size that .+ takes, because it has one learnt place for each sub-pixel, got 3 × 4\./,
    );
  });

  const sample = ['sample', '--model', 'plus', '--seed', '1'];
  it.each<[number, string[], RegExp]>([
    [
      1,
      ['train', 'wrongHeads.arlens.json'],
      /model\.width: expected a multiple of model\.heads \(3\), got 16/,
    ],
    [1, ['train', 'wrongOrder.arlens.json'], /model\.order.*spiral/],
    [
      1,
      ['train', 'wrongHalvings.arlens.json'],
      /model\.halvings: expected at most 3 for images of 6 × 5.*got 4/,
    ],
    [
      1,
      ['train', 'wrongLevels.arlens.json'],
      /data\.levels: expected 2 with data\.quantize "threshold", got 6/,
    ],
    [
      1,
      ['train', 'wrongLabels.arlens.json'],
      /data\.labels: expected classes below model\.classes \(1\), got class 1/,
    ],
    [1, [...sample, '--inpaint', 'shades', '--keep', '0,0,6,6'], /keep: expected r0,c0,r1,c1 .* got 0,0,6,6/],
    [1, [...sample, '--inpaint', 'nowhere', '--keep', '0,0,1,1'], /nowhere/],
    [1, [...sample, '--inpaint', 'labels', '--keep', '0,0,1,1'], /got a list of labels/],
    [
      1,
      [...sample, '--inpaint', 'shades', '--keep', '0,0,1,1', '--image', '40'],
      /expected an image from 0 to 39, got 40/,
    ],
    [2, [...sample, '--image', '1'], /--image: expected --inpaint with it/],
    [2, [...sample, '--inpaint', 'shades'], /--inpaint: expected --keep with it/],
    [2, [...sample, '--keep', '0,0,1,1'], /--keep: expected --inpaint with it/],
    [2, [...sample, '--inpaint', 'shades', '--keep', '1,2,3'], /expected r0,c0,r1,c1 in whole numbers/],
  ])('says in one sentence what is wrong: exit %i for %j', async (code, words, message) => {
    const finished = await cli(words, folder);
    expect(finished.stderr).toMatch(message);
    expect(finished.stderr.trim().split('\n')).toHaveLength(1);
    expect(finished).toMatchObject({ code, stdout: '' });
  });
});
