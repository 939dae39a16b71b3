// The whole story in a real VS Code: annotate, hover, edit, train, annotate with the new run, kill the engine, recover.
// Each test goes on where the one before ended. What must be shown is asked from `ar-lens score`, never from the editor.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { COMMANDS, EXTENSION_ID } from '../../src/host/ids';
import {
  closeHover,
  drawnRanges,
  goTo,
  hoverAtCursor,
  hoverSettled,
  lineEndTexts,
  themeColour,
} from './driver/editor';
import { engines, isAlive, reaches } from './driver/notes';
import { until } from './driver/until';
import { policyOf, webviewFrame, webviewFrames } from './driver/webviews';
import type { Workbench } from './driver/workbench';
import { PROBE, PROBE_TEXT, SPEC, STEPS } from './fixtures';
import { BIN_COLOURS, bitsOf, differences, drawnCells, scoreOf, type Score } from './reference';
import { linesOf, openSession, titleOf, type Session } from './session';

const THRESHOLD = 3;
const workspace = inject('workspace');
const notes = inject('notes');

let session: Session;
let workbench: Workbench;
let page: Page;
/** The run that annotates, and the text as it is in the editor. */
let model: string;
let text = PROBE_TEXT;

beforeAll(async () => {
  session = await openSession(inject('workbenchUrl'));
  ({ workbench } = session);
  ({ page } = workbench);
  model = await shippedRun();
}, 120_000);

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await workbench.screenshot(`failed ${task.name}`.replaceAll(/\W+/g, '-'));
});

afterAll(async () => {
  await workbench.openFile(PROBE);
  await workbench.discardAndClose();
  await session.close();
});

describe('a text', () => {
  it('is annotated at once with the run that ships with the examples', { timeout: 90_000 }, async () => {
    await workbench.openFile(PROBE);
    await workbench.runCommand(titleOf(COMMANDS.annotate));
    const picker = page.locator('.quick-input-widget:visible', { hasText: 'Annotate with which model?' });
    const shown = untilDrawnAs(await scoreOf(text, model), 30_000);
    await Promise.race([
      shown,
      picker.waitFor({ timeout: 30_000 }).then(
        () => pickShippedRun(),
        () => undefined,
      ),
    ]);
    await shown;
  });

  it('shows the same bits at its line ends', async () => {
    const score = await scoreOf(text, model);
    const ends = await lineEndTexts(page);
    const expected = lineBits(text, score).map((bits) => `${bits.toFixed(1)} bits`);
    expect(ends.map(plain).filter((each) => each.endsWith('bits'))).toEqual(expected);
  });

  it.each([
    [1, 5],
    [6, 7],
    [6, 28],
  ])('has the right numbers on hover at line %i, column %i', async (line, column) => {
    await expectHover(line, column, await scoreOf(text, model));
  });

  it('says bits/byte and perplexity in the status bar', async () => {
    const { bitsPerByte } = await scoreOf(text, model);
    await workbench
      .statusBar(new RegExp(bitsPerByte.toFixed(2).replace('.', '\\.')))
      .first()
      .waitFor();
  });

  it('is shown in the four themes', { timeout: 120_000 }, async () => {
    const score = await scoreOf(text, model);
    await workbench.inEveryTheme('annotations', () => untilDrawnAs(score, 20_000));
    await untilDrawnAs(score, 20_000);
    await goTo(page, 6, 7);
    await hoverAtCursor(page);
    await hoverSettled(page);
    await workbench.screenshot('hover.dark-modern');
    await closeHover(page);
  });

  it('keeps its numbers right while it is edited', { timeout: 60_000 }, async () => {
    await goTo(page, 6, 5);
    const inserted = 'quiet ';
    await page.keyboard.type(inserted, { delay: 20 });
    const at = text.split('\n').slice(0, 5).join('\n').length + 1 + 4;
    text = text.slice(0, at) + inserted + text.slice(at);
    const score = await scoreOf(text, model);
    await untilDrawnAs(score, 20_000);
    await expectHover(6, 14, score);
  });

  it('leads from one surprising token to the next', async () => {
    await goTo(page, 1, 1);
    await workbench.runCommand(titleOf(COMMANDS.nextSurprising));
    const score = await scoreOf(text, model);
    const first = await cursorOffset();
    await workbench.runCommand(titleOf(COMMANDS.nextSurprising));
    const second = await until('the cursor to move on', async () => {
      const offset = await cursorOffset();
      return offset > first ? offset : undefined;
    });
    for (const offset of [first, second])
      expect(bitsOf(tokenAt(score, offset))).toBeGreaterThanOrEqual(THRESHOLD);
    await page.keyboard.press('Escape');
  });
});

