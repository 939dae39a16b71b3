// The Sampler in a real VS Code with the run that ships: open, five steps, force, branch, run to the length, send to an
// editor. What the view says the continuation costs is compared with what `ar-lens score` says of the same text.
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { COMMANDS, EXTENSION_ID } from '../../src/host/ids';
import { until } from './driver/until';
import { policyOf, webviewFrame } from './driver/webviews';
import type { Workbench } from './driver/workbench';
import { scoreOf } from './reference';
import { openSession, titleOf, type Session } from './session';

const RUN = path.join(inject('workspace'), '.arlens/runs/almanac/example');
const PROMPT = 'The water of the ';
const LENGTH = 20;

let session: Session;
let workbench: Workbench;
let view: Frame;

beforeAll(async () => {
  session = await openSession(inject('workbenchUrl'));
  ({ workbench } = session);
}, 120_000);
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await workbench.screenshot(`failed ${task.name}`.replaceAll(/\W+/g, '-'));
});
afterAll(async () => {
  await workbench.discardAndClose();
  await session.close();
});

/** The continuation as the view writes it. */
const written = async (): Promise<string> => (await view.locator('.written').textContent()) ?? '';
/** Resolves when the view shows the distribution after `length` tokens of continuation. */
const settled = (length: number): Promise<string> =>
  until(
    `${length} tokens, looked at`,
    async () => {
      const fresh = (await view.locator('.next[aria-busy="false"]').count()) === 1;
      const text = await written();
      return fresh && [...text].length === length ? text : undefined;
    },
    { timeout: 30_000 },
  );
const press = (label: string) => view.locator('vscode-button', { hasText: label }).first().click();
const modelBits = async (): Promise<number> =>
  Number(await view.locator('.totals [data-unit="bits"]').first().getAttribute('data-figure'));

async function bitsByScore(continuation: string): Promise<number> {
  const { elements } = await scoreOf(PROMPT + continuation, RUN);
  return elements
    .filter(({ start }) => start >= PROMPT.length)
    .reduce((sum, { logProb }) => sum - (logProb ?? NaN) / Math.LN2, 0);
}

it('opens on the run that ships', { timeout: 90_000 }, async () => {
  await workbench.runCommand(titleOf(COMMANDS.openSampler));
  view = await webviewFrame(workbench.page, EXTENSION_ID, 'main.sampler');
  expect(await policyOf(view)).toMatch(/script-src 'nonce-[\w-]+';/);
  const prompt = view.getByLabel(/^Prompt/);
  await prompt.fill(PROMPT);
  await prompt.press('Tab');
  await settled(0);
});

it('steps five times, and the total is that of `ar-lens score`', { timeout: 60_000 }, async () => {
  for (let step = 1; step <= 5; step++) {
    await press('Next Token');
    await settled(step);
  }
  const text = await written();
  expect(await modelBits()).toBeCloseTo(await bitsByScore(text), 3);
  const steps = await view.locator('.branches tbody tr').count();
  expect(steps).toBe(1);
});

it('forces a token, and branches where the cursor is led back to', { timeout: 60_000 }, async () => {
  const drawn = await written();
  await view.locator('.next tr[data-row="3"]').click();
  const forced = await settled(6);
  expect(forced.startsWith(drawn)).toBe(true);
  expect(await view.locator('.written .forced').count()).toBe(1);
  await view.locator('.tree').focus();
  await view.locator('.tree').press('ArrowLeft');
  await settled(5);
  await view.locator('.next tr[data-row="1"]').click();
  expect(await settled(6)).not.toBe(forced);
  await until('two branches', async () =>
    (await view.locator('.branches tbody tr').count()) === 2 ? true : undefined,
  );
});

it('runs to the length, and its total is still that of `ar-lens score`', { timeout: 90_000 }, async () => {
  const length = view.getByLabel('Tokens that a run adds');
  await length.fill(String(LENGTH));
  await length.press('Tab');
  await press('Run');
  const text = await settled(6 + LENGTH);
  // log-probabilities within 1e-4 nats
  expect(Math.abs((await modelBits()) - (await bitsByScore(text))) * Math.LN2).toBeLessThan(1e-4);
});

it('is shown in the four themes', { timeout: 120_000 }, async () => {
  await workbench.inEveryTheme('sampler', async () => {
    view = await webviewFrame(workbench.page, EXTENSION_ID, 'main.sampler');
  });
});

it('comes back with its tree after the window was reloaded', { timeout: 120_000 }, async () => {
  const text = await written();
  // In a browser VS Code writes what it keeps every five seconds, and shows nobody when.
  await workbench.page.waitForTimeout(8_000);
  await workbench.page.reload();
  view = await webviewFrame(workbench.page, EXTENSION_ID, 'main.sampler', 60_000);
  expect(await settled(6 + LENGTH)).toBe(text);
  expect(await view.locator('.branches tbody tr').count()).toBe(2);
});

it('sends the sample to a new editor', { timeout: 60_000 }, async () => {
  const text = await written();
  await press('To Editor');
  await workbench.page.locator('.view-line', { hasText: '[AR Lens sample of' }).first().waitFor();
  const shown = await until('the sample in an editor', async () => {
    const lines = await workbench.page.locator('.view-lines').last().innerText();
    return lines.includes('AR') ? lines.replaceAll('\u00a0', ' ') : undefined;
  });
  expect(shown).toContain(`${PROMPT}${text}`.split('\n')[0]);
});
