// Folders with other people's architectures through the command line and the engine: everything a run of ours does, and the
// numbers that transformers has for them (test/golden/models/make.py).
import { cpSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { characterTokenizer } from '../../src/data/tokenizer';
import { createEngineContext } from '../../src/engine/devices';
import { createEngineHandlers } from '../../src/engine/handlers';
import { CHARACTERS } from '../golden/models/characters';
import { cli, ensureBuilt, ROOT } from './support/cli';

const VALUES = join(ROOT, 'test/golden/values/models');
const ours = (
  JSON.parse(readFileSync(join(VALUES, 'ours.json'), 'utf8')) as {
    readonly cases: Record<
      string,
      {
        readonly ids: number[];
        readonly logProb: number[];
        readonly entropy: number[];
        readonly rank: number[];
      }
    >;
  }
).cases;
const MODELS = [
  ...['llama-variant-1', 'llama-yarn', 'tuned-llama-biases', 'tuned-mistral', 'tuned-qwen2', 'tuned-qwen3'],
  ...['neox', 'tuned-neox', 'tuned-gpt2-untied', 'tuned-gpt2-scaled'],
];
const tokenizer = characterTokenizer(CHARACTERS);
const textOf = (name: string): string => tokenizer.decode(ours[name]?.ids ?? []);

type Json = Record<string, unknown>;

let workspace: string;
beforeAll(async () => {
  ensureBuilt();
  workspace = await mkdtemp(join(tmpdir(), 'ar-lens-foreign-'));
  for (const name of MODELS) {
    cpSync(join(VALUES, 'ours', name), join(workspace, name), { recursive: true });
    await writeFile(join(workspace, `${name}.txt`), textOf(name));
  }
  await writeFile(
    join(workspace, 'train.txt'),
    'the cat sat on the mat and the dog sat on the cat. '.repeat(30),
  );
});
afterAll(() => rm(workspace, { recursive: true, force: true }));

async function answer(...words: string[]): Promise<Json> {
  const { code, stdout, stderr } = await cli([...words, '--json'], workspace);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Json;
}

describe.each(MODELS)('%s', (name) => {
  it('is scored as transformers scores it', async () => {
    const { elements, likelihood } = await answer('score', '--model', name, '--file', `${name}.txt`);
    expect(likelihood).toBe('exact');
    const found = elements as Array<{ logProb: number; entropy: number; rank: number }>;
    const theirs = ours[name];
    expect(found).toHaveLength(theirs?.logProb.length ?? NaN);
    for (const [at, { logProb, entropy, rank }] of found.entries()) {
      expect(Math.abs(logProb - (theirs?.logProb[at] ?? NaN))).toBeLessThan(1e-4);
      expect(Math.abs(entropy - (theirs?.entropy[at] ?? NaN))).toBeLessThan(1e-4);
      expect(rank).toBe(theirs?.rank[at]);
    }
  });

  it('passes every check, and its mask is what it declares', async () => {
    const { verdict, checks } = await answer('check', '--model', name);
    expect([verdict, checks]).toMatchObject(['pass', expect.anything()]);
    expect(await answer('mask', '--model', name)).toMatchObject({ measured: { agrees: true } });
  });

  it('is sampled and annotated', async () => {
    const { text, elements } = await answer('sample', '--model', name, '--length', '90', '--seed', '3');
    expect(text).not.toBe('');
    expect(elements).toHaveLength(90);
    const { code, stdout } = await cli(['annotate', '--model', name, `${name}.txt`], workspace);
    expect(code).toBe(0);
    expect(stdout).toContain('the');
  });

  it('shows its attention: every layer and head, rows that sum to one inside the window', async () => {
    const handlers = createEngineHandlers(createEngineContext({ device: 'cpu' }));
    const context = { signal: new AbortController().signal, progress: () => Promise.resolve() };
    const text = textOf(name);
    const params = { model: join(workspace, name), text, token: text.length - 1, kind: 'heads' as const };
    const { map, layers, heads } = await handlers.attention({ ...params, layer: 1, head: 0 }, context);
    expect([layers, heads].every((count) => count > 1)).toBe(true);
    const config = JSON.parse(await readFile(join(workspace, name, 'config.json'), 'utf8')) as Json;
    const window = typeof config['sliding_window'] === 'number' ? config['sliding_window'] : Infinity;
    for (let i = 0, at = 0; at < (map?.values.length ?? 0); i++) {
      const row = map?.values.subarray(at, at + i + 1) ?? new Float32Array(0);
      const masked = Math.max(0, i + 1 - window);
      expect(row.subarray(0, masked).every(Number.isNaN)).toBe(true);
      expect(row.subarray(masked).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
      expect(map?.ceiling[i]).toBeCloseTo(Math.log2(Math.min(i + 1, window)), 12);
      expect(map?.entropy[i]).toBeLessThan((map?.ceiling[i] ?? NaN) + 1e-6);
      at += i + 1;
    }
    const rolled = await handlers.attention({ ...params, kind: 'rollout', layer: 1 }, context);
    const rows = [...(rolled.map?.ceiling ?? [])];
    // Qwen2's first layer sees all before it, and so does what is rolled out through it.
    const types = (config['layer_types'] ?? []) as readonly string[];
    const reach = types[0] === 'full_attention' ? Infinity : 1 + 2 * (window - 1);
    expect(rows).toEqual(rows.map((_, i) => Math.log2(Math.min(i + 1, reach))));
  });

  it('is tuned from a spec that only names it, from the loss it has', async () => {
    const family = /neox/.test(name) ? 'gptNeox' : /gpt2/.test(name) ? 'transformer' : 'llama';
    const spec = {
      family,
      data: { source: 'train.txt' },
      train: {
        ...{ initialize: name, steps: 8, batchSize: 2, learningRate: 0.003, warmupSteps: 0 },
        ...{ evaluateEvery: 8, sampleEvery: 0, checkpointEvery: 8 },
      },
    };
    await writeFile(join(workspace, `${name}.arlens.json`), JSON.stringify(spec));
    const run = `${name}-tuned`;
    const words = ['train', `${name}.arlens.json`, '--out', run, '--json'];
    const { code, stdout, stderr } = await cli(words, workspace);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Json);
    const evaluations = lines.filter((line) => line['type'] === 'evaluation').map(({ nats }) => Number(nats));
    const text = (await readFile(join(workspace, 'train.txt'), 'utf8')).slice(-evaluatedCharacters(lines));
    await writeFile(join(workspace, 'held.txt'), text);
    const before = await answer('score', '--model', name, '--file', 'held.txt');
    expect(evaluations[0]).toBeCloseTo(Number(before['nll']) / Number(before['scored']), 6);
    expect(evaluations.at(-1)).toBeLessThan(evaluations[0] ?? NaN);
    const [theirs, tuned] = await Promise.all(
      [name, run].map(async (folder) => {
        const text = await readFile(join(workspace, folder, 'config.json'), 'utf8');
        return JSON.parse(text) as Json;
      }),
    );
    expect(tuned).toEqual(theirs);
  });
});

/** Characters of the held-out block, as the run reports them. */
function evaluatedCharacters(lines: readonly Json[]): number {
  return Number(lines.find((line) => line['type'] === 'evaluation')?.['count']);
}

describe('a sliding window', () => {
  it('is in the mask, layer by layer', async () => {
    const { masks } = await answer('mask', '--model', 'tuned-qwen2', '--length', '20');
    expect((masks as Json[]).map(({ type, window }) => [type, window])).toEqual([
      ['causal', undefined],
      ['window', 5],
      ['window', 5],
    ]);
  });
});
