// Which node runs the engine, and the sentence that says why.
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { engineEnvironment } from '../../src/host/engineProcess';
import { findNode } from '../../src/host/nodeFinder';

const own = { executable: '/opt/editor/code', node: '22.1.0', electron: '37.0.0' };
let folder: string;

async function fakeNode(name: string, version: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, `#!/bin/sh\necho ${version}\n`);
  await chmod(file, 0o755);
  return file;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'ar-lens-node-'));
  await fakeNode('node', 'v18.20.1');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('takes the node of the setting', async () => {
  const choice = await findNode({ setting: process.execPath, searchPath: folder, own });
  expect(choice).toMatchObject({ executable: process.execPath, electron: false });
  expect(choice.sentence).toBe(`Node ${process.versions.node}, as the setting says.`);
});

it('skips an old node on PATH for a newer one', async () => {
  const searchPath = [folder, path.dirname(process.execPath)].join(path.delimiter);
  const choice = await findNode({ searchPath, own });
  expect(choice.version).toBe(process.versions.node);
  expect(choice.sentence).toContain(`because ${folder}${path.sep}node is Node 18.20.1, older than 20`);
});

it('falls back to the editor’s own, and says why', async () => {
  expect(await findNode({ searchPath: '', own })).toEqual({
    executable: '/opt/editor/code',
    version: '22.1.0',
    electron: true,
    sentence: "The editor's own Node 22.1.0 (Electron), because PATH has no node.",
  });
  const broken = await fakeNode('broken', 'hello');
  expect((await findNode({ setting: broken, searchPath: folder, own })).sentence).toContain(
    `the setting's ${broken} is not a working node and`,
  );
});

it('never looks into a relative entry of PATH', async () => {
  const relative = path.relative(process.cwd(), folder);
  const choice = await findNode({ searchPath: `.${path.delimiter}${relative}`, own });
  expect(choice.sentence).toContain('because PATH has no node.');
});

it('runs Electron as node, and keeps the editor’s variables out', () => {
  const base = { PATH: '/bin', NODE_OPTIONS: '--inspect', VSCODE_IPC_HOOK: 'x', ELECTRON_RUN_AS_NODE: '1' };
  expect(engineEnvironment(base, 'job', {}, false)).toEqual({ PATH: '/bin', AR_LENS_ROLE: 'job' });
  expect(engineEnvironment(base, 'engine', { device: 'cpu' }, true)).toEqual({
    PATH: '/bin',
    AR_LENS_ROLE: 'engine',
    AR_LENS_DEVICE: 'cpu',
    ELECTRON_RUN_AS_NODE: '1',
  });
});
