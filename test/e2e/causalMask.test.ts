// The Causal mask in the real VS Code: opened from a spec's lens, compared cell by cell with `ar-lens mask --json`, its
// checks with `ar-lens check --json`; it follows unsaved edits, outlives the engine, shows a run, and comes back.
import type { Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { COMMANDS, EXTENSION_ID } from '../../src/host/ids';
import type { CheckOutcome } from '../../src/protocol/mask';
import { goTo } from './driver/editor';
import { engines, isAlive } from './driver/notes';
import { until } from './driver/until';
import { policyOf, webviewFrame } from './driver/webviews';
import type { Workbench } from './driver/workbench';
import { SPEC } from './fixtures';
import { headless } from './commandLine';
import { openSession, titleOf, type Session } from './session';

const RESULT = 'main.causalMask[data-state="result"]';
const RUN = '.arlens/runs/almanac/example';
const [LEFT, TOP] = [34, 32];

interface MaskJson {
  readonly length: number;
  readonly causality: string;
  readonly declared: readonly number[][];
  readonly measured: { readonly rows: readonly number[][]; readonly verdict: string };
}

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
    await workbench.screenshot(`failed mask ${task.name}`.replaceAll(/\W+/g, '-'));
});
afterAll(async () => {
  await workbench.runCommand('View: Close All Editors');
  await session.close();
});

const view = (): Promise<Frame> => webviewFrame(page, EXTENSION_ID, RESULT, 60_000);
const lens = (title: string) => page.locator('.codelens-decoration a', { hasText: new RegExp(`^${title}$`) });
const press = (frame: Frame, label: string) =>
  frame.locator('vscode-button', { hasText: label }).first().click();
const rowsOf = async (frame: Frame) => {
  const texts = await frame.locator('.checks tr[data-check]').evaluateAll((rows) =>
    rows.map((row) => ({
      id: row.getAttribute('data-check') ?? '',
      pass: row.getAttribute('data-pass') === 'true',
      value: row.querySelector('.number')?.textContent ?? '',
      detail: row.querySelector('.detail')?.textContent ?? '',
    })),
  );
  return texts;
};

/** Which cells of a matrix are drawn as read: in the colour of the legend's first swatch. */
async function drawnCells(frame: Frame, name: string, length: number): Promise<number[][]> {
  return frame.evaluate(
    ({ label, size, left, top }) => {
      const canvas = document.querySelector<HTMLCanvasElement>(`.matrix[aria-label^="${label}"] canvas`);
      const swatch = document.querySelector<HTMLCanvasElement>('.legend canvas');
      const pixel = (of: HTMLCanvasElement | null, x: number, y: number) =>
        Array.from(
          of
            ?.getContext('2d')
            ?.getImageData(Math.floor(x * devicePixelRatio), Math.floor(y * devicePixelRatio), 1, 1).data ??
            [],
        );
      const seen = pixel(swatch, 7, 7);
      const cell = Math.floor(((canvas?.clientWidth ?? 0) - 36) / size);
      return Array.from({ length: size }, (_, output) =>
        Array.from({ length: size }, (_, input) => {
          const [x, y] = [left + (input + 0.5) * cell, top + (output + 0.5) * cell];
          return pixel(canvas, x, y).every((value, at) => Math.abs(value - (seen[at] ?? 0)) <= 3) ? 1 : 0;
        }),
      );
    },
    { label: name, size: length, left: LEFT, top: TOP },
  );
}

