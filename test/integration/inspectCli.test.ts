// `ar-lens mask`, `check` and `sample --beam` on a real run and on specs, as processes of their own.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from './support/cli';
import { unlabelled } from './support/ledger';
import { makeWorkspace, type Workspace } from './support/workspace';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await makeWorkspace();
  await workspace.write(
    'table.arlens.json',
    JSON.stringify({
      family: 'markov',
      model: { order: 2 },
      data: { source: 'nowhere/*.txt', tokenizer: 'byte' },
    }),
  );
});
afterAll(() => workspace.remove());

async function answer(words: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await cli([...words, '--json'], workspace.folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('ar-lens', () => {
  it.each([
    ['a trained run', ['--model', 'run'], 'own'],
    ['a spec', ['--spec', 'toy.arlens.json'], 'random'],
    ['a spec whose data is not there', ['--spec', 'table.arlens.json'], 'random'],
  ])('check: %s passes', async (_, subject, weights) => {
    const { verdict, checks, ...rest } = await answer(['check', ...subject]);
    expect(verdict).toBe('pass');
    expect(rest['weights']).toBe(weights);
    expect((checks as Array<{ id: string; pass: boolean }>).map(({ id, pass }) => [id, pass])).toEqual(
      ['causality', 'parity', 'mass', 'finite', 'units'].map((id) => [id, true]),
    );
  });

  it('mask: the rows of every layer, and what was measured', async () => {
    const value = await answer(['mask', '--model', 'run', '--length', '6']);
    const triangle = Array.from({ length: 6 }, (_, i) =>
      Array.from({ length: 6 }, (_, j) => (j <= i ? 1 : 0)),
    );
    expect(value).toMatchObject({
      causality: 'shifted',
      masks: [{ layer: 1, type: 'causal', rows: triangle }],
      declared: triangle,
      measured: { agrees: true, rows: triangle, verdict: 'declared = measured over 36 pairs' },
    });
    expect(await answer(['mask', '--spec', 'table.arlens.json'])).toMatchObject({
      masks: [{ type: 'window', window: 2 }],
      measured: { agrees: true },
    });
  });

  it('sample --beam: the likeliest text, its lattice, and no chance', async () => {
    const words = ['sample', '--model', 'run', '--length', '8', '--beam', '3', '--count', '2'];
    const [one, other] = [await answer([...words, '--seed', '1']), await answer([...words, '--seed', '2'])];
    expect({ ...other, seed: 1, elementsPerSecond: 0 }).toEqual({ ...one, elementsPerSecond: 0 });
    expect(unlabelled(one)).toEqual([]);
    const beam = one['beam'] as { totals: number[]; lattice: unknown[] };
    expect(beam).toMatchObject({ width: 3, normalization: 'none' });
    expect(beam.lattice).toHaveLength(6 * 8);
    expect(one['samples']).toHaveLength(2);
    const greedy = await answer([
      'sample',
      '--model',
      'run',
      '--length',
      '8',
      '--seed',
      '1',
      '--temperature',
      '0',
    ]);
    const total = (greedy['elements'] as Array<{ logProb: number }>).reduce(
      (sum, { logProb }) => sum + logProb,
      0,
    );
    expect(beam.totals[0]).toBeGreaterThanOrEqual(total - 1e-6);
    const both = await cli([...words, '--seed', '1', '--top-k', '3'], workspace.folder);
    expect([both.code, both.stdout]).toEqual([2, '']);
    expect(both.stderr).toMatch(/--beam <n>' cannot be used with option '--top-k <k>'/);
  });

  it('both say in one sentence what is wrong with what they were given', async () => {
    await workspace.write('bad.arlens.json', '{ "family": "markof" }');
    for (const [words, sentence] of [
      [['mask', '--model', 'nothing'], /expected a model folder, got nothing there/],
      [['check', '--spec', 'nothing.arlens.json'], /nothing\.arlens\.json/],
      [['check', '--spec', 'bad.arlens.json'], /did you mean "markov"\?/],
      [['mask', '--model', 'run', '--length', '17'], /length: expected a whole number from 1 to 16, got 17/],
    ] as const) {
      const { code, stdout, stderr } = await cli(words, workspace.folder);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toMatch(sentence);
    }
  });
});
