// `ar-lens mask`, `check`, `information` and `sample --beam` on a real run and on specs, as processes of their own.
import { readFile } from 'node:fs/promises';
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

  it('information: the bits of score, shared out; a token with less context; everything labelled', async () => {
    const file = ['--model', 'run', '--file', 'held.txt'];
    const value = await answer(['information', ...file, '--token', '70', '--seed', '3']);
    const score = await answer(['score', ...file]);
    expect(unlabelled(value)).toEqual([]);
    for (const key of ['nll', 'bitsPerByte', 'perplexity', 'scored', 'bytes', 'stride'])
      expect(value[key]).toEqual(score[key]);
    const bits = (score['nll'] as number) / Math.LN2;
    const classes = value['classes'] as Array<{ id: string; bits: number; tokens: number }>;
    expect(classes.reduce((sum, each) => sum + each.bits, 0)).toBeCloseTo(bits, 6);
    expect(classes.find(({ id }) => id === 'digits')?.tokens).toBe(0);
    const elements = score['elements'] as Array<{ logProb: number; entropy: number }>;
    const mean = elements.reduce((sum, { entropy }) => sum + entropy, 0) / elements.length / Math.LN2;
    expect((value['conditionalEntropy'] as { bits: number }).bits).toBeCloseTo(mean, 9);
    const dependence = value['mutualInformation'] as { seed: number; points: Array<{ distance: number }> };
    expect(dependence).toMatchObject({ seed: 3, unit: 'bits', badge: 'none', correction: 'Miller–Madow' });
    expect(dependence.points.slice(0, 3).map(({ distance }) => distance)).toEqual([1, 2, 3]);
    const { full, withStart } = value['ablation'] as {
      full: { logProb: number; entropy: number };
      withStart: Array<{ tokens: number; logProb: number }>;
    };
    expect([full.logProb, full.entropy]).toEqual([elements[70]?.logProb, elements[70]?.entropy]);
    const text = await readFile(workspace.path('held.txt'), 'utf8');
    for (const { tokens, logProb } of withStart) {
      await workspace.write('short.txt', text.slice(70 - tokens, 71));
      const short = await answer(['score', '--model', 'run', '--file', 'short.txt']);
      expect(logProb).toBe((short['elements'] as Array<{ logProb: number }>).at(-1)?.logProb);
    }
    const words = await cli(['information', ...file, '--token', '70'], workspace.folder);
    expect(words.code).toBe(0);
    expect(words.stdout).toMatch(
      /conditional entropy +[\d.]+ +bits\/token over 208 tokens \(exact\), ± [\d.]+/,
    );
    expect(words.stdout).toContain('neither fit is the truth');
    const outside = await cli(['information', ...file, '--token', '5000'], workspace.folder);
    expect([outside.code, outside.stdout]).toEqual([1, '']);
    expect(outside.stderr).toContain('token: expected a whole number from 0 to 207, got 5000');
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
