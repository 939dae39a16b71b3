// The window is reloaded with every view open: each comes back with what it showed, as it was looked at.
import type { Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { COMMANDS } from '../../src/host/ids';
import type { ViewId } from '../../src/protocol/views';
import { drawnRanges, goTo } from './driver/editor';
import { until } from './driver/until';
import type { Workbench } from './driver/workbench';
import { openSession, titleOf, type Session } from './session';
import { openBeside, openNote, openView, PANEL_VIEWS, viewIn, type PanelView } from './views';

const NOTE = 'notes/water.md';
const PROMPT = 'Water';

let session: Session;
let workbench: Workbench;
let page: Page;

beforeAll(async () => {
  session = await openSession(inject('workbenchUrl'));
  ({ workbench } = session);
  ({ page } = workbench);
}, 120_000);
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await workbench.screenshot(`failed restored ${task.name}`.replaceAll(/\W+/g, '-'));
});
afterAll(async () => {
  await workbench.runCommand('View: Close All Editors');
  await session.close();
});

const view = (name: ViewId) => viewIn(workbench, name, 'result');

/** What a person would miss of each view: its look and its figures, read from what is drawn. */
const LOOKS: Readonly<Record<PanelView | 'inspector', (frame: Frame) => Promise<unknown>>> = {
  attention: async (frame) => ({
    map: await frame.locator('.full h2').textContent(),
    row: await frame.locator('.frame[role="slider"]').getAttribute('aria-valuetext'),
    rollout: await frame.getByLabel('Rollout').isChecked(),
  }),
  logProbs: async (frame) => ({
    zoom: await frame.getByLabel('token', { exact: true }).isChecked(),
    focus: await frame.getByRole('slider', { name: /Tokens of the file/ }).getAttribute('aria-valuetext'),
    ledger: await frame.locator('.ledger').innerText(),
  }),
  sampler: async (frame) => ({
    prompt: await frame.getByLabel(/^Prompt/).inputValue(),
    branches: await frame.locator('.branches tbody').innerText(),
  }),
  training: async (frame) => ({
    linear: await frame.getByLabel('linear').isChecked(),
    figures: await frame.locator('.figures').innerText(),
    curve: await frame.locator('.plots').getAttribute('aria-valuetext'),
  }),
  inspector: async (frame) => ({
    token: await frame.locator('.what').innerText(),
    head: await frame.locator('.attended > p').first().textContent(),
    numbers: await frame.locator('.nums').innerText(),
  }),
};

/** Each view is looked at in a way that is not the first. */
async function changeLooks(): Promise<void> {
  const attention = await view('attention');
  await attention.getByLabel('Mean over heads').check();
  await until('the mean', async () =>
    /mean/i.test((await attention.locator('.full h2').textContent()) ?? ''),
  );
  const strip = (await view('logProbs')).getByRole('slider', { name: /Tokens of the file/ });
  await strip.focus();
  for (const key of ['+', '+', 'Home', 'ArrowRight', 'ArrowRight', 'ArrowRight']) await strip.press(key);
  const heads = (await view('inspector')).locator('.heads [tabindex="0"]');
  await heads.focus();
  await heads.press('End');
}

it('every view comes back after a reload', { timeout: 280_000 }, async () => {
  await page.setViewportSize({ width: 2200, height: 1000 });
  await openNote(workbench, NOTE);
  await openView(workbench, 'attention', 'almanac');
  await view('attention');
  await until('the annotations', async () => (await drawnRanges(page)).length > 0);
  await openNote(workbench, NOTE);
  await openBeside(workbench, 'logProbs', 'almanac');
  await workbench.runCommand('View: Show AR Lens');
  await openNote(workbench, NOTE);
  await goTo(page, 1, 4);
  await view('inspector');
  await changeLooks();
  const before = await looksOf(['attention', 'logProbs', 'inspector']);
  await workbench.untilKept();
  await page.reload();
  await expectLooks(before);
  await workbench.screenshot('restored.dark-modern');
});

it(
  'what is opened alone comes back too: a run’s curve, a tree of branches',
  { timeout: 280_000 },
  async () => {
    await workbench.runCommand('View: Close All Editors');
    await openView(workbench, 'training', 'almanac');
    await (await view('training')).getByLabel('linear').check();
    await workbench.runCommand('View: Split Editor Right');
    await openView(workbench, 'sampler', 'almanac');
    const sampler = await view('sampler');
    const prompt = sampler.getByLabel(/^Prompt/);
    await prompt.fill(PROMPT);
    await prompt.press('Tab');
    await sampler.locator('vscode-button', { hasText: 'Next Token' }).click();
    await until('a branch', async () => (await sampler.locator('.branches tbody tr').count()) > 0);
    await workbench.showTab(PANEL_VIEWS.training.tab);
    const training = await looksOf(['training']);
    await workbench.showTab(PANEL_VIEWS.sampler.tab);
    const tree = await looksOf(['sampler']);
    await workbench.untilKept();
    await page.reload();
    await expectLooks(tree);
    await workbench.showTab(PANEL_VIEWS.training.tab);
    await expectLooks(training);
  },
);

it('a panel that was hidden behind another shows what it showed', { timeout: 120_000 }, async () => {
  const before = await looksOf(['training']);
  await workbench.showTab(PANEL_VIEWS.sampler.tab);
  await view('sampler');
  await workbench.showTab(PANEL_VIEWS.training.tab);
  await expectLooks(before);
  await workbench.runCommand(titleOf(COMMANDS.clear));
});

type Looks = ReadonlyArray<readonly [keyof typeof LOOKS, unknown]>;

async function looksOf(names: ReadonlyArray<keyof typeof LOOKS>): Promise<Looks> {
  const looks: Array<readonly [keyof typeof LOOKS, unknown]> = [];
  for (const name of names) looks.push([name, await LOOKS[name](await view(name))]);
  return looks;
}

async function expectLooks(before: Looks): Promise<void> {
  for (const [name, look] of before) {
    await until(`${name} as it was`, async () => {
      const now = await LOOKS[name](await view(name));
      return JSON.stringify(now) === JSON.stringify(look);
    }).catch(async () => expect([name, await LOOKS[name](await view(name))]).toEqual([name, look]));
  }
}
