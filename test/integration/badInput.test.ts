// Whatever is wrong with a file, a spec, a model or the disk ends in one sentence and exit 1: file, place, expected,
// got. Never a stack trace, a hang or a file that is only half there.
import '@tensorflow/tfjs-backend-cpu';
import { cp, mkdir, open, readFile, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execFileSync, spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Rng } from '../../src/math/rng';
import { loadModelFolder } from '../../src/engine/models/modelFolder';
import { readSafetensors } from '../../src/formats/safetensors';
import { ArLensError } from '../../src/protocol/errors';
import { RUN_FILES } from '../../src/protocol/run';
import { cli, ROOT, type Finished } from './support/cli';
import { makeWorkspace, SPEC, type Workspace } from './support/workspace';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await makeWorkspace();
});
afterAll(() => workspace.remove());

const FAULTS = pathToFileURL(join(import.meta.dirname, 'support', 'faults.mjs')).href;

function withFault(words: readonly string[], fault: object): Promise<Finished> {
  const env = { NODE_OPTIONS: `--import ${FAULTS}`, AR_LENS_TEST_FAULT: JSON.stringify(fault) };
  return cli(words, workspace.folder, env);
}

/** One sentence on stderr that holds every part, nothing on stdout, exit 1. */
function expectSentence({ code, stdout, stderr }: Finished, ...parts: readonly string[]): void {
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  for (const part of parts) expect(stderr).toContain(part);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
}

const score = (file: string, model = 'run') =>
  cli(['score', '--model', model, '--file', file, '--json'], workspace.folder);

describe('a text', () => {
  it.each([
    ['empty.txt', '', ['at least one byte', 'empty file']],
    ['invalid.txt', Uint8Array.of(0x61, 0x62, 0xff, 0x63), ['byte 2', 'UTF-8', '0xFF']],
    ['cut.txt', Uint8Array.of(0x61, 0xe2, 0x82), ['byte 1', 'UTF-8', '0xE2']],
    ['binary.dat', new Uint8Array(4096), ['byte 0', 'binary']],
  ])('%s', async (name, content, parts) => {
    await workspace.write(name, content);
    expectSentence(await score(name), name, ...parts);
  });

  it('of 200 MB is refused by its limit, without reading it', async () => {
    const path = await workspace.write('huge.txt', '');
    await truncate(path, 200_000_000);
    expectSentence(await score('huge.txt'), 'huge.txt', 'at most 16777216 bytes', '200000000');
    await workspace.write('huge.arlens.json', JSON.stringify({ ...SPEC, data: { source: 'huge.txt' } }));
    expectSentence(
      await cli(['train', 'huge.arlens.json', '--json'], workspace.folder),
      'at most 100000000 bytes',
    );
  });

  it('of one byte is scored', async () => {
    await workspace.write('one.txt', 't');
    const { code, stdout } = await score('one.txt');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ tokens: 1, scored: 1, bytes: 1 });
  });

  it('that is missing, a folder, or may not be read', async () => {
    expectSentence(await score('nowhere.txt'), 'nowhere.txt', 'nothing there');
    expectSentence(await score('run'), 'run', 'a folder');
    await workspace.write('secret.txt', 'secret');
    const words = ['score', '--model', 'run', '--file', 'secret.txt'];
    expectSentence(
      await withFault(words, { code: 'EACCES', reading: 'secret.txt' }),
      'secret.txt',
      'no permission',
    );
  });
});

