// The Causal mask view's data and the command line's are the same: what `ar-lens mask --json` and `check --json` print of
// a report is what the view hands out of it.
import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Output } from '../../src/cli/output';
import { runCli } from '../../src/cli/run';
import type { Session } from '../../src/cli/session';
import type { CausalMaskContent } from '../../src/protocol/causalMaskView';
import type { CheckReport, MaskReport } from '../../src/protocol/mask';
import { comparedCells, countCells, leaksByOffset } from '../../webview/views/causalMask/cells';
import { maskJson } from '../../webview/views/causalMask/exportData';

const report: MaskReport = {
  family: 'planted',
  device: 'cpu',
  weights: 'own',
  context: 8,
  causality: 'shifted',
  rule: 'output i may read inputs ≤ i and predicts i + 1',
  length: 3,
  masks: [
    {
      layer: 1,
      id: 'a',
      title: 'Attention',
      type: 'window',
      window: 2,
      cells: Uint8Array.of(1, 0, 0, 1, 1, 0, 0, 1, 1),
    },
  ],
  declared: Uint8Array.of(1, 0, 0, 1, 1, 0, 0, 1, 1),
  measured: Uint8Array.of(1, 1, 0, 0, 1, 1, 1, 1, 1),
  agrees: false,
  verdict: '3 leaks: output 0 depends on input 1',
  leaks: 3,
  unseen: 1,
  leaksByOffset: [
    { offset: 1, count: 2, example: { output: 0, input: 1 }, words: '2 pairs 1 ahead' },
    { offset: -2, count: 1, example: { output: 2, input: 0 }, words: '1 pair 2 behind' },
  ],
  comparisons: [
    {
      kind: 'predicting',
      length: 3,
      pairs: 9,
      leaks: 3,
      unseen: 1,
      verdict: '3 leaks: output 0 depends on input 1',
      leaksByOffset: [],
    },
  ],
  lengths: [3],
  draws: ['its own weights'],
};
const checked: CheckReport = {
  family: 'planted',
  device: 'cpu',
  weights: 'own',
  verdict: 'fail',
  checks: [
    { id: 'causality', pass: false, value: 3, tolerance: 0, unit: 'leaks', detail: 'Three.' },
    { id: 'parity', pass: false, value: Infinity, tolerance: 1e-5, unit: 'nats', detail: 'Far off.' },
    { id: 'mass', pass: true, value: null, tolerance: 1e-5, unit: 'probability', detail: 'None.' },
  ],
};
const content: CausalMaskContent = {
  subject: { kind: 'run', folder: '/run' },
  name: 'run',
  report,
  stale: false,
  measuring: null,
  note: null,
  checks: { state: 'done', outcomes: checked.checks, verdict: checked.verdict, sentence: '', stale: false },
};

async function printed(command: 'mask' | 'check'): Promise<Record<string, unknown>> {
  let stdout = '';
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      stdout += chunk.toString();
      done();
    },
  });
  const engine = {
    mask: () => Promise.resolve(report),
    check: () => Promise.resolve(checked),
    subjectDomain: () => Promise.resolve('text'),
  };
  const session: Session = {
    out: new Output(stream),
    signal: new AbortController().signal,
    say: () => undefined,
    engine: () => engine as unknown as ReturnType<Session['engine']>,
    job: () => {
      throw new Error('no job is asked for');
    },
  };
  await runCli([command, '--model', '/run', '--json'], session);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('the view hands out', () => {
  const given = JSON.parse(maskJson(content)) as Record<string, unknown>;

  it('every field that `ar-lens mask --json` prints, and nothing else of the mask', async () => {
    const { verdict, checks, ...mask } = given;
    expect(mask).toEqual(await printed('mask'));
    expect([verdict, checks]).toHaveLength(2);
  });

  it('the checks that `ar-lens check --json` prints', async () => {
    const { verdict, checks } = await printed('check');
    expect([given['verdict'], given['checks']]).toEqual([verdict, checks]);
  });

  it('and draws the counts that the report has', () => {
    const cells = comparedCells(report);
    const { leak, unseen } = countCells(cells);
    expect([leak, unseen]).toEqual([report.leaks, report.unseen]);
    expect(
      leaksByOffset(cells).map(({ offset, places }) => ({
        offset,
        count: places.length,
        example: places[0],
      })),
    ).toEqual(report.leaksByOffset.map(({ offset, count, example }) => ({ offset, count, example })));
  });
});
