// Where an image's bits go, in the Images view: along the model's order, by region, by pixel; drawn, read back and copied
// against the data that the view was sent.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bitsOf, IMAGE_FIXTURES, natsOf, type Fixture } from './page/imagesFixtures';
import { ViewPages } from './pages';
import { THEMES, type ThemeFixture } from './themes';

const [dark] = THEMES as [ThemeFixture];
const RESULT = IMAGE_FIXTURES['result'] as Fixture;
let pages: ViewPages;
beforeAll(async () => {
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

async function withPage(state: string, work: (page: Page) => Promise<void>): Promise<void> {
  const { page, complaints } = await pages.open('images', state, dark, 1200);
  await work(page);
  expect(complaints).toEqual([]);
  expect(await page.evaluate(() => window.harness.violations)).toEqual([]);
  await page.context().close();
}

const heard = (page: Page, method: string) =>
  page.evaluate((name) => window.harness.heard.filter((one) => one.method === name), method);
const stage = (page: Page) => page.locator('.large canvas');

describe('where the bits go', () => {
  const curve = (page: Page) => page.getByRole('slider', { name: /^Bits so far/ });
  const region = (page: Page, kind: string) =>
    page.getByRole('region', { name: `${kind} likely regions` }).getByRole('button');

  it('along the model’s order: a place lights its pixel, the crosshair its place', () =>
    withPage('columns', async (page) => {
      const fixture = IMAGE_FIXTURES['columns'] as Fixture;
      const nats = natsOf(fixture, 0);
      const { height, width, channels } = fixture;
      const spent = (pixels: number) => {
        let bits = 0;
        for (let at = 0; at < pixels * channels; at++)
          bits -= (nats.logProb[nats.order?.[at] ?? -1] ?? NaN) / Math.LN2;
        return bits;
      };
      await stage(page).focus();
      // Column by column: the first pixel of the second column comes after all of the first.
      await page.keyboard.press('ArrowRight');
      const steps = (height + 1) * channels;
      const words = (at: number, bits: number, place: string) =>
        `sub-pixel ${at} of ${height * width * channels}, ${place}: ${bits.toFixed(1)} bits so far`;
      await expect
        .poll(() => curve(page).getAttribute('aria-valuetext'))
        .toBe(words(steps, spent(height + 1), 'Row 1, column 2'));
      const figure = page.locator('[data-row="bits so far"] [data-figure]');
      expect(Number(await figure.getAttribute('data-figure'))).toBeCloseTo(spent(height + 1), 3);
      expect(await figure.getAttribute('data-count')).toBe(String(steps));
      await curve(page).focus();
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => stage(page).getAttribute('aria-valuetext')).toContain('Row 2, column 2: ');
      await page.keyboard.press('End');
      await expect
        .poll(() => curve(page).getAttribute('aria-valuetext'))
        .toContain(`: ${spent(height * width).toFixed(1)} bits so far`);
      // Pointing lights the pixel; leaving gives the chosen one back.
      const over = await page.locator('.along .u-over').boundingBox();
      if (over === null) throw new Error('expected the curve to be on the page');
      await page.mouse.move(over.x + (0.5 + height) * (over.width / (height * width)), over.y + 20);
      await expect.poll(() => page.locator('.reading h2').innerText()).toBe('Row 1, column 2');
      await page.mouse.move(over.x + 20, over.y - 60);
      await expect.poll(() => page.locator('.reading h2').innerText()).toBe(`Row ${height}, column ${width}`);
    }));

  it('by region: the numbers are the data’s, the outline is there, a click goes there', () =>
    withPage('result', async (page) => {
      const nats = natsOf(RESULT, 0);
      const meanOf = (side: number, row: number, column: number) => {
        let bits = 0;
        for (let at = 0; at < side * side; at++)
          bits -=
            (nats.logProb[(row + Math.floor(at / side)) * RESULT.width + column + (at % side)] ?? NaN) /
            Math.LN2;
        return bits / side ** 2;
      };
      const shown = async (kind: string) => {
        const text = await region(page, kind).first().innerText();
        const [, row = 0, last = 0, column = 0] =
          /rows (\d+)–(\d+), columns (\d+)–/.exec(text)?.map(Number) ?? [];
        const figure = region(page, kind).first().locator('[data-figure]');
        return { row, column, side: last - row + 1, bits: Number(await figure.getAttribute('data-figure')) };
      };
      for (const side of [4, 3]) {
        const dropdown = page.locator('vscode-dropdown[aria-label="Side of a region"]');
        if (side === 3) {
          await dropdown.focus();
          await page.keyboard.press('ArrowUp');
        }
        await expect.poll(async () => (await shown('Least')).side).toBe(side);
        const all = Array.from({ length: RESULT.height - side + 1 }, (_, row) =>
          Array.from({ length: RESULT.width - side + 1 }, (__, column) => meanOf(side, row, column)),
        ).flat();
        for (const [kind, best] of [
          ['Least', Math.max(...all)],
          ['Most', Math.min(...all)],
        ] as const) {
          const { row, column, bits } = await shown(kind);
          expect(bits).toBeCloseTo(best, 5);
          expect(meanOf(side, row - 1, column - 1)).toBeCloseTo(best, 5);
        }
        expect(await region(page, 'Least').count()).toBe(5);
      }
      const { row, column } = await shown('Least');
      await region(page, 'Least').first().click();
      await expect
        .poll(() => stage(page).getAttribute('aria-valuetext'))
        .toContain(`Row ${row + 1}, column ${column + 1}: `);
      // A corner of the square has its light line while outlines are shown.
      const corner = () =>
        page.evaluate(
          ([y = 0, x = 0, rows = 1]) => {
            const canvas = document.querySelector<HTMLCanvasElement>('.large canvas');
            const scale = (canvas?.height ?? 0) / rows;
            // A copy: a canvas that is read again and again is moved to another kind of memory.
            const copy = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
            if (canvas) copy?.drawImage(canvas, 2 - (x + 3) * scale, 2 - (y + 3) * scale);
            return Array.from(copy?.getImageData(0, 0, 1, 1).data ?? []);
          },
          [row - 1, column - 1, RESULT.height],
        );
      await expect.poll(corner).toEqual([255, 255, 255, 255]);
      await page.getByLabel('not', { exact: true }).check();
      await expect.poll(corner).not.toEqual([255, 255, 255, 255]);
    }));

  it('by pixel and by image, each with what is looked at outlined', () =>
    withPage('result', async (page) => {
      const nats = natsOf(RESULT, 0);
      const counts = new Array<number>(12).fill(0);
      for (const each of nats.logProb) {
        const bin = Math.min(11, Math.floor(-each / Math.LN2 + 1e-6));
        counts[bin] = (counts[bin] ?? 0) + 1;
      }
      const table = page.getByRole('region', { name: 'Histogram of this image' }).locator('tbody td');
      expect((await table.allTextContents()).map(Number)).toEqual(counts);
      await stage(page).focus();
      for (let at = 0; at < 3; at++) await page.keyboard.press('ArrowRight');
      const marked = (name: string) =>
        page
          .getByRole('region', { name, exact: true })
          .locator('th', { hasText: ', with ' })
          .allTextContents();
      await expect
        .poll(() => marked('Histogram of this image'))
        .toEqual(['3 to 4, with the pixel at the crosshair']);
      expect(await marked('Histogram')).toEqual([expect.stringMatching(/, with image 1$/)]);
      const own = page.locator('[data-marked="image"] [data-figure]');
      expect(Number(await own.getAttribute('data-figure'))).toBeCloseTo(bitsOf(0), 5);
    }));

  it('is copied: regions, steps and bits so far', () =>
    withPage('columns', async (page) => {
      for (const item of ['Copy regions as CSV', 'Copy pixels as CSV']) {
        await page.getByLabel('Copy as data').click();
        await page.getByText(item, { exact: true }).click();
      }
      await expect.poll(() => heard(page, 'copy')).toHaveLength(2);
      const [regions = '', pixels = ''] = (await heard(page, 'copy')).map(
        ({ params }) => (params as { text: string }).text,
      );
      expect(regions.trim().split('\n')).toHaveLength(11);
      expect(regions).toContain('bits/dim (mean over the region’s sub-pixels, exact)');
      const rows = pixels.trim().split('\n');
      expect(rows[0]).toContain('step of the model’s order');
      // The first pixel of the second column is the thirteenth, its red the thirty-seventh sub-pixel.
      expect(rows[4]?.split(',').slice(0, 4)).toEqual(['0', '1', 'red', '36']);
    }));
});
