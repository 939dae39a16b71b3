// Sets whose least possible bits/dim is known and hangs on one neighbour: what a stack does not see, it cannot learn, and
// what it sees, it learns to within 3 % of the best. In the blind spot: the example workspace's own specs; where both stacks
// see the neighbour and where none does: sets made here. As processes.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { uniformAt } from '../../src/math/counterRng';
import { entropy } from '../../src/math/information';
import { cli, ensureBuilt, ROOT } from './support/cli';

const workspace = join(ROOT, 'examples', 'workspace');
let folder: string;
beforeAll(async () => {
  ensureBuilt();
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-neighbour-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** 42 of 64 pixels are their neighbour but for a flip of probability .05, 22 a fair coin. Bits/dim. */
const BEST = (42 * (entropy([0.05, 0.95]) / Math.LN2) + 22) / 64;

async function train(name: string, from = workspace): Promise<{ bits: number; count: number }> {
  const { code, stdout, stderr } = await cli(
    ['train', join(from, `${name}.arlens.json`), '--out', join(folder, name), '--json'],
    folder,
  );
  expect(code, stderr).toBe(0);
  const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
    validation: { bits: number; count: number };
  };
  return last.validation;
}

async function sees(name: string): Promise<boolean> {
  const { stdout } = await cli(
    ['reach', '--model', join(folder, name), '--position', '4,2', '--json'],
    folder,
  );
  const { offsets } = JSON.parse(stdout) as { offsets: { seen: number[][]; blind: number[][] } };
  const has = (list: number[][]) => list.some(([down, right]) => down === -1 && right === 2);
  expect(has(offsets.seen)).not.toBe(has(offsets.blind));
  return has(offsets.seen);
}

it('the plain stack is blind to it and stays at 1 bit/dim', async () => {
  const { bits, count } = await train('neighbour-plain');
  expect(count).toBe(600 * 64);
  // 38,400 fair coins are known to within .5 %, whoever tosses them.
  expect(bits).toBeGreaterThan(0.995);
  expect(await sees('neighbour-plain')).toBe(false);
});

it('the gated stacks see it and come within 3 % of the best', async () => {
  const { bits } = await train('neighbour-gated');
  expect(bits).toBeGreaterThan(0.98 * BEST);
  expect(bits).toBeLessThan(1.03 * BEST);
  expect(await sees('neighbour-gated')).toBe(true);
});

const [SIDE, COUNT, FLIP] = [8, 2000, 0.05];

/** Each pixel is the one so many rows up but for a flip; where there is none, a fair coin. @returns the best bits/dim */
async function writeSet(name: string, up: number): Promise<number> {
  const pixels = new Uint8Array(COUNT * SIDE * SIDE);
  for (let at = 0; at < pixels.length; at++) {
    const row = Math.floor(at / SIDE) % SIDE;
    const coin = uniformAt(7, up, at);
    const other = row < up ? 0 : (pixels[at - up * SIDE] ?? 0);
    const one = row < up ? coin < 0.5 : coin < FLIP !== other > 0;
    pixels[at] = one ? 255 : 0;
  }
  const header = [0, 0, 8, 3, 0, 0, COUNT >> 8, COUNT & 255, 0, 0, 0, SIDE, 0, 0, 0, SIDE];
  await writeFile(join(folder, `${name}.idx`), Buffer.concat([Buffer.from(header), pixels]));
  for (const family of ['pixelcnn', 'gatedPixelcnn']) {
    const spec = {
      family,
      model: { layers: 3, width: 12, kernel: 3, firstKernel: 3 },
      data: { source: `${name}.idx`, levels: 2, quantize: 'threshold', validation: 0.25 },
      train: {
        ...{ steps: 250, batchSize: 32, learningRate: 0.01, warmupSteps: 20, weightDecay: 0.01 },
        ...{ evaluateEvery: 250, sampleEvery: 0 },
      },
    };
    await writeFile(join(folder, `${name}-${family}.arlens.json`), JSON.stringify(spec));
  }
  const coins = up / SIDE;
  return coins + (1 - coins) * (entropy([FLIP, 1 - FLIP]) / Math.LN2);
}

it('a neighbour that both see is learnt by both to within 3 % of the best', async () => {
  const best = await writeSet('inside', 1);
  for (const family of ['pixelcnn', 'gatedPixelcnn']) {
    const { bits } = await train(`inside-${family}`, folder);
    expect(bits).toBeGreaterThan(0.97 * best);
    expect(bits).toBeLessThan(1.03 * best);
  }
});

it('a neighbour further away than any layer reaches is learnt by none', async () => {
  await writeSet('outside', 5);
  for (const family of ['pixelcnn', 'gatedPixelcnn']) {
    const { bits } = await train(`outside-${family}`, folder);
    expect(bits).toBeGreaterThan(0.995);
  }
});
