// Exit codes of the commands that look for faults: 0 without a finding, 1 with one, 2 for bad usage; nothing on stderr
// but sentences. The engine is a stand-in that answers what a test wants found.
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { CheckOutcome, CheckReport, MaskReport } from '../protocol/mask';
import { Output } from './output';
import { runCli } from './run';
import type { Session } from './session';

interface Answers {
  readonly check?: CheckReport;
  readonly mask?: MaskReport;
}

async function run(words: readonly string[], answers: Answers) {
  let stdout = '';
  const said: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      stdout += chunk.toString();
      done();
    },
  });
  const engine = {
    check: async (_: unknown, call: { progress: (outcome: CheckOutcome) => Promise<void> }) => {
      for (const outcome of answers.check?.checks ?? []) await call.progress(outcome);
      return answers.check;
    },
    mask: () => Promise.resolve(answers.mask),
    subjectDomain: () => Promise.resolve('text'),
  };
  const session: Session = {
    out: new Output(stream),
    signal: new AbortController().signal,
    say: (sentence) => said.push(sentence),
    engine: () => engine as unknown as ReturnType<Session['engine']>,
    job: () => {
      throw new Error('no job is asked for');
    },
  };
  return { code: await runCli(words, session), stdout, said };
}

const outcome = (id: CheckOutcome['id'], value: number | null): CheckOutcome => ({
  id,
  pass: value === null || value <= 1e-5,
  value,
  tolerance: 1e-5,
  unit: 'nats',
  detail: `What ${id} found.`,
});
const report = (...checks: CheckOutcome[]): CheckReport => ({
  family: 'planted',
  device: 'cpu',
  weights: 'own',
  verdict: checks.every(({ pass }) => pass) ? 'pass' : 'fail',
  checks,
});
const mask = (agrees: boolean): MaskReport => ({
  family: 'planted',
  device: 'cpu',
  weights: 'own',
  context: 2,
  causality: 'shifted',
  rule: 'the rule',
  length: 2,
  masks: [{ layer: 1, id: 'a', title: 'Attention', type: 'causal', cells: Uint8Array.of(1, 0, 1, 1) }],
  declared: Uint8Array.of(1, 0, 1, 1),
  measured: agrees ? Uint8Array.of(1, 0, 1, 1) : Uint8Array.of(1, 1, 0, 1),
  agrees,
  verdict: agrees ? 'declared = measured over 4 pairs' : '1 leak: output 0 depends on input 1',
  leaks: agrees ? 0 : 1,
  unseen: agrees ? 0 : 1,
  leaksByOffset: agrees
    ? []
    : [{ offset: 1, count: 1, example: { output: 0, input: 1 }, words: '1 pair 1 ahead' }],
  comparisons: [],
  lengths: [1, 2],
  draws: ['its own weights'],
});

describe('check', () => {
  it('ends with 0 where everything passes, and prints nothing but JSON', async () => {
    const wanted = report(outcome('parity', 1e-7), outcome('mass', null));
    const { code, stdout, said } = await run(['check', '--model', 'm', '--json'], { check: wanted });
    expect([code, said]).toEqual([0, []]);
    expect(JSON.parse(stdout)).toEqual(wanted);
  });

  it('ends with 1 where a check fails, after printing all of it', async () => {
    const wanted = report(outcome('parity', 0.5), outcome('mass', 1e-8));
    const json = await run(['check', '--spec', 's', '--json'], { check: wanted });
    expect([json.code, json.said]).toEqual([1, []]);
    expect(JSON.parse(json.stdout)).toEqual(wanted);
    const table = await run(['check', '--model', 'm'], { check: wanted });
    expect(table.code).toBe(1);
    expect(table.stdout).toContain('✗ parity       5.0e-1 of at most 0.00001 nats\n  What parity found.');
    expect(table.stdout).toMatch(/fail: m \(planted, its own weights, cpu\)\n$/);
  });
});

describe('mask', () => {
  it('ends with 0 where declared and measured agree', async () => {
    const { code, stdout } = await run(['mask', '--model', 'm', '--json'], { mask: mask(true) });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      causality: 'shifted',
      masks: [
        {
          layer: 1,
          type: 'causal',
          rows: [
            [1, 0],
            [1, 1],
          ],
        },
      ],
      measured: {
        agrees: true,
        rows: [
          [1, 0],
          [1, 1],
        ],
      },
    });
  });

  it('ends with 1 where they do not, and draws where', async () => {
    const { code, stdout } = await run(['mask', '--model', 'm'], { mask: mask(false) });
    expect(code).toBe(1);
    expect(stdout).toContain('✗ 1 leak: output 0 depends on input 1');
    expect(stdout).toContain('leak: 1 pair 1 ahead');
    expect(stdout).toMatch(/■!\n○■\n$/);
  });

  it.each([
    [['mask']],
    [['check']],
    [['mask', '--spec', 'a', '--model', 'b']],
    [['check', '--spec', 'a', '--model', 'b']],
    [['mask', '--model', 'b', '--length', '0']],
    [['check', '--model', 'b', '--length', '3']],
  ])('%j is bad usage', async (words) => {
    const { code, stdout } = await run(words, {});
    expect([code, stdout]).toEqual([2, '']);
  });
});
