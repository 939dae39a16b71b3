// A spec whose images lie outside its own folder: whoever looks into it finds them in the folder that is open, as training
// does, and refuses them where none is said.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CallContext } from '../../protocol/calls';
import { RUN_FILES } from '../../protocol/run';
import { createEngineContext } from '../devices';
import { createEngineHandlers } from '../handlers';
import { runImages } from '../reach/runImages';

let workspace: string;
let spec: string;
let run: string;
const REFUSED = 'data.source: expected files inside the workspace';
const call: CallContext<never> = {
  signal: new AbortController().signal,
  progress: () => Promise.resolve(undefined),
};
const engine = createEngineHandlers(createEngineContext({ device: 'cpu' }));

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'ar-lens-other-folder-'));
  const pixels = Array.from({ length: 10 * 4 * 5 }, (_, at) => (at * 71) % 256);
  const header = [0, 0, 8, 3, 0, 0, 0, 10, 0, 0, 0, 4, 0, 0, 0, 5];
  await writeFile(join(workspace, 'shared.idx'), Buffer.from([...header, ...pixels]));
  const content = JSON.stringify({
    family: 'toyRaster',
    model: { sigma: 0.2 },
    data: { source: '../shared.idx', levels: 8, quantize: 'round', validation: 0.2 },
  });
  run = join(workspace, 'specs', '.arlens', 'runs', 'toy', '1');
  await mkdir(run, { recursive: true });
  spec = join(workspace, 'specs', 'toy.arlens.json');
  await writeFile(spec, content);
  await writeFile(join(run, RUN_FILES.spec), content);
});
afterAll(() => rm(workspace, { recursive: true }));

it('its size is the images’, in every look', async () => {
  const subject = { spec, workspace };
  expect(await engine.imageModel(subject, call)).toMatchObject({ height: 4, width: 5 });
  const { settings, from } = await engine.receptiveField({ subject }, call);
  expect({ ...settings, from }).toMatchObject({ height: 4, width: 5, from: 'data' });
  expect(await engine.reach({ ...subject, position: [1, 2] }, call)).toMatchObject({ allowed: 7 });
  await expect(engine.imageModel({ spec }, call)).rejects.toThrow(REFUSED);
  await expect(engine.receptiveField({ subject: { spec } }, call)).rejects.toThrow(REFUSED);
});

it('its run’s held-out images are found', async () => {
  const facts = { height: 4, width: 5, channels: 1, levels: 8 };
  const held = await runImages(run, facts, { workspace });
  expect([...held.indices]).toHaveLength(2);
  await held.close();
  await expect(runImages(run, facts, {})).rejects.toThrow(REFUSED);
});
