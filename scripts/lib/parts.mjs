// Runs one part of the test run: streams its output, ends its whole process group at the time limit. Plain Node.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { root } from './paths.mjs';

const alive = new Set();
const posix = process.platform !== 'win32';

let ending = false;

/** Ends what is running, with everything it started; nothing is started after it. */
export function endAll(signal = 'SIGTERM') {
  ending = true;
  for (const child of alive) endGroup(child, signal);
}

function endGroup(child, signal) {
  try {
    if (posix) process.kill(-child.pid, signal);
    else spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
  } catch {
    // already gone
  }
}

/**
 * @param {string[]} args arguments for this Node
 * @param {number} minutes time limit
 * @returns {Promise<{ok: boolean, reason?: string}>}
 */
export function runNode(args, minutes) {
  if (ending) return Promise.resolve({ ok: false, reason: 'was not begun' });
  return new Promise((resolve) => {
    // A group of its own, so that nothing a part started outlives it.
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: posix,
      env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' },
    });
    alive.add(child);
    let timedOut = false;
    const limit = setTimeout(() => {
      timedOut = true;
      endGroup(child, 'SIGTERM');
      setTimeout(() => endGroup(child, 'SIGKILL'), 5000).unref();
    }, minutes * 60_000);
    child.once('error', (error) => finish({ ok: false, reason: error.message }));
    child.once('exit', (code, signal) => {
      if (timedOut) finish({ ok: false, reason: `did not end within ${minutes} minutes` });
      else finish(code === 0 ? { ok: true } : { ok: false, reason: `ended with ${signal ?? code}` });
    });
    function finish(result) {
      clearTimeout(limit);
      alive.delete(child);
      endGroup(child, 'SIGKILL'); // leftovers of the group
      resolve(result);
    }
  });
}

/** One check: passes or fails as a whole. */
export async function runCheck(args, minutes) {
  const { ok, reason } = await runNode(args, minutes);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, reason };
}

/** One vitest project, counted test by test through its JSON report. */
export async function runVitest(project, minutes, files = []) {
  const name = [project, ...files].join('-').replaceAll('/', '-');
  const report = path.join(root, 'build/reports', `${name}.json`);
  await mkdir(path.dirname(report), { recursive: true });
  await rm(report, { force: true });
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const { ok, reason } = await runNode(
    [
      vitest,
      'run',
      ...files,
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    minutes,
  );
  if (!existsSync(report)) return { passed: 0, failed: 1, reason: reason ?? 'no report was written' };
  return countReport(JSON.parse(await readFile(report, 'utf8')), ok, reason);
}

/**
 * Groups of files one after another, each in a run of its own: a fresh editor, a fresh workspace.
 * A whole editor in a browser can be late for reasons that are not ours: a group that fails is run once more from the
 * start, and that is said. What fails twice is wrong.
 */
export async function runVitestApart(project, minutes, groups, say = console.log) {
  const results = [];
  for (const files of groups) {
    const first = await runVitest(project, minutes, files);
    if (first.failed === 0) {
      results.push(first);
      continue;
    }
    say(`${project}: ${files.join(', ')}: ${first.failed} failed; once more in a new editor`);
    const second = await runVitest(project, minutes, files);
    if (second.failed === 0) say(`${project}: ${files.join(', ')}: passed at the second try`);
    results.push(second);
  }
  const sum = (count) => results.reduce((total, result) => total + (result[count] ?? 0), 0);
  const reason = results.find((result) => result.reason)?.reason;
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped'), ...(reason && { reason }) };
}

/** What vitest's JSON report says, and what it hides: files that did not load, errors outside any test. */
export function countReport(report, ok, reason) {
  let failed = report.numFailedTests;
  // A file that cannot even be loaded has no test of its own to fail.
  for (const file of report.testResults) {
    const own = file.assertionResults.some((assertion) => assertion.status === 'failed');
    if (file.status === 'failed' && !own) failed += 1;
  }
  if (!ok && failed === 0) failed = 1; // an error outside any test
  const result = {
    passed: report.numPassedTests,
    failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  return failed > 0 ? { ...result, reason } : result;
}