describe('a spec', () => {
  it.each([
    [
      'unknown key',
      '{ "family": "transformer", "data": { "source": "a.txt" }, "trian": {} }',
      [':1:59:', 'trian', '"train"'],
    ],
    [
      'wrong type',
      '{ "family": "transformer", "data": { "source": 7 } }',
      [':1:48:', 'data.source', 'got 7'],
    ],
    [
      'negative size',
      '{ "family": "transformer", "data": { "source": "a.txt" }, "model": { "layers": -4 } }',
      ['model.layers', 'got -4'],
    ],
    [
      'absurd size',
      '{ "family": "transformer", "data": { "source": "a.txt" }, "model": { "layers": 1e12 } }',
      ['model.layers', 'at most 128'],
    ],
    [
      'too large',
      '{ "family": "transformer", "data": { "source": "a.txt" }, "model": { "layers": 128, "width": 8192 } }',
      ['model', 'parameters'],
    ],
    ['no JSON', '{ "family": "transformer", ', [':1:', 'expected JSON']],
    [
      'nothing matches',
      '{ "family": "transformer", "data": { "source": "*.nothing" } }',
      ['data.source', '*.nothing', 'none'],
    ],
    [
      'leaves',
      '{ "family": "transformer", "data": { "source": "../*" } }',
      ['data.source', 'inside the workspace'],
    ],
    [
      'absolute',
      '{ "family": "transformer", "data": { "source": "/etc/hostname" } }',
      ['data.source', 'inside the workspace'],
    ],
    [
      'by a link',
      '{ "family": "transformer", "data": { "source": "link.txt" } }',
      ['data.source', 'inside the workspace'],
    ],
    [
      'too short',
      '{ "family": "transformer", "data": { "source": "one.txt", "validation": "held.txt" } }',
      ['data.source', 'tokens'],
    ],
    ['empty file', '', ['empty file']],
    ['deep', `{ "family": ${'['.repeat(100_000)}`, [':1:76:', 'brackets']],
    [
      'infinite',
      '{ "family": "transformer", "data": { "source": "a.txt" }, "train": { "clip": 1e999 } }',
      ['train.clip', 'got Infinity'],
    ],
  ])('%s', async (name, text, parts) => {
    await rm(workspace.path('link.txt'), { force: true });
    await symlink(process.execPath, workspace.path('link.txt'));
    await workspace.write('one.txt', 't');
    const file = `${name.replaceAll(' ', '')}.arlens.json`;
    await workspace.write(file, text);
    expectSentence(await cli(['train', file, '--out', 'never', '--json'], workspace.folder), ...parts);
    expect(await readdir(workspace.folder)).not.toContain('never');
  });
});

