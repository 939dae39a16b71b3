// `ar-lens mask` and `ar-lens check` on a real run and on specs, as processes of their own.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from './support/cli';
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
