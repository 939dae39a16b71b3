// Every view in the real VS Code before it has data, with it, while a model trains, and after the engine was killed: its
// designed state, with its one way on; sound in four themes, 360 and 1,200 px wide; side by side on one selection.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { COMMANDS } from '../../src/host/ids';
import type { ViewId } from '../../src/protocol/views';
import { expectSound } from './driver/audit';
import { goTo } from './driver/editor';
import { engines, isAlive } from './driver/notes';
import { until } from './driver/until';
import { THEMES, type ThemeName, type Workbench } from './driver/workbench';
import { PROBE, slowSpec, SPEC } from './fixtures';
import { openSession, titleOf, type Session } from './session';
import {
  acceptSuggestedFile,
  MORE_PANELS,
  openBeside,
  openNote,
  openView,
  PANEL_VIEWS,
  saidBy,
  SIDE_VIEWS,
  viewIn,
  type PanelView,
} from './views';

const NOTE = 'notes/water.md';
const RUN = '.arlens/runs/almanac/example';
const SLOW = 'slow.arlens.json';
const EMPTY = 'empty.txt';
const BROKEN = 'broken.arlens.json';
const PANELS = Object.keys(PANEL_VIEWS) as PanelView[];
const WIDTHS = [360, 1200] as const;

const workspace = inject('workspace');
const record = path.join(workspace, RUN, 'run.json');
let session: Session;
let workbench: Workbench;
let page: Page;

beforeAll(async () => {
  await writeFile(path.join(workspace, SLOW), slowSpec());
  await writeFile(path.join(workspace, EMPTY), '');
  session = await openSession(inject('workbenchUrl'));
  ({ workbench } = session);
  ({ page } = workbench);
}, 120_000);
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await workbench.screenshot(`failed states ${task.name}`.replaceAll(/\W+/g, '-'));
});
afterAll(async () => {
  for (const pid of engines(inject('notes'), 'job')) process.kill(pid, 'SIGKILL');
  await session.close();
});

const view = (name: ViewId, state = 'result', timeout?: number) => viewIn(workbench, name, state, timeout);

/** The state's sentence and its buttons: one way on. */
async function expectState(name: ViewId, state: string, sentence: RegExp, button: string): Promise<Frame> {
  const frame = await view(name, state);
  const said = await until(`${name}: ${sentence.source}`, async () => {
    const now = await saidBy(frame);
    return sentence.test(now.sentence) ? now : undefined;
  });
  expect(said.buttons).toEqual([button]);
  await expectSound(frame, `${name}, ${state}`);
  return frame;
}

