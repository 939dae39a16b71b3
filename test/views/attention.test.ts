// The attention view in a browser: what is drawn is compared with the data in four themes, what a person does with keys
// and pointer, and how long a frame takes at 12 × 12 heads. The figures are printed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { attentionContent, SLIDING, slidingContent } from './page/attention';
import { coloursAt, expectedColours, expectSame, weightOf } from './mapColours';
import { ViewPages } from './pages';
import type { ThemeFixture } from './themes';
import { THEMES } from './themes';

const FRAME = 1000 / 60;
const LEFT = 72;
const TOP = 66;

let pages: ViewPages;
beforeAll(async () => {
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

const dark = THEMES[0] as ThemeFixture;
const heard = (page: Page, method: string) =>
  page.evaluate(
    (name) => window.harness.heard.filter((one) => one.method === name).map(({ params }) => params),
    method,
  );

async function withPage(state: string, work: (page: Page) => Promise<void>, width = 1200, theme = dark) {
  const { page, complaints } = await pages.open('attention', state, theme, width);
  await work(page);
  // Reading pixels back is the test's doing, not the view's.
  expect(complaints.filter((each) => !each.includes('willReadFrequently'))).toEqual([]);
  expect(await page.evaluate(() => window.harness.violations)).toEqual([]);
  await page.context().close();
}

/** The width of a cell where labels stand on both axes. */
async function cellOf(page: Page, length: number): Promise<number> {
  const width = await page.evaluate(
    () => document.querySelector<HTMLCanvasElement>('.frame canvas')?.clientWidth ?? 0,
  );
  return (width - LEFT - 104) / length;
}

describe('what is drawn is the data', () => {
  it.each(THEMES)('in full and small, masked cells apart from every weight, $name', async (theme) => {
    const content = attentionContent();
    const length = content.window.length;
    const { small } = content;
    await withPage(
      'result',
      async (page) => {
        const cell = await cellOf(page, length);
        expect(cell).toBe(Math.floor(cell));
        const places: Array<readonly [number, number]> = [];
        const weights: number[] = [];
        for (let row = 0; row < length; row += 3) {
          for (let column = 0; column < length; column += 2) {
            places.push([LEFT + (column + 0.4) * cell, TOP + (row + 0.5) * cell]);
            weights.push(weightOf(content.map.values, row, column));
          }
        }
        expect(weights.some(Number.isNaN)).toBe(true);
        expectSame(await coloursAt(page, '.frame', places), await expectedColours(page, weights));
        // The corner of each small map is masked, its first dot is a weight of 1.
        const corners: Array<readonly [number, number]> = [];
        for (let map = 0; map < 144; map += 7) {
          const [x, y] = [28 + (map % 12) * 43, 18 + Math.floor(map / 12) * 47];
          corners.push([x + 36, y + 2]);
        }
        expect(small?.dots[length - 1]).toBeNaN();
        expectSame(
          await coloursAt(page, '.small', corners),
          await expectedColours(
            page,
            corners.map(() => NaN),
          ),
        );
      },
      1200,
      theme,
    );
  });

  it('with what lies before a sliding window masked, in the picture, in words and as data', () =>
    withPage('sliding', async (page) => {
      const { map, window } = slidingContent();
      const row = 20;
      const cell = await cellOf(page, window.length);
      const at = (column: number) => [LEFT + (column + 0.4) * cell, TOP + (row + 0.5) * cell] as const;
      const columns = [0, row - SLIDING, row - SLIDING + 1, row, row + 1];
      const weights = columns.map((column) => weightOf(map.values, row, column));
      expect(weights.map(Number.isNaN)).toEqual([true, true, false, false, true]);
      expectSame(await coloursAt(page, '.frame', columns.map(at)), await expectedColours(page, weights));
      const [x, y] = at(3);
      await page.locator('.frame canvas').hover({ position: { x, y } });
      await expect
        .poll(() => page.locator('.readout .cell').innerText(), { timeout: 20_000 })
        .toContain('masked: it lies before the layer’s window');
      await page.getByRole('button', { name: 'Copy as data' }).click();
      await page.getByRole('menuitem', { name: 'Copy the map as JSON' }).click();
      const [json] = (await heard(page, 'copy')) as Array<{ text: string }>;
      const { rows } = JSON.parse(json?.text ?? '{}') as { rows: Array<{ weights: Array<number | null> }> };
      const copied = rows[row]?.weights ?? [];
      expect(copied.map((weight) => weight === null)).toEqual(
        Array.from({ length: row + 1 }, (_, column) => column <= row - SLIDING),
      );
    }));

  it('of the whole window at once too', () =>
    withPage('longest', async (page) => {
      await page.getByLabel('Whole').check();
      const content = attentionContent(2048);
      const side = await page.evaluate(
        () => (document.querySelector<HTMLCanvasElement>('.frame canvas')?.clientHeight ?? 0) - 68,
      );
      // A sum over the diagonal and above: the first column is lit, the upper right corner is masked.
      const [corner] = await coloursAt(page, '.frame', [[LEFT + side - 4, TOP + 4]]);
      expectSame([corner ?? []], await expectedColours(page, [NaN]));
      expect(content.window.length).toBe(2048);
    }));
});

describe('a person', () => {
  it('chooses a head by click and by keyboard', () =>
    withPage('result', async (page) => {
      await page.locator('.small canvas').click({ position: { x: 28 + 2 * 43 + 10, y: 18 + 47 + 10 } });
      expect(await heard(page, 'look')).toEqual([{ kind: 'heads', layer: 1, head: 2 }]);
      const small = page.getByRole('slider', { name: 'Map to show in full' });
      expect(await small.getAttribute('aria-valuetext')).toMatch(
        /^Layer 6, head 4, mean entropy [\d.]+ of at most [\d.]+ bits$/,
      );
      await small.focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowRight');
      await page.getByLabel('Rollout').check();
      expect((await heard(page, 'look')).slice(1)).toEqual([
        { kind: 'heads', layer: 6, head: 3 },
        { kind: 'heads', layer: 5, head: 4 },
        { kind: 'rollout', layer: 5, head: 3 },
      ]);
      await page.locator('.frame').focus();
      await page.keyboard.press(']');
      expect((await heard(page, 'look')).at(-1)).toEqual({ kind: 'heads', layer: 5, head: 4 });
    }));

  it('goes from row to row, and hears each as a sentence', () =>
    withPage('result', async (page) => {
      const rows = page.getByRole('slider', { name: 'Layer 6, head 4, by row' });
      expect(await rows.getAttribute('aria-valuetext')).toMatch(
        /^Token 10 ‘·it’ looks most at .+ \(0\.\d{3}\), then at .+; entropy 3\.\d\d of at most 3\.46 bits\.$/,
      );
      await rows.focus();
      await page.keyboard.press('ArrowDown');
      expect(await heard(page, 'choose')).toEqual([{ position: 11 }]);
      await expect.poll(() => rows.getAttribute('aria-valuenow')).toBe('12');
      await page.keyboard.press('Home');
      await expect
        .poll(() => rows.getAttribute('aria-valuetext'))
        .toMatch(/^The start looks most at itself \(1\.000\)/);
      expect(await page.locator('table caption').textContent()).toContain('the start');
      expect(await page.locator('.ar-hidden tbody tr').count()).toBe(1);
    }));

  it('lights a row and a column here and in the editor, and follows the editor’s cursor', () =>
    withPage('result', async (page) => {
      const frame = page.locator('.frame canvas');
      const cell = await cellOf(page, attentionContent().window.length);
      await frame.hover({ position: { x: LEFT + 3.5 * cell, y: TOP + 8.5 * cell } });
      expect((await heard(page, 'light')).at(-1)).toEqual({ positions: [8, 3] });
      await expect
        .poll(() => page.locator('.readout').textContent())
        .toMatch(/^Token 8 ·street looks most at/);
      await frame.hover({ position: { x: 20, y: TOP + 5.5 * cell } });
      expect((await heard(page, 'light')).at(-1)).toEqual({ positions: [5] });
      await page.mouse.move(5, 5);
      expect((await heard(page, 'light')).at(-1)).toEqual({ positions: [] });
      await page.evaluate(() => window.harness.follow({ selected: 20, stale: false }));
      await expect
        .poll(() => page.getByRole('slider', { name: /by row/ }).getAttribute('aria-valuenow'))
        .toBe('21');
      expect(await page.evaluate(() => window.audit.bareNumbers())).toEqual([]);
    }));

  it('sees the selected row of 2,048 come into sight, with only what is visible drawn', () =>
    withPage('longest', async (page) => {
      await page.evaluate(() => window.harness.follow({ selected: 1500 }));
      await expect
        .poll(() => page.evaluate(() => document.querySelector('.frame')?.scrollTop ?? 0))
        .toBeGreaterThan(1400 * 17);
      const canvas = await page.locator('.frame canvas').boundingBox();
      expect(canvas?.height).toBeLessThan(600);
      const content = attentionContent(2048);
      const offset = await page.evaluate(() => ({
        x: document.querySelector('.frame')?.scrollLeft ?? 0,
        y: document.querySelector('.frame')?.scrollTop ?? 0,
      }));
      // Row 1,498 and what it looks at around column 1,495: scrolled cells, too, are the data.
      const places = [1493, 1495, 1498, 1499].map(
        (column) => [LEFT + (column + 0.4) * 17 - offset.x, TOP + 1498.5 * 17 - offset.y] as const,
      );
      const weights = [1493, 1495, 1498, 1499].map((column) => weightOf(content.map.values, 1498, column));
      expectSame(await coloursAt(page, '.frame', places), await expectedColours(page, weights));
    }));

  it('copies the map without its masked cells', () =>
    withPage('result', async (page) => {
      await page.getByRole('button', { name: 'Copy as data' }).click();
      await page.getByRole('menuitem', { name: 'Copy the map as CSV' }).click();
      const [csv] = (await heard(page, 'copy')) as Array<{ text: string }>;
      const lines = csv?.text.trimEnd().split('\n') ?? [];
      expect(lines[0]).toMatch(
        /^token,text,entropy \(bits\),entropy at most \(bits\),weight on start,weight on 1,/,
      );
      expect(lines[1]).toMatch(/^,<bos>,0,0,1,,,/);
      const cells = lines[2]?.split(',') ?? [];
      expect(Number(cells[4]) + Number(cells[5])).toBeCloseTo(1, 5);
      expect(cells.slice(6).join('')).toBe('');
      await page.getByRole('button', { name: 'Copy as data' }).click();
      await page.getByRole('menuitem', { name: 'Copy the map as JSON' }).click();
      const [, json] = (await heard(page, 'copy')) as Array<{ text: string }>;
      const parsed = JSON.parse(json?.text ?? '{}') as { rows: Array<{ weights: number[] }> };
      expect(parsed.rows.map(({ weights }) => weights.length)).toEqual(
        Array.from({ length: attentionContent().window.length }, (_, row) => row + 1),
      );
    }));

  it('finds the map that was chosen again after a reload', () =>
    withPage('result', async (page) => {
      const kept = await page.evaluate(() => sessionStorage.getItem('ar-lens-state'));
      expect(JSON.parse(kept ?? '{}')).toMatchObject({
        document: 'file:///workspace/fable.md',
        kind: 'heads',
        layer: 5,
        head: 3,
      });
    }));
});

const quantile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;

describe('stays smooth', () => {
  it.each([
    ['long', 256],
    ['longest', 2048],
  ])('on hover: %s, 12 × 12 heads, %i tokens', async (state, tokens) => {
    await withPage(state, async (page) => {
      const { spent, between } = await page.evaluate(
        async ({ left, top }) => {
          const canvas = document.querySelector('.frame canvas');
          const box = canvas?.getBoundingClientRect();
          const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
          const times: number[] = [];
          const script: number[] = [];
          for (let step = 0; step < 120; step++) {
            times.push(await frame());
            const begun = performance.now();
            // Another cell each time, so that every frame is drawn anew.
            const [x, y] = [left + 6 + 17 * (step % 2), top + 60 + 17 * (step % 20)];
            canvas?.dispatchEvent(
              new PointerEvent('pointermove', {
                bubbles: true,
                clientX: (box?.left ?? 0) + x,
                clientY: (box?.top ?? 0) + y,
              }),
            );
            // The view draws in microtasks of this task.
            for (let turn = 0; turn < 8; turn++) await Promise.resolve();
            script.push(performance.now() - begun);
          }
          return { spent: script, between: times.slice(1).map((time, i) => time - (times[i] ?? 0)) };
        },
        { left: LEFT, top: TOP },
      );
      const report = {
        median: quantile(spent, 0.5),
        p90: quantile(spent, 0.9),
        betweenFrames: quantile(between, 0.5),
      };
      console.log(`attention, hover, ${tokens} tokens: ${JSON.stringify(report)} ms a frame`);
      expect((await heard(page, 'light')).length).toBeGreaterThan(100);
      expect(report.median).toBeLessThan(FRAME / 2);
      expect(report.p90).toBeLessThan(FRAME);
    });
  });
});
