// From images to a model without writing a word: the spec that is written for the example's own images trains.
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { imageSource } from '../../src/engine/images/imageSource';
import { ImageSets } from '../../src/engine/images/imageSets';
import { imageSpec } from '../../src/host/images/imageSpec';
import { cli, ensureBuilt, ROOT } from './support/cli';

let folder: string;
const sets = new ImageSets();
beforeAll(async () => {
  ensureBuilt();
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-new-spec-'));
  const workspace = join(ROOT, 'examples', 'workspace');
  await cp(join(workspace, 'neighbour.idx'), join(folder, 'neighbour.idx'));
  // A name that a glob would read otherwise.
  await cp(join(workspace, 'icons'), join(folder, 'icons (1)'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

it.each([
  ['neighbour.idx', { data: { levels: 2, quantize: 'sampleOnce' } }],
  ['icons (1)', { model: { classes: 9 }, data: { levels: 4, labels: 'folders' } }],
])('%s trains', async (source, expected) => {
  const content = imageSpec(source, await imageSource(join(folder, source), sets));
  expect(content).toMatchObject(expected);
  await writeFile(join(folder, 'new.arlens.json'), JSON.stringify(content));
  const words = ['train', 'new.arlens.json', '--steps', '2', '--out', `of ${source}`, '--json'];
  const trained = await cli(words, folder);
  expect(trained.code, trained.stderr).toBe(0);
  const result: unknown = JSON.parse(trained.stdout.trim().split('\n').at(-1) ?? '');
  expect(result).toMatchObject({ type: 'result', status: 'done', steps: 2 });
});
