// The example workspace's pictures in colour: read as they are said to be, learnt by their own spec as a process, and no
// part of the package.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openImages } from '../../src/engine/images/openImages';
import { decodePicture } from '../../src/formats/picture';
import { cli, ensureBuilt, ROOT } from './support/cli';
import { unlabelled } from './support/ledger';

const workspace = join(ROOT, 'examples', 'workspace');
const D = 32 * 32 * 3;
let folder: string;
beforeAll(async () => {
  ensureBuilt();
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-icons-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('is 214 pictures of 32 × 32 in colour, in folders that name nine classes', async () => {
  const set = await openImages({ source: 'icons', base: workspace, workspace, labels: 'folders' });
  expect(set).toMatchObject({ count: 214, height: 32, width: 32, channels: 3, files: 214, classes: 9 });
  expect(set.bytes).toBeLessThan(500_000);
  const pixels = await set.pixels(Int32Array.from({ length: set.count }, (_, image) => image));
  const colours = Array.from({ length: pixels.length / 3 }, (_, at) => pixels.subarray(3 * at, 3 * at + 3));
  const white = colours.filter(([r, g, b]) => r === 255 && g === 255 && b === 255).length;
  const grey = colours.filter(([r, g, b]) => r === g && g === b).length;
  // What was transparent is white, and what is drawn has colours.
  expect(white / colours.length).toBeGreaterThan(0.2);
  expect(1 - grey / colours.length).toBeGreaterThan(0.3);
  await set.close();
});

it('teaches a PixelCNN++ of 256 levels, which then scores it in bits/dim and draws in colour', async () => {
  const run = join(folder, 'run');
  const spec = join(workspace, 'icons.arlens.json');
  const trained = await cli(['train', spec, '--steps', '12', '--out', run, '--json'], folder);
  expect(trained.code, trained.stderr).toBe(0);
  const events = trained.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type?: string; nats?: number; count?: number });
  const held = events.filter(({ type }) => type === 'evaluation');
  expect(held.map(({ count }) => count)).toEqual([43 * D, 43 * D]);
  expect(held[1]?.nats ?? NaN).toBeLessThan((held[0]?.nats ?? NaN) - 0.2);

  const last = join(run, 'samples', 'step-00000012.png');
  const { isGrey } = decodePicture(await readFile(last), last);
  expect(isGrey).toBe(false);

  const scored = await cli(
    ['score', '--model', run, '--file', join(workspace, 'icons/emotes'), '--json'],
    folder,
  );
  expect(scored.code, scored.stderr).toBe(0);
  const answer = JSON.parse(scored.stdout) as { bitsPerDim: number; nll: number; perImage: unknown[] };
  expect(unlabelled(answer)).toEqual([]);
  expect(answer).toMatchObject({ images: 13, channels: 3, levels: 256, likelihood: 'exact', count: 13 * D });
  expect(answer.perImage).toHaveLength(13);
  expect(answer.bitsPerDim).toBeCloseTo(answer.nll / (13 * D * Math.LN2), 9);
  expect(answer.bitsPerDim).toBeLessThan(8);
});

it('teaches a Gated PixelCNN its categories, which then scores a folder alone under the class that it was', async () => {
  const run = join(folder, 'classes');
  const spec = join(workspace, 'icons-classes.arlens.json');
  const trained = await cli(['train', spec, '--steps', '4', '--out', run, '--json'], folder);
  expect(trained.code, trained.stderr).toBe(0);
  const words = ['score', '--model', run, '--file', join(workspace, 'icons/emotes'), '--json'];
  const [within, without] = [await cli(words, folder), await cli([...words, '--no-labels'], folder)].map(
    ({ stdout }) => JSON.parse(stdout) as { given: string; nll: number; perImage: Array<{ class?: number }> },
  );
  expect(within).toMatchObject({ given: 'class', labelSource: 'folders', images: 13 });
  // actions, apps, categories, devices, emblems, emotes, …
  expect(within?.perImage.map((image) => image.class)).toEqual(new Array(13).fill(5));
  expect(without).toMatchObject({ given: 'no class', labelSource: null });
  expect(without?.nll).not.toBeCloseTo(within?.nll ?? NaN, 2);
  const draw = (label: string) =>
    cli(['sample', '--model', run, '--seed', '3', '--class', label, '--json'], folder);
  const [byName, byNumber, unknown] = [await draw('emotes'), await draw('5'), await draw('faces')];
  expect(byName.code, byName.stderr).toBe(0);
  const drawn = ({ stdout }: typeof byName) => (JSON.parse(stdout) as { elements: unknown }).elements;
  expect(drawn(byName)).toEqual(drawn(byNumber));
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toMatch(
    /class: expected a whole number from 0 to 8 or one of actions, apps, .*status, got "faces"/,
  );
});

it('says its licence and its source', async () => {
  const readme = await readFile(join(workspace, 'README.md'), 'utf8');
  expect(readme).toMatch(/`icons\/`[^\n]*Tango[^\n]*public domain[^\n]*scripts\/make-icons\.mjs/);
});

it('leaves the package as it is: examples are not in it', async () => {
  const vsce = join(ROOT, 'node_modules/@vscode/vsce/vsce');
  const { stdout } = await promisify(execFile)(process.execPath, [vsce, 'ls', '--no-dependencies'], {
    cwd: ROOT,
  });
  const files = stdout.trim().split('\n');
  expect(files).toContain('package.json');
  expect(files.filter((file) => file.startsWith('examples/'))).toEqual([]);
});