describe('before there is data', () => {
  it('the side views say what is missing', { timeout: 120_000 }, async () => {
    await openNote(workbench, NOTE);
    await workbench.runCommand('View: Show AR Lens');
    await expectState('likelihood', 'empty', /not annotated/, 'Annotate Likelihood');
    await expectState('inspector', 'empty', /^Annotate a text/, 'Annotate Likelihood');
    await workbench.screenshot('states-empty.dark-modern');
  });

  it('without a run, each panel’s command offers to train one', { timeout: 180_000 }, async () => {
    await rename(record, `${record}.aside`);
    await workbench.treeRow(/almanac.*not trained yet/).waitFor();
    try {
      const { information, scoreSelection, diagram } = MORE_PANELS;
      const asking = [...Object.values(PANEL_VIEWS), information, scoreSelection, diagram];
      for (const { command } of asking) {
        await workbench.runCommand(titleOf(command));
        const said = workbench.notification(/no such run in this workspace yet|this workspace has none yet/);
        await said.first().waitFor();
        await said.first().hover();
        await said.first().locator('.monaco-button', { hasText: 'Train One' }).waitFor();
        await workbench.dismissNotifications();
      }
    } finally {
      await rename(`${record}.aside`, record);
    }
    await workbench
      .treeRow(/almanac.*1 run/)
      .first()
      .waitFor();
  });

  it('an empty text has nothing to score', { timeout: 120_000 }, async () => {
    await workbench.openFile(EMPTY);
    await openView(workbench, 'logProbs', 'almanac');
    await expectState('logProbs', 'empty', /file is empty/, 'Show Log-Probs');
    await workbench.runCommand('View: Close All Editors');
  });

  it('an empty text has nothing to know and nothing to multiply', { timeout: 120_000 }, async () => {
    await openNote(workbench, EMPTY);
    await openView(workbench, 'information', 'almanac');
    await expectState('information', 'empty', /file is empty/, 'Show Information');
    await openNote(workbench, EMPTY);
    await openView(workbench, 'scoreSelection', 'almanac');
    await expectState('scoreSelection', 'empty', /^Nothing is selected/, 'Score Selection');
    await workbench.runCommand('View: Close All Editors');
  });

  it('a spec with a mistake has no network to draw or to measure', { timeout: 120_000 }, async () => {
    await writeFile(path.join(workspace, BROKEN), '{ "family": "markof" }\n');
    try {
      await openNote(workbench, BROKEN);
      await openView(workbench, 'diagram', BROKEN);
      await expectState('diagram', 'failed', /did you mean "markov"\?/, 'Show Model Diagram');
      await openNote(workbench, BROKEN);
      await openView(workbench, 'causalMask', BROKEN);
      await expectState('causalMask', 'failed', /did you mean "markov"\?/, 'Measure Again');
    } finally {
      await workbench.runCommand('View: Close All Editors');
      await rm(path.join(workspace, BROKEN));
    }
  });

  it('attention to a text whose annotations were cleared leads back', { timeout: 120_000 }, async () => {
    await openNote(workbench, NOTE);
    await openView(workbench, 'attention', 'almanac');
    await view('attention');
    await workbench.runCommand(titleOf(COMMANDS.clear));
    const frame = await expectState('attention', 'empty', /not annotated/, 'Annotate Likelihood');
    await frame.locator('vscode-button').click();
    await view('attention');
  });
});

describe('while a model trains', () => {
  it('its panel shows the curve as it grows', { timeout: 120_000 }, async () => {
    await workbench.openFile(SLOW);
    await workbench.runCommand(titleOf(COMMANDS.train));
    const frame = await view('training', 'result', 90_000);
    const step = async () => Number(await frame.locator('.plots').getAttribute('aria-valuenow'));
    const first = await until('a step', async () => ((await step()) > 0 ? await step() : undefined));
    await until('more steps', async () => (await step()) > first);
    expect(await frame.locator('vscode-button', { hasText: 'Pause' }).count()).toBe(1);
    expect(await frame.locator('vscode-button', { hasText: 'Stop' }).count()).toBe(1);
  });

  it('all other views work beside it', { timeout: 240_000 }, async () => {
    for (const name of ['attention', 'logProbs', 'sampler'] as const) {
      await openNote(workbench, NOTE);
      await openView(workbench, name, 'almanac');
      await workbench.showTab(PANEL_VIEWS[name].tab);
      await view(name);
    }
    await openNote(workbench, NOTE);
    await goTo(page, 1, 3);
    await workbench.runCommand('View: Show AR Lens');
    for (const name of SIDE_VIEWS) await view(name);
    expect(engines(inject('notes'), 'job')).toHaveLength(1);
  });
});

