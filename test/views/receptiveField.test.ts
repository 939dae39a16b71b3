// The receptive field view in a browser: cells and counts against the closure, what a person does with keys and pointer,
// and how long a frame takes at 64 × 64. The figures are printed.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FieldStore } from '../../src/engine/reach/fieldReport';
import { scanOrder } from '../../src/math/scanOrder';
import { fieldWishes } from './page/receptiveFieldFixtures';
import { ViewPages } from './pages';
import { THEMES, type ThemeFixture } from './themes';
import { mkdirSync } from 'node:fs';
import path from 'node:path';

const FRAME = 1000 / 60;
const PICTURES = path.resolve(import.meta.dirname, '../../build/views');
const [LEFT, TOP] = [26, 20];
const dark = THEMES[0] as ThemeFixture;

let pages: ViewPages;
beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

async function withPage(state: string, work: (page: Page) => Promise<void>, width = 1200, theme = dark) {
  const { page, complaints } = await pages.open('receptiveField', state, theme, width, 1000);
  await work(page);
  // Reading pixels back is the test's doing, not the view's.
  expect(complaints.filter((each) => !each.includes('willReadFrequently'))).toEqual([]);
  expect(await page.evaluate(() => window.harness.violations)).toEqual([]);
  await page.context().close();
}

const heard = (page: Page, method: string) =>
  page.evaluate(
    (name) => window.harness.heard.filter((one) => one.method === name).map(({ params }) => params),
    method,
  );
const grid = (page: Page, at = 0) => page.locator('.grid').nth(at);
const answer = async (page: Page) =>
  ((await page.locator('.answer').textContent()) ?? '').replaceAll(/\s+/g, ' ');
const spoken = (page: Page, at = 0) => grid(page, at).getAttribute('aria-valuetext');

/** Counts of the legend's table: a row of numbers for each state. */
const table = (page: Page): Promise<Record<string, number[]>> =>
  page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('.legend tbody tr')].map((row) => [
        row.querySelector('th')?.textContent?.trim() ?? '',
        [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent?.replaceAll(/\D/g, ''))),
      ]),
    ),
  );

/** What each cell of a grid looks like: its ink against the theme's colours, sampled over the whole cell. */
const looks = (page: Page, at: number, rows: number, columns: number) =>
  page.evaluate(
    ({ place, height, width, left, top }) => {
      const canvas = document.querySelectorAll<HTMLCanvasElement>('.grid canvas')[place];
      const context = canvas?.getContext('2d');
      if (canvas === undefined || !context) throw new Error('no grid');
      const ratio = window.devicePixelRatio;
      const pitch = Math.floor((canvas.clientWidth - left - 2) / width);
      const probe = document.createElement('span');
      document.body.append(probe);
      const brush = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
      const colour = (token: string) => {
        probe.style.color = `var(--ar-${token})`;
        if (brush === null) return [0, 0, 0];
        brush.fillStyle = getComputedStyle(probe).color;
        brush.fillRect(0, 0, 1, 1);
        return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
      };
      const tokens = {
        seen: colour('seen'),
        future: colour('future'),
        bg: colour('bg'),
        leak: colour('leak'),
        blind: colour('blind'),
      };
      probe.remove();
      const near = (a: ArrayLike<number>, b: readonly number[], by = 6) =>
        b.every((value, channel) => Math.abs(value - (a[channel] ?? 0)) <= by);
      const found: string[] = [];
      for (let row = 0; row < height; row++) {
        for (let column = 0; column < width; column++) {
          const side = (pitch - 1) * ratio;
          const { data } = context.getImageData(
            (left + column * pitch) * ratio,
            (top + row * pitch) * ratio,
            side,
            side,
          );
          const counts = { seen: 0, future: 0, bg: 0, leak: 0, blind: 0 };
          for (let pixel = 0; pixel < data.length; pixel += 4) {
            const ink = data.subarray(pixel, pixel + 3);
            for (const name of Object.keys(counts) as Array<keyof typeof counts>)
              if (near(ink, tokens[name])) counts[name]++;
          }
          const all = data.length / 4;
          found.push(
            counts.seen === all
              ? 'seen'
              : counts.future === all
                ? 'future'
                : counts.leak > 0
                  ? 'leak'
                  : counts.seen > 0 && counts.bg > all / 2
                    ? 'shallow'
                    : counts.blind > 0 && counts.bg > 0
                      ? 'blind'
                      : 'other',
          );
        }
      }
      return found;
    },
    { place: at, height: rows, width: columns, left: LEFT, top: TOP },
  );