describe('a spec', () => {
  it(
    'leads from its lens to its mask, cell by cell what the command line says',
    { timeout: 120_000 },
    async () => {
      await workbench.openFile(SPEC);
      await lens('Mask').first().click({ timeout: 30_000 });
      const frame = await view();
      const expected = (await headless('mask', '--spec', SPEC)) as MaskJson;
      expect(await frame.locator('h1').textContent()).toBe('What may it see?');
      expect(await policyOf(frame)).not.toContain('unsafe');
      expect(await frame.locator('.verdict .answer').textContent()).toBe(expected.measured.verdict);
      expect(await frame.locator('.ar-sub').textContent()).toContain(expected.causality);
      await until('the declared cells', async () => {
        const drawn = await drawnCells(frame, 'Declared', expected.length);
        return JSON.stringify(drawn) === JSON.stringify(expected.declared);
      });
      await frame.getByLabel('By itself').check();
      await until('the measured cells', async () => {
        const drawn = await drawnCells(frame, 'Measured', expected.length);
        return JSON.stringify(drawn) === JSON.stringify(expected.measured.rows);
      });
      await frame.getByLabel('Against declared').check();
    },
  );

  it('says of each pair what the command line says', { timeout: 60_000 }, async () => {
    const frame = await view();
    const { declared } = (await headless('mask', '--spec', SPEC)) as MaskJson;
    const matrix = frame.locator('.matrix').first();
    await matrix.focus();
    await matrix.press('ArrowDown');
    for (const [key, output, input] of [
      ['ArrowDown', 1, 0],
      ['ArrowRight', 1, 1],
      ['ArrowRight', 1, 2],
    ] as const) {
      await matrix.press(key);
      const word = declared[output]?.[input] === 1 ? 'declared allowed, measured reached' : 'declared masked';
      await until(`output ${output}, input ${input}`, async () =>
        ((await frame.locator('.readout').textContent()) ?? '').startsWith(
          `output ${output}, input ${input}: ${word}`,
        ),
      );
    }
  });

  it('is checked from its lens, with the numbers of the command line', { timeout: 120_000 }, async () => {
    await lens('Check').first().click({ timeout: 30_000 });
    const frame = await view();
    await frame.locator('.checks[data-checks="done"]').waitFor({ timeout: 60_000 });
    const { checks } = (await headless('check', '--spec', SPEC)) as { checks: CheckOutcome[] };
    const number = (value: number | null) =>
      value === null ? '–' : Number.isInteger(value) ? String(value) : value.toExponential(1);
    expect(await rowsOf(frame)).toEqual(
      checks.map(({ id, pass, value, detail }) => ({ id, pass, value: number(value), detail })),
    );
  });

  it('is shown in the four themes', { timeout: 120_000 }, async () => {
    await workbench.inEveryTheme('causal-mask', view);
  });

  it('is measured as it stands in the editor, not as it was saved', { timeout: 90_000 }, async () => {
    const text = await until('the line of the context', async () => {
      const lines = await page.locator('.view-lines .view-line').allInnerTexts();
      return lines.find((line) => line.includes('contextLength'));
    });
    expect(text.replaceAll('\u00a0', ' ')).toContain('"contextLength": 32');
    await goTo(page, 7, 24);
    await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('16');
    const frame = await view();
    await until('the new context', async () =>
      ((await frame.locator('.positions').textContent()) ?? '').includes('of 16 '),
    );
    expect(await frame.locator('.verdict .answer').textContent()).toBe('declared = measured over 256 pairs');
    expect(await frame.locator('.checks .ar-cap').textContent()).toContain('before the last change');
  });

  it('that cannot be read leaves what was measured, and says why', { timeout: 90_000 }, async () => {
    await goTo(page, 7, 24);
    await page.keyboard.type('x');
    const frame = await view();
    await frame.locator('.notice[role="alert"]').waitFor({ timeout: 30_000 });
    expect(await frame.locator('.notice[role="alert"]').textContent()).toContain(SPEC);
    expect(await frame.locator('[data-stale]').count()).toBe(1);
    await page.keyboard.press('Control+1');
    await workbench.runCommand('File: Revert File');
    await until('the spec’s own context again', async () =>
      ((await frame.locator('.positions').textContent()) ?? '').includes('of 32 '),
    );
    expect(await frame.locator('.notice').count()).toBe(0);
  });
});

describe('an engine that is killed', () => {
  it('leaves the mask on show, and one button brings everything back', { timeout: 90_000 }, async () => {
    const frame = await view();
    const [pid] = engines(inject('notes'), 'engine').slice(-1);
    expect(pid).toBeDefined();
    process.kill(pid ?? 0, 'SIGKILL');
    await until('the engine to be gone', () => !isAlive(pid ?? 0));
    const notice = frame.locator('.notice[role="alert"]');
    await notice.waitFor({ timeout: 20_000 });
    expect(await notice.textContent()).toContain('What is shown was measured before.');
    expect(await frame.locator('.matrix canvas').count()).toBe(2);
    // What needs an engine says so, in the same place.
    await press(frame, 'Run Again');
    await frame.locator('.checks[data-checks="failed"]').waitFor({ timeout: 20_000 });
    await workbench.screenshot('causal-mask-engine-ended.dark-modern');
    await press(frame, 'Restart Engine');
    await notice.waitFor({ state: 'detached', timeout: 30_000 });
    await press(frame, 'Run Again');
    await frame.locator('.checks[data-checks="done"]').waitFor({ timeout: 60_000 });
  });
});

describe('a run', () => {
  it('is looked into from its menu in the Runs view', { timeout: 120_000 }, async () => {
    await workbench.runCommand('View: Close All Editors');
    await workbench.runCommand('View: Show AR Lens');
    await workbench.pickFromMenu(workbench.treeRow('example').first(), titleOfItem(COMMANDS.showCausalMask));
    const frame = await view();
    const expected = (await headless('mask', '--model', RUN)) as MaskJson;
    expect(await frame.locator('.verdict .answer').textContent()).toBe(expected.measured.verdict);
    expect(await frame.locator('.ar-sub').textContent()).toContain('its own weights and random ones');
    expect(await drawnCells(frame, 'Declared', expected.length)).toEqual(expected.declared);
  });

  it('comes back after the window was reloaded', { timeout: 120_000 }, async () => {
    const before = await (await view()).locator('.ar-sub').textContent();
    await workbench.untilKept();
    await page.reload();
    const frame = await view();
    expect(await frame.locator('.ar-sub').textContent()).toBe(before);
    expect(await frame.locator('.verdict').getAttribute('data-verdict')).toBe('well');
  });
});

const titleOfItem = (id: string): string => titleOf(id).replace(/^AR Lens: /, '');