describe('a picture', () => {
  it.each(['png', 'svg'])('is saved as %s, whole', { timeout: 120_000 }, async (ending) => {
    await workbench.showTab(PANEL_VIEWS.attention.tab);
    const frame = await view('attention');
    await frame.getByRole('button', { name: 'Save picture' }).click();
    await frame.getByRole('menuitem', { name: `Save as ${ending.toUpperCase()}` }).click();
    const file = path.join(workspace, `attention.${ending}`);
    await acceptSuggestedFile(page, file);
    const bytes = await until(`${file} on the disk`, () => readFile(file).catch(() => undefined));
    if (ending === 'png') expect([...bytes.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    else {
      const text = bytes.toString('utf8');
      expect(text).toMatch(/^<\?xml .*<svg .*<title id="title">Who looks at whom\?<\/title>/s);
      expect(text).toContain('attention weight, square-root scale');
      expect(text.trimEnd().endsWith('</svg>')).toBe(true);
    }
  });
});

describe('in every width and theme', () => {
  it.each(PANELS)('%s', { timeout: 300_000 }, async (name) => {
    await workbench.runCommand('View: Join All Editor Groups');
    await hideSideBar();
    await workbench.showTab(name === 'training' ? /^Training slow/ : PANEL_VIEWS[name].tab);
    for (const width of WIDTHS) {
      await setViewWidth(name, width);
      for (const theme of Object.keys(THEMES) as ThemeName[]) {
        await workbench.setTheme(theme);
        const frame = await view(name);
        await drawn(frame);
        await expectSound(frame, `${name}, ${width} px, ${theme}`);
        await workbench.screenshot(`states-${name}.${width}.${theme}`);
      }
    }
    await workbench.setTheme('dark-modern');
    await page.setViewportSize({ width: 1400, height: 900 });
  });

  it.each(SIDE_VIEWS)('%s', { timeout: 300_000 }, async (name) => {
    await page.setViewportSize({ width: 1700, height: 1000 });
    await openNote(workbench, NOTE);
    await goTo(page, 1, 3);
    await workbench.runCommand('View: Show AR Lens');
    for (const width of WIDTHS) {
      await workbench.setSideBarWidth(width);
      for (const theme of Object.keys(THEMES) as ThemeName[]) {
        await workbench.setTheme(theme);
        const frame = await view(name);
        await drawn(frame);
        await expectSound(frame, `${name}, ${width} px, ${theme}`);
        await workbench.screenshot(`states-${name}.${width}.${theme}`);
      }
    }
    await workbench.setTheme('dark-modern');
    await workbench.setSideBarWidth(360);
  });
});

describe('side by side', () => {
  it('all views are at the token under the cursor', { timeout: 240_000 }, async () => {
    await page.setViewportSize({ width: 2200, height: 1000 });
    await workbench.runCommand('View: Close All Editors');
    await openNote(workbench, NOTE);
    await openView(workbench, 'attention', 'almanac');
    await view('attention');
    await openNote(workbench, NOTE);
    await openBeside(workbench, 'logProbs', 'almanac');
    for (const column of [3, 9]) {
      await focusNote();
      await goTo(page, 1, column);
      // The almanac's tokens are bytes, and this line is ASCII: column and token agree.
      await expectAllAt(column);
    }
    await workbench.screenshot('states-linked.dark-modern');
  });

  it('a click in attention moves the others', { timeout: 120_000 }, async () => {
    const rows = (await view('attention')).locator('.frame[role="slider"]');
    // A key that falls between two drawings is lost: each is pressed from where the row is.
    await until('the row of token 7', async () => {
      const away = Number(/^Token (\d+) /.exec((await rows.getAttribute('aria-valuetext')) ?? '')?.[1]) - 7;
      if (away !== 0) await rows.press(away > 0 ? 'ArrowUp' : 'ArrowDown');
      return away === 0;
    });
    await expectAllAt(7);
  });

  it('a click in the log-probs moves the others', { timeout: 120_000 }, async () => {
    const strip = (await view('logProbs')).getByRole('slider', { name: /Tokens of the file/ });
    await strip.focus();
    await strip.press('Home');
    await strip.press('ArrowRight');
    await strip.press('ArrowRight');
    await until(
      'the strip at its third token',
      async () => (await strip.getAttribute('aria-valuenow')) === '3',
    );
    await expectAllAt(3);
  });
});

describe('after the engine was killed', () => {
  it('what is shown stays, what asks says so and leads on', { timeout: 240_000 }, async () => {
    await killEngine();
    await expectState('inspector', 'failed', /engine/i, 'Restart Engine');
    await workbench.dismissNotifications();
    expect(await (await view('attention')).locator('.small canvas').count()).toBe(1);
    expect(await (await view('logProbs')).locator('canvas').count()).toBeGreaterThan(0);
    // Views that open now find no engine.
    await workbench.openFile(PROBE);
    await openView(workbench, 'logProbs', 'almanac');
    await expectState('logProbs', 'failed', /engine/i, 'Restart Engine');
    await openView(workbench, 'sampler', 'almanac');
    await expectState('sampler', 'failed', /engine/i, 'Restart Engine');
    await workbench.screenshot('states-engine-ended.dark-modern');
    for (const name of ['information', 'scoreSelection'] as const) {
      await openNote(workbench, PROBE);
      await openView(workbench, name, 'almanac');
      await expectState(name, 'failed', /engine/i, 'Restart Engine');
    }
    for (const name of ['diagram', 'causalMask'] as const) {
      await openNote(workbench, SPEC);
      await openView(workbench, name, 'quick');
      await expectState(name, 'failed', /engine/i, 'Restart Engine');
    }
  });

  it('a job that was killed says what it kept', { timeout: 120_000 }, async () => {
    const [job] = engines(inject('notes'), 'job');
    expect(job).toBeDefined();
    process.kill(job ?? 0, 'SIGKILL');
    await until('the job to be gone', () => !isAlive(job ?? 0));
    await workbench.openFile(SPEC);
    await workbench.runCommand(titleOf(COMMANDS.showTraining));
    await workbench.pick('slow').catch(() => undefined);
    const frame = await view('training');
    await frame.getByRole('alert').first().waitFor();
    expect(await frame.locator('vscode-button', { hasText: 'Resume' }).count()).toBe(1);
    await expectSound(frame, 'training, after its job was killed');
    await workbench.screenshot('states-job-ended.dark-modern');
    await workbench.dismissNotifications();
  });

  it('a run’s curve needs no engine', { timeout: 120_000 }, async () => {
    await workbench.runCommand(titleOf(COMMANDS.showTraining));
    await workbench.pick('almanac');
    await workbench.showTab(/^Training almanac/);
    const frame = await view('training');
    expect(await frame.locator('.plots canvas').count()).toBe(3);
  });

  it('one button brings all of them back', { timeout: 180_000 }, async () => {
    await workbench.showTab(PANEL_VIEWS.sampler.tab);
    const failed = await view('sampler', 'failed');
    await failed.locator('vscode-button', { hasText: 'Restart Engine' }).click();
    await until('a new engine', () => engines(inject('notes'), 'engine').length > 0);
    await view('sampler');
    await workbench.showTab(/^Log-probs probe/);
    await view('logProbs');
    await openNote(workbench, NOTE);
    await goTo(page, 1, 5);
    await view('inspector');
    await workbench.dismissNotifications();
  });
});

const widthOf = (frame: Frame): Promise<number> => frame.evaluate(() => window.innerWidth);

/** The window as wide as it has to be for that: what stands beside an editor differs from version to version. */
async function setViewWidth(name: ViewId, width: number): Promise<void> {
  await until(`${name} at ${width} px`, async () => {
    const now = await widthOf(await view(name));
    const whole = page.viewportSize()?.width ?? width;
    if (now !== width) await page.setViewportSize({ width: whole + width - now, height: 900 });
    return now === width;
  });
}

/** Two frames, so that what a new width or theme asks for is drawn. */
const drawn = (frame: Frame) =>
  frame.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

async function hideSideBar(): Promise<void> {
  const sideBar = page.locator('.part.sidebar');
  if (await sideBar.isVisible()) await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
  await sideBar.waitFor({ state: 'hidden' });
}

async function focusNote(): Promise<void> {
  await page
    .locator('.editor-group-container', { hasText: 'water.md' })
    .locator('.monaco-editor')
    .first()
    .click();
}

async function killEngine(): Promise<void> {
  const [pid] = engines(inject('notes'), 'engine').slice(-1);
  expect(pid).toBeDefined();
  process.kill(pid ?? 0, 'SIGKILL');
  await until('the engine to be gone', () => !isAlive(pid ?? 0));
}

/** Attention's row, the Inspector's place and the strip's outline, all of this token, counted from 1. */
async function expectAllAt(token: number): Promise<void> {
  const attention = await view('attention');
  const inspector = await view('inspector');
  const strip = await view('logProbs');
  await until(`all views at token ${token}`, async () => {
    const row = await attention.locator('.frame[role="slider"]').getAttribute('aria-valuetext');
    const place = await inspector.locator('.what > span').innerText();
    const focused = await strip
      .getByRole('slider', { name: /Tokens of the file/ })
      .getAttribute('aria-valuenow');
    const outlined = await strip
      .locator('.reading .selected [data-quantity]')
      .allInnerTexts()
      .then(([text = '']) => text.replaceAll(/\D/g, ''));
    const inStrip = outlined === '' ? focused : outlined;
    return (
      row?.startsWith(`Token ${token} `) === true &&
      place.endsWith(` 1:${token}`) &&
      inStrip === String(token)
    );
  });
}