describe('what is drawn is the closure', () => {
  it.each(THEMES)('each cell by its own texture, $name', async (theme) => {
    const report = new FieldStore().report(fieldWishes['result'] ?? { settings: {} });
    await withPage(
      'result',
      async (page) => {
        for (const [at, { first }] of report.stacks.entries()) {
          const drawn = await looks(page, at, 28, 28);
          const wrong: string[] = [];
          for (const [input, from] of first.entries()) {
            const expected =
              input >= 406
                ? input === 406
                  ? 'other'
                  : 'future'
                : from === 0
                  ? 'blind'
                  : from <= 8
                    ? 'seen'
                    : 'shallow';
            if (drawn[input] !== expected && !(input === 406))
              wrong.push(`${input}: ${drawn[input]}, not ${expected}`);
          }
          expect(wrong).toEqual([]);
        }
      },
      1200,
      theme,
    );
  });

  it('has truth’s counts, with their unit', () =>
    withPage('result', async (page) => {
      expect(await table(page)).toEqual({
        seen: [192, 241],
        blind: [55, 0],
        'too shallow': [159, 165],
        'allowed context': [406, 406],
        output: [1, 1],
        future: [377, 377],
      });
      expect(await answer(page)).toBe(
        'At 8 layers PixelCNN sees 192 of 406 allowed pixels; 55 stay blind at any depth. Gated PixelCNN sees 241 of 406 allowed pixels and has no blind spot.',
      );
    }));

  it('shows a leak as a leak', () =>
    withPage('leaking', async (page) => {
      const drawn = await looks(page, 0, 28, 28);
      expect(drawn.flatMap((look, cell) => (look === 'leak' ? [cell] : []))).toEqual([433, 434, 435]);
      expect(await answer(page)).toContain('3 pixels leak');
      expect((await table(page))['leak']).toEqual([3, 0]);
    }));

  it('follows a family’s own order of generation, which can be chosen', () =>
    withPage('order', async (page) => {
      const step = (row: number, column: number) =>
        1 + scanOrder('zigzag', { height: 28, width: 28 }, 0).indexOf(row * 28 + column);
      const drawn = await looks(page, 0, 28, 28);
      expect(drawn.filter((look) => look === 'seen')).toHaveLength(step(14, 14) - 1);
      expect(drawn[2 * 28 + 27]).toBe(step(2, 27) > step(14, 14) ? 'future' : 'seen');
      expect((await table(page))['allowed context']).toEqual([step(14, 14) - 1, 406]);
      await grid(page).focus();
      await page.keyboard.press('Shift+ArrowUp');
      await expect
        .poll(() => page.locator('.readout').textContent())
        .toContain(`generated as number ${step(13, 14)}`);
      await page.getByRole('combobox', { name: 'Order of generation' }).click();
      await page.getByRole('option', { name: 'column', exact: true }).click();
      await expect.poll(() => table(page)).toMatchObject({ 'allowed context': [14 * 28 + 14, 406] });
    }));

  it('shows a text’s places in lines, what its windows hide as too shallow', () =>
    withPage('text', async (page) => {
      expect(await answer(page)).toContain('sees 61 of 91 allowed tokens and has no blind spot');
      expect((await table(page))['too shallow']).toEqual([30]);
      expect(await page.locator('.builder, .masks').count()).toBe(0);
      await page.getByRole('slider', { name: /^Depth/ }).fill('1');
      await expect.poll(() => answer(page)).toContain('sees 16 of 91');
    }));
});