describe('a model folder', () => {
  /** A copy of the trained run with one thing done to it. */
  async function broken(name: string, change: (folder: string) => Promise<unknown>): Promise<string> {
    const folder = workspace.path(`broken-${name}`);
    await rm(folder, { recursive: true, force: true });
    await cp(workspace.run, folder, { recursive: true });
    await change(folder);
    return folder;
  }

  async function editJson(
    path: string,
    change: (content: Record<string, unknown>) => unknown,
  ): Promise<void> {
    const content = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    await writeFile(path, JSON.stringify(change(content) ?? content));
  }

  /** Rewrites the header of the weights; the data stays. */
  async function editHeader(folder: string, change: (header: Record<string, Entry>) => void): Promise<void> {
    const path = join(folder, RUN_FILES.weights);
    const bytes = await readFile(path);
    const length = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Record<string, Entry>;
    change(header);
    const text = Buffer.from(JSON.stringify(header));
    const start = Buffer.alloc(8);
    start.writeBigUInt64LE(BigInt(text.length));
    await writeFile(path, Buffer.concat([start, text, bytes.subarray(8 + length)]));
  }
  interface Entry {
    dtype: string;
    shape: number[];
    data_offsets: [number, number];
  }
  const entry = (header: Record<string, Entry>, index: number): Entry => {
    const name = Object.keys(header).filter((key) => key !== '__metadata__')[index] ?? '';
    return header[name] as Entry;
  };

  it('that is not there, or is a file, or is empty', async () => {
    expectSentence(await score('held.txt', 'nowhere'), 'nowhere', 'model folder');
    expectSentence(await score('held.txt', 'held.txt'), 'held.txt', 'got a file');
    await mkdir(workspace.path('hollow'));
    expectSentence(await score('held.txt', 'hollow'), RUN_FILES.config, 'nothing there');
  });

  it('whose weights are cut anywhere', async () => {
    const rng = new Rng(3);
    const { length } = await readFile(join(workspace.run, RUN_FILES.weights));
    const cuts = [0, 1, 7, 8, 9, length - 1, ...Array.from({ length: 30 }, () => rng.integer(length))];
    const folder = await broken('cut', () => Promise.resolve());
    const whole = await readFile(join(workspace.run, RUN_FILES.weights));
    for (const cut of cuts) {
      await writeFile(join(folder, RUN_FILES.weights), whole.subarray(0, cut));
      const loading = loadModelFolder(folder);
      await expect(loading).rejects.toBeInstanceOf(ArLensError);
      await expect(loading).rejects.toMatchObject({
        message: expect.stringContaining(RUN_FILES.weights) as string,
      });
    }
    expectSentence(await score('held.txt', folder), RUN_FILES.weights, 'expected', 'got');
  });

  it.each<[string, (folder: string) => Promise<unknown>, string[]]>([
    [
      'overlap',
      (f) => editHeader(f, (h) => void (entry(h, 1).data_offsets = entry(h, 0).data_offsets)),
      [RUN_FILES.weights],
    ],
    ['lying', (f) => editHeader(f, (h) => void (entry(h, 0).data_offsets[1] += 4)), [RUN_FILES.weights]],
    ['far', (f) => editHeader(f, (h) => void (entry(h, 0).data_offsets = [0, 2 ** 52])), [RUN_FILES.weights]],
    [
      'dtype',
      (f) => editHeader(f, (h) => void (entry(h, 0).dtype = 'I32')),
      [RUN_FILES.weights, 'F32', 'I32'],
    ],
    ['shape', (f) => editHeader(f, (h) => void entry(h, 0).shape.push(1)), [RUN_FILES.weights, 'shape']],
    ['missing', (f) => dropTensor(f), [RUN_FILES.weights, 'transformer.ln_f.bias', 'no such tensor']],
    [
      'extra',
      (f) => editHeader(f, (h) => void (h['extra'] = { dtype: 'F32', shape: [0], data_offsets: endOf(h) })),
      ['extra'],
    ],
    ['nan', (f) => poison(f), [RUN_FILES.weights, 'NaN']],
    [
      'layers',
      (f) => editJson(join(f, RUN_FILES.config), (c) => void (c['n_layer'] = 2)),
      [RUN_FILES.config, 'parameters of model.safetensors'],
    ],
    [
      'fewer',
      (f) => editJson(join(f, RUN_FILES.config), (c) => void (c['n_positions'] = 8)),
      ['wpe', 'shape'],
    ],
    ['width', (f) => editJson(join(f, RUN_FILES.config), (c) => void (c['n_embd'] = 32)), [RUN_FILES.config]],
    [
      'heads',
      (f) => editJson(join(f, RUN_FILES.config), (c) => void (c['n_head'] = 3)),
      [RUN_FILES.config, 'n_head'],
    ],
    [
      'huge',
      (f) => editJson(join(f, RUN_FILES.config), (c) => void (c['n_positions'] = 60000)),
      [RUN_FILES.config],
    ],
    [
      'type',
      (f) => editJson(join(f, RUN_FILES.config), (c) => void (c['model_type'] = 'mamba')),
      ['model_type', 'mamba'],
    ],
    [
      'vocabulary',
      (f) => editJson(join(f, RUN_FILES.config), (c) => void (c['vocab_size'] = 99)),
      ['tokenizer.json', '99'],
    ],
    ['broken', (f) => writeFile(join(f, RUN_FILES.config), '{ "model_type": '), [RUN_FILES.config, 'JSON']],
    [
      'deep',
      (f) => writeFile(join(f, RUN_FILES.config), `{ "model_type": ${'['.repeat(1e5)}${']'.repeat(1e5)} }`),
      [RUN_FILES.config, 'brackets'],
    ],
    [
      'pipe',
      async (f) => {
        await rm(join(f, RUN_FILES.config));
        execFileSync('mkfifo', [join(f, RUN_FILES.config)]);
      },
      [RUN_FILES.config, 'something else'],
    ],
    ['list', (f) => writeFile(join(f, RUN_FILES.config), '[]'), [RUN_FILES.config, 'JSON object']],
    ['tokenizer', (f) => writeFile(join(f, RUN_FILES.tokenizer), '{}'), [RUN_FILES.tokenizer]],
    ['gone', (f) => rm(join(f, RUN_FILES.tokenizer)), [RUN_FILES.tokenizer, 'nothing there']],
  ])('whose parts disagree: %s', async (name, change, parts) => {
    expectSentence(await score('held.txt', await broken(name, change)), ...parts);
  });

  function endOf(header: Record<string, Entry>): [number, number] {
    const end = Math.max(...Object.values(header).map(({ data_offsets }) => data_offsets?.[1] ?? 0));
    return [end, end];
  }

  async function dropTensor(folder: string): Promise<void> {
    const { writeSafetensors } = await import('../../src/formats/safetensors');
    const path = join(folder, RUN_FILES.weights);
    const { tensors } = await readSafetensors(path);
    tensors.delete('transformer.ln_f.bias');
    await writeSafetensors(path, tensors);
  }

  async function poison(folder: string): Promise<void> {
    const path = join(folder, RUN_FILES.weights);
    const file = await open(path, 'r+');
    const { size } = await file.stat();
    await file.write(Buffer.from([0, 0, 0xc0, 0x7f]), 0, 4, size - 8);
    await file.close();
  }

  it('whose training state is cut cannot be resumed, and says so', async () => {
    const folder = await broken('state', (path) => truncate(join(path, RUN_FILES.optimizer), 5000));
    const words = ['train', 'toy.arlens.json', '--out', folder, '--resume', '--json'];
    expectSentence(await cli(words, workspace.folder), RUN_FILES.optimizer, 'expected', 'got');
  });
});

