// Sources as a spec in an editor names them: there, inside the workspace, or a squiggle under the very string.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkSpec } from './checkSpec';

let workspace: string;
beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'ar-lens-check-'));
  await mkdir(join(workspace, 'specs'));
  await writeFile(join(workspace, 'a.txt'), 'text');
  await symlink(tmpdir(), join(workspace, 'away'));
});
afterAll(() => rm(workspace, { recursive: true, force: true }));

async function problemsOf(data: object): Promise<Array<[under: string, message: string]>> {
  const text = JSON.stringify({ family: 'markov', data }, null, 2);
  const problems = await checkSpec({ path: join(workspace, 'specs', 'a.arlens.json'), text, workspace });
  return problems.map(({ offset, length, message }) => [text.slice(offset, offset + length), message]);
}

describe('checkSpec', () => {
  it('is content with a source elsewhere in the workspace', async () => {
    expect(await problemsOf({ source: '../a.txt' })).toEqual([]);
    expect(await problemsOf({ source: '../a.txt', tokenizer: 'character' })).toEqual([]);
    expect(await problemsOf({ source: '../a.txt', tokenizer: { bpe: 300 } })).toEqual([]);
  });

  it.each([
    [{ source: '*.nothing' }, '"*.nothing"', 'data.source: expected files that match'],
    [{ source: '../../*' }, '"../../*"', 'inside the workspace'],
    [{ source: '../away/*' }, '"../away/*"', 'data.source'],
    [
      { source: '../a.txt', tokenizer: 'gone/tokenizer.json' },
      '"gone/tokenizer.json"',
      'data.tokenizer: expected files',
    ],
    [{ source: '../a.txt', tokenizer: '../../x.json' }, '"../../x.json"', 'inside the workspace'],
    [{ source: '../a.txt', validation: 'held/*.txt' }, '"held/*.txt"', 'data.validation: expected files'],
  ])('%j', async (data, under, message) => {
    const [first] = await problemsOf(data);
    expect(first?.[0]).toBe(under);
    expect(first?.[1]).toContain(message);
  });
});