describe('a person', () => {
  it('chooses an output with a click and with the arrow keys', () =>
    withPage('result', async (page) => {
      const pitch = await page.evaluate(
        (left) => Math.floor(((document.querySelector('.grid canvas')?.clientWidth ?? 0) - left - 2) / 28),
        LEFT,
      );
      await grid(page)
        .locator('canvas')
        .click({ position: { x: LEFT + 3.5 * pitch, y: TOP + 5.5 * pitch } });
      await expect.poll(() => answer(page)).toContain('of 143 allowed');
      await grid(page, 1).focus();
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
      await expect.poll(() => answer(page)).toContain(`of ${7 * 28 + 4} allowed`);
      await page.keyboard.press('Home');
      await expect.poll(() => answer(page)).toContain(`of ${7 * 28} allowed`);
      await page.mouse.move(0, 0);
      await expect.poll(() => spoken(page)).toMatch(/^Output \(7, 0\)\. At 8 layers: PixelCNN sees/);
      expect(await heard(page, 'look')).toContainEqual({ settings: {}, channel: 0, position: [7, 4] });
    }));

  it('slides the depth, and plays through it', () =>
    withPage('result', async (page) => {
      const slider = page.getByRole('slider', { name: /^Depth/ });
      await slider.fill('15');
      await expect
        .poll(() => table(page))
        .toMatchObject({ seen: [351, 406], blind: [55, 0], 'too shallow': [0, 0] });
      await slider.fill('1');
      await expect.poll(() => table(page)).toMatchObject({ seen: [24, 31] });
      await page.getByRole('button', { name: 'Play through the depths' }).click();
      await expect
        .poll(() => slider.inputValue(), { timeout: 30_000 })
        .toBe(await slider.getAttribute('max'));
      await page.getByRole('button', { name: 'Play through the depths' }).waitFor();
      expect(await heard(page, 'look')).toEqual([]);
    }));

  it('reads a cell with its arithmetic, with the pointer and with Shift and arrows', () =>
    withPage('result', async (page) => {
      await grid(page).focus();
      for (const key of ['ArrowUp', 'ArrowUp', 'ArrowUp']) await page.keyboard.press(`Shift+${key}`);
      for (let step = 0; step < 7; step++) await page.keyboard.press('Shift+ArrowRight');
      const sentence =
        '(11, 21) · 3 up, 7 right · PixelCNN: blind at any depth: 7 > 3 + 1 · (3 − 1) · Gated PixelCNN: seen from layer 5 on';
      await expect.poll(() => page.locator('.readout').textContent()).toBe(sentence);
      await page.keyboard.press('Escape');
      await expect.poll(() => page.locator('.readout').textContent()).toContain('click a cell');
    }));

  it('builds another grid, and gets back to the first', () =>
    withPage('result', async (page) => {
      await page.getByRole('combobox', { name: 'Side of the first kernel' }).click();
      await page.getByRole('option', { name: '3 × 3' }).first().click();
      await expect.poll(() => answer(page)).toContain('78 stay blind');
      await page.getByRole('combobox', { name: 'Rows and columns of the grid' }).click();
      await page.getByRole('option', { name: '12 × 12' }).click();
      await expect.poll(() => answer(page)).toContain('of 78 allowed');
      await page.locator('vscode-button', { hasText: 'Reset' }).click();
      await expect.poll(() => answer(page)).toContain('55 stay blind');
    }));

  it('looks at a channel’s inputs', () =>
    withPage('rgb', async (page) => {
      expect(await answer(page)).toContain('of 409 allowed sub-pixels');
      await page.getByRole('group', { name: 'Channel of the output' }).getByLabel('B').check();
      await expect.poll(() => answer(page)).toContain('of 410 allowed');
      await grid(page).focus();
      await page.keyboard.press('Shift+ArrowLeft');
      await page.getByRole('group', { name: 'Channel of the inputs shown' }).getByLabel('G').check();
      await expect.poll(() => page.locator('.readout').textContent()).toMatch(/^\(8, 7\) G · 1 left/);
    }));

  it('sees the mask of any kernel', () =>
    withPage('result', async (page) => {
      const shown = page.locator('.shown');
      await shown.waitFor();
      expect(await shown.getAttribute('data-mask')).toBe('11111/11111/11100/00000/00000');
      const kinds = [
        ['Side of the kernel', '3 × 3'],
        ['Type of the mask', 'B'],
        ['Order of the channels', 'B → G → R'],
      ] as const;
      for (const [name, option] of kinds) {
        await page.getByRole('combobox', { name }).click();
        await page.getByRole('option', { name: option, exact: true }).click();
      }
      await expect.poll(() => shown.getAttribute('data-mask')).toBe('111/110/000');
      const reads = await shown.locator('tbody td').allInnerTexts();
      await expect
        .poll(() => shown.locator('tbody td').allInnerTexts())
        .toEqual(['reads', 'reads', 'reads', '–', 'reads', 'reads', '–', '–', 'reads']);
      expect(reads).toHaveLength(9);
    }));

  it('takes the data away as ar-lens reach has it', () =>
    withPage('result', async (page) => {
      await page.getByRole('button', { name: 'Copy as data' }).click();
      await page.getByRole('menuitem', { name: /JSON/ }).click();
      await expect.poll(() => heard(page, 'copy')).toHaveLength(1);
      const [{ text }] = (await heard(page, 'copy')) as [{ text: string }];
      const { stacks } = JSON.parse(text) as {
        stacks: Array<{ offsets: Record<string, number[][]> } & Record<string, number>>;
      };
      expect(stacks[0]).toMatchObject({ allowed: 406, seen: 192, blind: 55, tooShallow: 159, leaks: 0 });
      expect(stacks[0]?.offsets['blind']).toContainEqual([-3, 7]);
      expect(stacks[0]?.offsets['seen']).toContainEqual([0, -1]);
    }));

  it('keeps what was chosen across a reload', () =>
    withPage('result', async (page) => {
      await grid(page).focus();
      await page.keyboard.press('PageDown');
      await expect.poll(() => answer(page)).toContain('At 9 layers');
      await page.reload();
      await page.waitForFunction(() => window.harness.settled());
      await expect.poll(() => answer(page)).toContain('At 9 layers');
    }));
});

