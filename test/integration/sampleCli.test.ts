// `ar-lens sample` beyond a plain sample: draws laid open, stops, the repetition penalty, beams with a length penalty.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli } from './support/cli';
import { unlabelled } from './support/ledger';
import { makeWorkspace, type Workspace } from './support/workspace';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await makeWorkspace();
});
afterAll(() => workspace.remove());

type Json = Record<string, unknown>;
interface Element {
  readonly logProb: number | null;
}

async function answer(words: readonly string[]): Promise<Json> {
  const { code, stdout, stderr } = await cli([...words, '--json'], workspace.folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const value = JSON.parse(stdout) as Json;
  expect(unlabelled(value)).toEqual([]);
  return value;
}

describe('ar-lens sample', () => {
  const sampled = (...words: readonly string[]) =>
    answer(['sample', '--model', 'run', '--length', '24', '--seed', '5', ...words]);

  it('every draw opened, the largest sum first', async () => {
    const { elements } = await sampled('--draws', '4', '--temperature', '0.7', '--top-k', '6');
    for (const { id, draw } of elements as Array<{ id: number; draw: Array<Record<string, number>> }>) {
      expect(draw[0]?.['id']).toBe(id);
      for (const { logProb = NaN, noise = NaN, sum } of draw) expect(sum).toBe(logProb + noise);
      const sums = draw.map(({ sum }) => sum ?? NaN);
      expect(sums).toEqual([...sums].sort((a, b) => b - a));
    }
  });

  it('ends at any of several texts, and says which and where', async () => {
    const whole = (await sampled())['text'] as string;
    const stop = whole.slice(10, 12);
    const { text, stopped, count } = await sampled('--stop', 'no such text', '--stop', stop);
    const at = whole.indexOf(stop);
    expect({ text, stopped, count }).toEqual({
      text: whole.slice(0, at + 2),
      stopped: { why: 'text', text: stop, at },
      count: at + 2,
    });
    expect((await sampled())['stopped']).toEqual({ why: 'length' });
    const { stderr } = await cli(
      ['sample', '--model', 'run', '--length', '24', '--seed', '5', '--stop', stop, '--stop-at-end'],
      workspace.folder,
    );
    expect(stderr).toContain(`tokens, ended by the text ${JSON.stringify(stop)}, `);
  });

  it('a repetition penalty changes greedy, and not what the log-probabilities are of', async () => {
    const greedy = ['--temperature', '0', '--prompt', 'the'];
    const [plain, spread] = [
      await sampled(...greedy),
      await sampled(...greedy, '--repetition-penalty', '1.8'),
    ];
    expect(spread['text']).not.toBe(plain['text']);
    await workspace.write('spread.txt', `the${spread['text'] as string}`);
    const scored = (await answer(['score', '--model', 'run', '--file', 'spread.txt']))[
      'elements'
    ] as Element[];
    // Within the first window both see the same context.
    for (const [at, { logProb }] of (spread['elements'] as Element[]).slice(0, 12).entries()) {
      expect(Math.abs((logProb ?? NaN) - (scored[at + 3]?.logProb ?? NaN))).toBeLessThan(1e-4);
    }
  });

  it('a beam with a length penalty, its lattice and its scores', async () => {
    const words = ['--beam', '4', '--count', '4', '--stop', ' ', '--length-penalty', '1.2'];
    const [gnmt, power] = [await sampled(...words), await sampled(...words, '--length-rule', 'power')];
    for (const [rule, value] of [['gnmt', gnmt] as const, ['power', power] as const]) {
      const beam = value['beam'] as Record<'totals' | 'scores', number[]> & Json;
      expect(beam).toMatchObject({ width: 4, normalization: rule, lengthPenalty: 1.2 });
      expect(beam.scores).toEqual([...beam.scores].sort((a, b) => b - a));
      (value['samples'] as Array<{ elements: Element[]; stopped: Json }>).forEach(
        ({ elements, stopped }, at) => {
          const n = elements.length;
          const divisor = rule === 'gnmt' ? ((5 + n) / 6) ** 1.2 : n ** 1.2;
          expect(beam.scores[at]).toBeCloseTo((beam.totals[at] ?? NaN) / divisor, 10);
          expect(stopped['why']).toBe(n < 24 ? 'text' : stopped['why']);
        },
      );
    }
    const plain = (await sampled('--beam', '2'))['beam'];
    expect(plain).toMatchObject({ normalization: 'none', lengthPenalty: 0 });
  });

  it.each(
    [
      ['--stop', ''],
      ['--repetition-penalty', '0.5'],
      ['--repetition-penalty', 'much'],
      ['--length-penalty', '0.6'],
      ['--beam', '2', '--length-penalty', '-1'],
      ['--beam', '2', '--length-rule', 'power'],
      ['--beam', '2', '--length-penalty', '1', '--length-rule', 'log'],
      ['--beam', '2', '--repetition-penalty', '1.2'],
      ['--beam', '0'],
      ['--draws', '3'],
      ['--draws', '0', '--json'],
    ].map((words) => [words]),
  )('%j is bad usage', async (words) => {
    const { code, stdout, stderr } = await cli(
      ['sample', '--model', 'run', '--length', '3', '--seed', '1', ...words],
      workspace.folder,
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^ar-lens: /);
  });
});
