// Pictures under their classes in the real VS Code: the folders that a run was trained on, scored with their labels and
// without, held against the command line's numbers.
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import type { Frame } from 'playwright-core';
import { until } from './driver/until';
import type { Workbench } from './driver/workbench';
import { commandLine, headless } from './commandLine';
import { openSession, type Session } from './session';
import { showFromExplorer, viewIn } from './views';

const RUN = '.arlens/runs/icons-classes/2026-01-01T00-00-00';
let session: Session;
let workbench: Workbench;
let frame: Frame;

beforeAll(async () => {
  await commandLine('train', 'icons-classes.arlens.json', '--steps', '4', '--out', RUN);
  session = await openSession(inject('workbenchUrl'));
  ({ workbench } = session);
}, 180_000);
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await workbench.screenshot(`failed ${task.name}`.replaceAll(/\W+/g, '-'));
});
afterAll(async () => {
  await workbench.runCommand('View: Close All Editors');
  await session.close();
});

const ledger = () => frame.locator('.ledger[aria-label="Ledger of units"]');

it('a folder of pictures is scored by the run that knows its classes', { timeout: 180_000 }, async () => {
  await showFromExplorer(workbench, 'icons');
  frame = await viewIn(workbench, 'images', 'result');
  expect(await frame.locator('.ar-sub').innerText()).toContain('icons · 214 images of 32 × 32 pixels, RGB');
  // The only run of images there is scores them unasked.
  await ledger().waitFor({ timeout: 60_000 });
});

it.each([
  ['with labels', [], 'each image given its class, p(x | class)'],
  ['without', ['--no-labels'], 'without a class, whatever labels there are'],
] as const)('%s, as ar-lens scores it', { timeout: 180_000 }, async (choice, flags, sentence) => {
  await frame.getByLabel(choice, { exact: true }).check();
  await until(
    'all images',
    async () => {
      const text = await ledger().innerText({ timeout: 5000 });
      return text.includes('All images') && text.includes(sentence);
    },
    { timeout: 90_000 },
  );
  const expected = (await headless('score', '--model', RUN, '--file', 'icons', ...flags)) as {
    bitsPerDim: number;
    perImage: ReadonlyArray<{ bitsPerDim: number; class?: number }>;
  };
  const mean = ledger().locator('[data-row="bits/dim"] [data-figure]');
  await until(
    'the mean of all images',
    async () => Math.abs(Number(await mean.getAttribute('data-figure')) - expected.bitsPerDim) < 1e-6,
  );
  await frame.getByLabel('As in the file').check();
  const grid = frame.locator('.gallery .frame');
  await grid.focus();
  await grid.press('End');
  const last = expected.perImage.at(-1);
  // The last folder is “status”, class 8.
  expect(last?.class).toBe(flags.length === 0 ? 8 : undefined);
  const words = flags.length === 0 ? ', class status' : '';
  await until(
    'the last image',
    async () =>
      (await grid.getAttribute('aria-valuetext')) ===
      `Image 214, ${last?.bitsPerDim.toFixed(3)} bits/dim${words}, place 214 of 214`,
  );
  await until(
    'its title',
    async () => (await frame.locator('.large h2').innerText()) === `Image 214${words}`,
  );
  await workbench.inEveryTheme(`images-${choice.replace(' ', '-')}`);
});