describe('a disk', () => {
  it.each([
    ['that fills up', 'ENOSPC', 'full'],
    ['that becomes read-only', 'EROFS', 'read-only'],
  ])('%s stops training with one sentence and the last checkpoint whole', async (_, code, word) => {
    const out = `disk-${code}`;
    const words = ['train', 'toy.arlens.json', '--out', out, '--json', '--device', 'cpu'];
    const stopped = await withFault(words, { code, afterBytes: 150_000 });
    expect(stopped.code).toBe(1);
    expect(stopped.stderr.trim().split('\n')).toHaveLength(1);
    expect(stopped.stderr).toContain(word);
    const names = await readdir(workspace.path(out));
    expect(names.filter((name) => name.includes('tmp'))).toEqual([]);
    const { metadata } = await readSafetensors(join(workspace.path(out), RUN_FILES.optimizer));
    expect([10, 20]).toContain(Number(metadata['step']));
    const { model } = await loadModelFolder(workspace.path(out));
    model.dispose();
    const resumed = await cli([...words, '--resume'], workspace.folder);
    expect(resumed.code).toBe(0);
    expect(await readFile(join(workspace.path(out), RUN_FILES.weights))).toEqual(await cpuReference());
  });

  // Where this person may mount: a real disk, which answers in its own words.
  const mayMount = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
  const mounted = (script: string) =>
    spawnSync('unshare', ['-m', 'sh', '-ec', script], {
      cwd: workspace.folder,
      encoding: 'utf8',
      env: { ...process.env, CLI: `${process.execPath} ${join(ROOT, 'dist', 'cli.mjs')}` },
    });

  it.runIf(mayMount)('that is really read-only or full is named as that', async () => {
    await mkdir(workspace.path('disk'));
    const begin = 'mount -t tmpfs -o size=400k tmpfs disk; cp a.txt held.txt toy.arlens.json disk; ';
    const train = '$CLI train disk/toy.arlens.json --out disk/new/run --device cpu --json';
    const locked = mounted(`${begin} mount -o remount,ro disk; ${train}`);
    expect(locked).toMatchObject({ status: 1, stdout: '' });
    expect(locked.stderr).toMatch(/disk\/new\/run could not be written: the file system is read-only.*\n$/);
    const full = mounted(
      `${begin} ${train.replace('cpu', 'auto')} --steps 3000 > out || true; tail -c 200 out; $CLI score --model disk/new/run --file held.txt >&2`,
    );
    expect(full.stderr).toContain('the disk is full; the previous version is kept whole');
    expect(full.status).toBe(0);
  });

  it('that is read-only from the start', async () => {
    const words = ['train', 'toy.arlens.json', '--out', 'readonly', '--json'];
    expectSentence(await withFault(words, { code: 'EROFS', afterBytes: 0 }), 'readonly', 'read-only');
    expect(await readdir(workspace.folder)).not.toContain('readonly');
  });

  async function cpuReference(): Promise<Buffer> {
    const out = workspace.path('cpu-reference');
    if (!(await readdir(workspace.folder)).includes('cpu-reference')) {
      const words = ['train', 'toy.arlens.json', '--out', out, '--json', '--device', 'cpu'];
      expect((await cli(words, workspace.folder)).code).toBe(0);
    }
    return readFile(join(out, RUN_FILES.weights));
  }
});
