// The counting behind `npm test`: nothing that went wrong may be counted as nothing.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { countReport, runNode, type VitestReport } from '../../scripts/lib/parts.mjs';

const root = path.resolve(import.meta.dirname, '../..');

function report(...files: string[][]): VitestReport {
  const all = files.flat();
  const number = (status: string) => all.filter((each) => each === status).length;
  return {
    numPassedTests: number('passed'),
    numFailedTests: number('failed'),
    numPendingTests: number('skipped'),
    numTodoTests: 0,
    testResults: files.map((tests) => ({
      status: tests.length === 0 || tests.includes('failed') ? 'failed' : 'passed',
      assertionResults: tests.map((status) => ({ status })),
    })),
  };
}

describe('the count of a part', () => {
  it('adds up tests', () => {
    expect(countReport(report(['passed', 'passed'], ['passed']), true)).toMatchObject({
      passed: 3,
      failed: 0,
    });
  });

  it('counts a file that could not be loaded as one failure', () => {
    expect(countReport(report(['passed'], []), false)).toMatchObject({ passed: 1, failed: 1 });
  });

  it('counts an error outside any test as one failure', () => {
    expect(countReport(report(['passed']), false, 'ended with 1')).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
      reason: 'ended with 1',
    });
  });

  it('does not count a failed test twice', () => {
    expect(countReport(report(['passed', 'failed', 'skipped']), false)).toMatchObject({
      passed: 1,
      failed: 1,
      skipped: 1,
    });
  });
});

describe('a part', () => {
  it('that does not end is ended at its limit', async () => {
    const { ok, reason } = await runNode(['-e', 'setInterval(() => {}, 1000)'], 0.01);
    expect(ok).toBe(false);
    expect(reason).toMatch(/did not end within/);
  });

  it('that does not exist is bad usage', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/test.mjs', 'everything'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toContain('got everything');
  });
});