describe('a model', () => {
  let run: string;

  it(`is trained for ${STEPS} steps from the palette`, { timeout: 180_000 }, async () => {
    await workbench.openFile(SPEC);
    await workbench.runCommand(titleOf(COMMANDS.train));
    const training = await trainingView();
    await training.getByText(/bits/).first().waitFor();
    run = await until('a finished run', () => finishedRun(), { timeout: 120_000, every: 300 });
    const record = await recordOf(run);
    expect(record.step).toBe(STEPS);
    // The panel's figure is the record's.
    await training.getByText(record.validation.bits.toFixed(3)).first().waitFor({ timeout: 20_000 });
  });

  it('shows samples in the Training panel', async () => {
    const training = await trainingView();
    await training
      .getByText(/sample/i)
      .first()
      .waitFor({ timeout: 20_000 });
    expect(await training.locator('canvas').count()).toBeGreaterThan(0);
  });

  it('stands in the Runs tree', async () => {
    await workbench.runCommand('View: Show AR Lens');
    await workbench.walkToRun('quick');
    await workbench.walkToRun(/60 steps/);
  });

  it('is shown with all views in the four themes', { timeout: 180_000 }, async () => {
    await workbench.inEveryTheme('training', () => trainingView());
  });

  it('is computed on a device that the Devices view names', { timeout: 120_000 }, async () => {
    await workbench.runCommand(titleOf(COMMANDS.showDevices));
    await workbench
      .treeRow(/runs now/)
      .first()
      .waitFor({ timeout: 20_000 });
    await workbench
      .treeRow(/TensorFlow.*(available|not set up)/)
      .first()
      .waitFor();
    await workbench.inEveryTheme('devices');
    await workbench.togglePane('Devices');
  });

  it('annotates the text, and the numbers are its own', { timeout: 90_000 }, async () => {
    await workbench.openFile(PROBE);
    await workbench.runCommand(titleOf(COMMANDS.annotateWith));
    await workbench.pick(path.basename(run));
    model = run;
    const score = await scoreOf(text, model);
    await untilDrawnAs(score, 30_000);
    // The lens above the text follows too.
    const figure = `${score.bitsPerByte.toFixed(2)} bits/byte`;
    await page.locator('.codelens-decoration', { hasText: figure }).first().waitFor({ timeout: 20_000 });
    await workbench.togglePane('Runs'); // the side view gets the room
    await workbench.inEveryTheme('likelihood', () => untilDrawnAs(score, 20_000));
    await workbench.togglePane('Runs');
    await untilDrawnAs(score, 20_000);
  });
});

describe('an engine that is killed', () => {
  it('is announced within seconds, and nothing in the editor changes', async () => {
    const before = await drawnRanges(page);
    const [pid] = engines(notes, 'engine').slice(-1);
    expect(pid).toBeDefined();
    process.kill(pid ?? 0, 'SIGKILL');
    await until('the engine to be gone', () => !isAlive(pid ?? 0));
    await workbench
      .notification(/engine/i)
      .first()
      .waitFor({ timeout: 5000 });
    expect(await drawnRanges(page)).toEqual(before);
    await workbench.screenshot('engine-ended.dark-modern');
  });

  it('is started again by one button, and the numbers are back', { timeout: 60_000 }, async () => {
    await workbench.answerNotification(/engine/i, 'Restart Engine');
    await until('a new engine', () => engines(notes, 'engine').length > 0, { timeout: 20_000 });
    await goTo(page, 1, 1);
    await page.keyboard.type('X');
    text = `X${text}`;
    const score = await scoreOf(text, model);
    await untilDrawnAs(score, 30_000);
    await expectHover(1, 2, score);
  });
});

describe('afterwards', () => {
  it('a higher threshold hides what is ordinary', async () => {
    await workbench.runCommand(titleOf(COMMANDS.setThreshold));
    await workbench.answer('6');
    await untilDrawnAs(await scoreOf(text, model), 20_000, 6);
  });

  it('one command removes everything', async () => {
    await workbench.runCommand(titleOf(COMMANDS.clear));
    await until('nothing to be drawn', async () => {
      const [cells, ends] = [
        drawnCells(text, await drawnRanges(page), await binColours()),
        await lineEndTexts(page),
      ];
      return (
        cells.every((line) => line.every((bin) => bin === 0)) && ends.every((each) => !each.includes('bits'))
      );
    });
  });

  it('every webview forbids what it does not need', async () => {
    const frames = await webviewFrames(page, EXTENSION_ID);
    expect(frames.length).toBeGreaterThan(0);
    for (const frame of frames) {
      const policy = await policyOf(frame);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toMatch(/script-src [^;]*'nonce-[\w+/=-]{16,}'/);
      expect(policy).not.toContain('unsafe-');
    }
  });

  it('no request has left the machine', () => {
    const hosts = new Set(
      workbench.requests.filter((url) => /^https?:|^wss?:/.test(url)).map((url) => new URL(url).hostname),
    );
    expect([...hosts].filter((host) => host !== '127.0.0.1' && !host.endsWith('.vscode-cdn.net'))).toEqual(
      [],
    );
    expect(linesOf(inject('attempts'))).toEqual([]);
    expect(reaches(notes)).toEqual([]);
  });

  it('the console holds no error of the extension', () => {
    // VS Code has errors of its own (a missing vsda, a sign-in provider): only what names us or a policy counts.
    const ours = /ar-lens|arLens|Content Security Policy|webview/i;
    expect(workbench.errors.filter((each) => ours.test(each))).toEqual([]);
  });
});

