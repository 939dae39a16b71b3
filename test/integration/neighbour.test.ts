// A set whose least possible bits/dim is known and hangs on one neighbour: outside of what a plain stack sees, it learns
// nothing; the gated stacks see it and come within 3 % of the best. The example workspace's own specs, as processes.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
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

async function train(name: string): Promise<{ bits: number; count: number }> {
  const { code, stdout, stderr } = await cli(
    ['train', join(workspace, `${name}.arlens.json`), '--out', join(folder, name), '--json'],
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
