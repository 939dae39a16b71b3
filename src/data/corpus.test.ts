// Finding and reading texts: what is outside, missing, too large or not text is refused in one sentence.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ArLensError } from '../protocol/errors';
import { Rng } from '../math/rng';
import { loadCorpus, type CorpusOptions } from './corpus';
import { firstInvalidUtf8, readTextFile } from './textFile';

let root: string;
let workspace: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'arlens-corpus-')));
  workspace = join(root, 'workspace');
  await mkdir(join(workspace, 'texts', 'deep'), { recursive: true });
  await mkdir(join(workspace, 'node_modules'));
  await mkdir(join(workspace, 'empty'));
  const files: Record<string, string | Uint8Array> = {
    'texts/b.txt': 'second é\n',
    'texts/a.txt': '\ufefffirst\r\n',
    'texts/deep/c.txt': 'third',
    'texts/[odd] (name).md': 'odd',
    'node_modules/d.txt': 'not this',
    'empty/one.txt': '',
    'empty/two.txt': '',
    'latin.dat': Uint8Array.of(0x61, 0x62, 0xe9, 0x62),
    '../secret.txt': 'secret',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(workspace, name), content);
  await symlink(join(root, 'secret.txt'), join(workspace, 'link.txt'));
  await symlink(join(workspace, 'texts', 'a.txt'), join(workspace, 'texts', 'also-a.txt'));
});
afterAll(() => rm(root, { recursive: true }));

const load = (source: string, options: Partial<CorpusOptions> = {}) =>
  loadCorpus({ source, workspace, base: workspace, ...options });

describe('loadCorpus', () => {
  it('reads what matches in the order of paths and hashes the bytes as `cat | sha256sum` would', async () => {
    const corpus = await load('texts/**/*.txt');
    expect(corpus.documents.map(({ text }) => text)).toEqual(['\ufefffirst\r\n', 'second é\n', 'third']);
    const bytes = Buffer.from('\ufefffirst\r\nsecond é\nthird');
    expect(corpus).toMatchObject({ files: 3, bytes: bytes.length });
    expect(corpus.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it('takes a plain path with signs that globs use, and a path that climbs inside the workspace', async () => {
    expect((await load('texts/[odd] (name).md')).documents[0]?.text).toBe('odd');
    expect((await load('../*.txt', { base: join(workspace, 'texts', 'deep') })).files).toBe(2);
  });

  it('leaves installed packages and runs out', async () => {
    expect((await load('**/*.txt')).documents.some(({ text }) => text === 'not this')).toBe(false);
  });

  it.each([
    ['no/*.txt', 'data.source: expected files that match "no/*.txt" in WORKSPACE, got none.'],
    [
      'texts',
      'data.source: expected files that match "texts" in WORKSPACE, got a folder (try "texts/*.txt").',
    ],
    ['../secret.txt', 'expected files inside the workspace WORKSPACE, got "../secret.txt".'],
    ['../*.txt', 'expected files inside the workspace WORKSPACE, got "../*.txt".'],
    ['/**', 'expected files inside the workspace WORKSPACE, got "/**".'],
    ['texts/*/../../../*.txt', 'expected files inside the workspace WORKSPACE'],
    ['{../,}secret.txt', 'expected files'],
    ['link.txt', 'expected files inside the workspace WORKSPACE, got'],
    ['latin.dat', 'WORKSPACE/latin.dat: byte 2: expected UTF-8 text, got 0xE9.'],
    ['empty/one.txt', 'expected text in "empty/one.txt", got WORKSPACE/empty/one.txt, which is empty.'],
    ['empty/*', 'expected text in "empty/*", got 2 empty files.'],
  ])('refuses %s', async (source, sentence) => {
    const failure = await load(source).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ArLensError);
    expect((failure as ArLensError).message).toContain(sentence.replaceAll('WORKSPACE', workspace));
    expect((failure as ArLensError).message).toMatch(/^[^\n]+\.$/);
  });

  it('refuses more text than it was allowed, over all files together', async () => {
    await expect(load('texts/*.txt', { maximumBytes: 15 })).rejects.toThrow(
      'expected at most 15 bytes of text',
    );
    await expect(load('texts/b.txt', { maximumBytes: 5, place: 'data.validation' })).rejects.toThrow(
      'data.validation: expected at most 5 bytes',
    );
  });
});

describe('readTextFile', () => {
  it('keeps a byte order mark and says what is no file', async () => {
    expect((await readTextFile(join(workspace, 'texts', 'a.txt'))).text).toBe('\ufefffirst\r\n');
    await expect(readTextFile(workspace)).rejects.toThrow('expected a text file, got a folder.');
    await expect(readTextFile(join(workspace, 'no'))).rejects.toMatchObject({ reason: 'notFound' });
    await expect(readTextFile(join(workspace, 'texts/b.txt'), 3)).rejects.toThrow(
      'at most 3 bytes of text, got 10',
    );
  });

  it('does not wait for the other end of a pipe', async () => {
    const pipe = join(root, 'pipe');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    await expect(readTextFile(pipe)).rejects.toThrow('expected a text file, got something else.');
  });
});

describe('firstInvalidUtf8', () => {
  const invalid: [string, number[], number][] = [
    ['a continuation alone', [0x61, 0x80], 1],
    ['a cut character', [0x61, 0xe4, 0xb8], 1],
    ['an overlong form', [0xc0, 0x80], 0],
    ['an overlong form of three', [0xe0, 0x9f, 0xbf], 0],
    ['a surrogate', [0x61, 0xed, 0xa0, 0x80], 1],
    ['more than U+10FFFF', [0xf4, 0x90, 0x80, 0x80], 0],
    ['a byte that never occurs', [0x61, 0x62, 0xff], 2],
  ];
  it.each(invalid)('finds %s', (_, bytes, at) => expect(firstInvalidUtf8(Uint8Array.from(bytes))).toBe(at));

  it('agrees with the platform’s decoder on any bytes', () => {
    const rng = new Rng(4);
    const fatal = new TextDecoder('utf-8', { fatal: true });
    const valid = (bytes: Uint8Array) => {
      try {
        fatal.decode(bytes);
        return true;
      } catch {
        return false;
      }
    };
    const leads = [0x61, 0x80, 0xbf, 0xc1, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0x8f, 0x90, 0x9f, 0xa0];
    for (let round = 0; round < 20_000; round++) {
      const bytes = Uint8Array.from(
        { length: 1 + rng.integer(5) },
        () => leads[rng.integer(leads.length)] ?? 0,
      );
      const at = firstInvalidUtf8(bytes);
      expect(at < 0).toBe(valid(bytes));
      if (at > 0) expect(valid(bytes.subarray(0, at))).toBe(true);
    }
  });
});