async function shippedRun(): Promise<string> {
  const runs = path.join(workspace, '.arlens/runs');
  for (const spec of await readdir(runs)) {
    for (const name of await readdir(path.join(runs, spec))) {
      const folder = path.join(runs, spec, name);
      if ((await readdir(folder)).includes('model.safetensors')) return folder;
    }
  }
  throw new Error('examples/workspace has no run with a model');
}

/** With several runs in the workspace the command asks which one. */
async function pickShippedRun(): Promise<void> {
  await workbench.pick(path.basename(model));
}

async function finishedRun(): Promise<string | undefined> {
  const folder = path.join(workspace, '.arlens/runs', path.basename(SPEC, '.arlens.json'));
  const [name] = await readdir(folder).catch((): string[] => []);
  if (name === undefined) return undefined;
  const run = path.join(folder, name);
  return (await recordOf(run)).status === 'done' ? run : undefined;
}

async function recordOf(run: string) {
  return JSON.parse(await readFile(path.join(run, 'run.json'), 'utf8')) as {
    status: string;
    step: number;
    validation: { bits: number };
  };
}

function trainingView() {
  return webviewFrame(page, EXTENSION_ID, 'body[data-view="training"] section.loss', 60_000);
}

async function binColours(): Promise<string[]> {
  return Promise.all(BIN_COLOURS.map((id) => themeColour(page, id)));
}

/** Waits until every cell on screen has the colour of its bin. */
async function untilDrawnAs(score: Score, timeout: number, threshold = THRESHOLD): Promise<void> {
  let last: string[] = [];
  const same = async () => {
    const drawn = drawnCells(text, await drawnRanges(page), await binColours());
    last = differences(text, score, threshold, drawn);
    return last.length === 0;
  };
  await until('the decorations to agree with the score', same, { timeout }).catch((error: unknown) => {
    throw new Error(`${String(error)}; ${last.length} cells differ: ${last.slice(0, 5).join('; ')}`);
  });
}

function lineBits(source: string, score: Score): number[] {
  const lines = source.split('\n');
  const sums = lines.map(() => 0);
  let line = 0;
  for (const token of score.elements) {
    sums[line] = (sums[line] ?? 0) + bitsOf(token);
    if (source[token.start] === '\n') line += 1;
  }
  return source.endsWith('\n') ? sums.slice(0, -1) : sums;
}

/** Without the marks that keep a decoration's text from being taken for content. */
const plain = (content: string): string => content.replaceAll(/[^\w. ]/g, '').trim();

function tokenAt(score: Score, offset: number) {
  const token = score.elements.find((each) => each.start <= offset && offset < each.end);
  if (token === undefined) throw new Error(`tokenAt: no token at ${offset}`);
  return token;
}

async function cursorOffset(): Promise<number> {
  const place = await page.locator('.statusbar-item', { hasText: /Ln \d+, Col \d+/ }).innerText();
  const [, line = '1', column = '1'] = /Ln (\d+), Col (\d+)/.exec(place) ?? [];
  return (
    text
      .split('\n')
      .slice(0, Number(line) - 1)
      .reduce((sum, each) => sum + each.length + 1, 0) +
    Number(column) -
    1
  );
}

/** Surprisal, rank and entropy at a place, against the command line's. */
async function expectHover(line: number, column: number, score: Score): Promise<void> {
  await goTo(page, line, column);
  const token = tokenAt(score, await cursorOffset());
  const shown = await hoverAtCursor(page);
  const bits = [...shown.matchAll(/([\d.]+)\s*bits/g)].map((match) => Number(match[1]));
  expect(bits[0]).toBeCloseTo(bitsOf(token), 1.9);
  expect(bits[1]).toBeCloseTo(token.entropy / Math.LN2, 1.9);
  const rank = /([\d\u2009]+)\s+of\s+[\d\u2009]+/.exec(
    shown.replace(/token [\d\u2009]+ of [\d\u2009]+/, ''),
  )?.[1];
  expect(Number(rank?.replaceAll('\u2009', ''))).toBe(token.rank);
  for (const { logProb } of token.top.slice(0, 3)) {
    const p = Math.exp(logProb);
    if (p >= 0.1) expect(shown).toContain(p.toFixed(3));
  }
  await closeHover(page);
}
