// A folder with a text, specs and two tiny trained runs: what the command-line tests start from.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, ensureBuilt } from './cli';

export interface Workspace {
  readonly folder: string;
  /** A Transformer over characters. */
  readonly run: string;
  /** What training it wrote on stdout with --json. */
  readonly trained: string;
  path(name: string): string;
  write(name: string, content: string | Uint8Array): Promise<string>;
  remove(): Promise<void>;
}

export const TEXT = 'the cat sat on the mat, and the dog lay by the cat.\n'.repeat(40);

export const SPEC = {
  family: 'transformer',
  model: { layers: 1, heads: 2, width: 16, contextLength: 16, dropout: 0 },
  data: { source: 'a.txt', tokenizer: 'character', validation: 'held.txt' },
  train: {
    steps: 30,
    batchSize: 8,
    learningRate: 0.01,
    warmupSteps: 3,
    evaluateEvery: 10,
    sampleEvery: 15,
    sampleLength: 20,
    checkpointEvery: 10,
  },
};

export async function makeWorkspace(): Promise<Workspace> {
  ensureBuilt();
  const folder = await mkdtemp(join(tmpdir(), 'ar-lens-cli-'));
  const path = (name: string): string => join(folder, name);
  const write = async (name: string, content: string | Uint8Array): Promise<string> => {
    await writeFile(path(name), content);
    return path(name);
  };
  await write('a.txt', TEXT);
  await write('held.txt', 'the dog sat on the mat, and the cat lay by the dog.\n'.repeat(4));
  await write('toy.arlens.json', JSON.stringify(SPEC));
  const { code, stdout, stderr } = await cli([
    'train',
    path('toy.arlens.json'),
    '--out',
    path('run'),
    '--json',
  ]);
  if (code !== 0) throw new Error(`makeWorkspace: expected the toy run to train, got ${code}: ${stderr}`);
  return {
    folder,
    run: path('run'),
    trained: stdout,
    path,
    write,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