describe('at 64 × 64', () => {
  it('draws a depth within a frame', () =>
    withPage('large', async (page) => {
      const slider = page.getByRole('slider', { name: /^Depth/ });
      await slider.focus();
      await page.evaluate(() => window.harness.frames());
      for (let step = 0; step < 30; step++)
        await page.keyboard.press(step % 20 < 10 ? 'ArrowRight' : 'ArrowLeft');
      const taken = [...(await page.evaluate(() => window.harness.frames()))].sort((a, b) => a - b);
      const median = taken[Math.floor(taken.length / 2)] ?? Infinity;
      console.log(
        `64 × 64, two grids: ${median.toFixed(1)} ms a frame (worst ${taken.at(-1)?.toFixed(1)}, ${taken.length} frames)`,
      );
      expect(median).toBeLessThan(FRAME);
    }));
});

describe('fits', () => {
  it.each([
    ['result', 1200],
    ['result', 800],
    ['result', 360],
    ['large', 1200],
    ['large', 360],
    ['rgb', 1200],
    ['rgb', 360],
    ['text', 1200],
    ['text', 360],
    ['leaking', 700],
    ['trained', 1200],
    ['trained', 360],
    ['busy', 700],
  ] as const)('%s at %i px in every theme', async (state, width) => {
    for (const theme of THEMES) {
      await withPage(
        state,
        async (page) => {
          await page.screenshot({
            path: path.join(PICTURES, `receptiveField.${state}.${width}.${theme.name}.png`),
            fullPage: true,
          });
          for (const check of ['bareNumbers', 'faintText', 'unnamed', 'cutOff', 'offGrid'] as const)
            expect(await page.evaluate((name) => window.audit[name](), check)).toEqual([]);
        },
        width,
        theme,
      );
    }
  });
});
