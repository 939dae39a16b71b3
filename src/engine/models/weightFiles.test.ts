// Weights as they lie in folders: one file, shards with an index that may lie, pickles; every refusal is one sentence.
import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeSafetensors, type NamedTensor } from '../../formats/safetensors';
import { ArLensError } from '../../protocol/errors';
import { RUN_FILES } from '../../protocol/run';
import { openWeights } from './weightFiles';

const tensor = (...values: number[]): NamedTensor => ({
  dtype: 'F32',
  shape: [values.length],
  data: Float32Array.from(values),
});
const SHARDS = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-weights-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Two shards: a and b in the first, c in the second. */
async function shards(
  map: Record<string, unknown> = { a: SHARDS[0], b: SHARDS[0], c: SHARDS[1] },
): Promise<void> {
  await writeSafetensors(
    join(folder, SHARDS[0]),
    new Map([
      ['a', tensor(1, 2)],
      ['b', tensor(3)],
    ]),
  );
  await writeSafetensors(join(folder, SHARDS[1]), new Map([['c', tensor(4, 5, 6)]]));
  await index(JSON.stringify({ metadata: { total_size: 1 }, weight_map: map }));
}

const index = (text: string): Promise<void> => writeFile(join(folder, RUN_FILES.weightsIndex), text);

async function refusal(): Promise<ArLensError> {
  const error: unknown = await openWeights(folder).then(
    (files) => files.close(),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ArLensError)) throw new Error(`expected a refusal, got ${String(error)}`);
  expect(error.message).toMatch(/^[^\n]+\.$/);
  return error;
}

async function valuesOf(name: string): Promise<number[]> {
  const files = await openWeights(folder);
  try {
    const found = files.tensors.get(name);
    const values: number[] = [];
    if (found) await found.reader.read(found.entry, (piece, from) => (values[from] = piece[0] ?? NaN));
    return values;
  } finally {
    await files.close();
  }
}

describe('shards', () => {
  it('are read by their index', async () => {
    await shards();
    const files = await openWeights(folder);
    expect([...files.tensors].map(([name, { reader }]) => [name, basename(reader.path)])).toEqual([
      ['a', SHARDS[0]],
      ['b', SHARDS[0]],
      ['c', SHARDS[1]],
    ]);
    await files.close();
    expect(await valuesOf('c')).toEqual([4]);
  });

  it('are left alone where there is one whole file, as transformers does', async () => {
    await shards();
    await writeSafetensors(join(folder, RUN_FILES.weights), new Map([['c', tensor(9)]]));
    expect(await valuesOf('c')).toEqual([9]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'in another shard',
      { a: SHARDS[0], b: SHARDS[1], c: SHARDS[1] },
      'tensor b: expected it in model-00001',
    ],
    ['in none', { a: SHARDS[0], b: SHARDS[0], c: SHARDS[1], d: SHARDS[1] }, 'tensor d: expected it here'],
    [
      'not listed',
      { a: SHARDS[0], c: SHARDS[1] },
      'expected every tensor of model-00001-of-00002.safetensors',
    ],
    ['in a file that is missing', { a: SHARDS[0], b: SHARDS[0], c: 'model-3.safetensors' }, 'nothing there'],
    ['above', { a: '../model.safetensors' }, 'the name of a safetensors file in the same folder'],
    ['at a path', { a: '/etc/model.safetensors' }, 'the name of a safetensors file in the same folder'],
    ['in a folder', { a: 'x/model.safetensors' }, 'the name of a safetensors file in the same folder'],
    ['behind a backslash', { a: '..\\model.safetensors' }, 'the name of a safetensors file'],
    ['in another kind of file', { a: 'weights.bin' }, 'the name of a safetensors file'],
    ['in a number', { a: 7 }, 'the name of a safetensors file in the same folder, got 7'],
    ['nowhere', {}, 'at least one tensor'],
  ])('are refused where the index says a tensor is %s', async (_, map, sentence) => {
    await shards(map);
    expect((await refusal()).message).toContain(sentence);
  });

  it('are refused where two hold the same tensor', async () => {
    await shards();
    await writeSafetensors(
      join(folder, SHARDS[1]),
      new Map([
        ['c', tensor(1)],
        ['a', tensor(1, 2)],
      ]),
    );
    expect((await refusal()).message).toContain(
      `tensor a: expected each tensor once, got it in ${SHARDS[0]} too`,
    );
  });

  it.each([
    ['no JSON', '{ "weight_map": ', 'JSON with an object "weight_map"'],
    ['no map', '{ "metadata": {} }', 'JSON with an object "weight_map"'],
    ['a list', '{ "weight_map": [] }', 'JSON with an object "weight_map"'],
    ['a name twice', `{ "weight_map": { "a": "${SHARDS[0]}", "a": "${SHARDS[1]}" } }`, '"a" twice'],
  ])('are refused where the index has %s', async (_, text, sentence) => {
    await shards();
    await index(text);
    expect((await refusal()).message).toContain(sentence);
  });
});

describe('a pickle', () => {
  it.each(['pytorch_model.bin', 'pytorch_model-00001-of-00002.bin', 'model.pt', 'consolidated.00.pth'])(
    '%s is refused, with the one line that converts it',
    async (name) => {
      await writeFile(join(folder, name), 'anything');
      await writeFile(join(folder, 'a.pkl'), 'anything');
      const { message, action, reason } = await refusal();
      expect(reason).toBe('unsupported');
      if (name.startsWith('pytorch')) expect(message).toContain(name);
      expect(message).toContain('never read');
      expect(action).toMatch(/^If you trust it, convert it once: python -c '[^\n]+'$/);
      expect(action).toContain(JSON.stringify(folder));
    },
  );

  it('does not matter beside a safetensors file', async () => {
    await writeFile(join(folder, 'training_args.bin'), 'anything');
    await writeSafetensors(join(folder, RUN_FILES.weights), new Map([['c', tensor(9)]]));
    expect(await valuesOf('c')).toEqual([9]);
  });
});

it('says that nothing is there where nothing is', async () => {
  expect((await refusal()).message).toContain(
    'model.safetensors: expected a safetensors file, got nothing there',
  );
});
