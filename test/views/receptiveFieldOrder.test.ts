// The order of generation over the receptive field view's grids in a browser: the path against the order itself, in words,
// and in what is saved. Pictures of four orders and sizes are kept.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scanOrder } from '../../src/math/scanOrder';
import { ViewPages } from './pages';
import { savePicture } from './saving';
import { THEMES, type ThemeFixture } from './themes';

const PICTURES = path.resolve(import.meta.dirname, '../../build/views');
const [LEFT, TOP] = [26, 20];
const dark = THEMES[0] as ThemeFixture;

let pages: ViewPages;
beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

it('draws the order as a path, with its start and its end, in words too, and in what is saved', async () => {
  const { page, complaints } = await pages.open('receptiveField', 'order', dark, 1200, 1000);
  const order = scanOrder('zigzag', { height: 28, width: 28 }, 0);
  const say = (at: number) => page.locator('.order').nth(at).textContent();
  expect(await page.locator('.order').count()).toBe(0);
  await page.getByRole('group', { name: 'Order of generation over the grids' }).getByLabel('drawn').check();
  const own = order.indexOf(14 * 28 + 14) + 1;
  await expect
    .poll(() => say(0))
    .toBe(
      `Pixel Transformer: zigzag order, (0, 0), (0, 1), (1, 0), (2, 0), (1, 1), (0, 2), … to (27, 27); 0 jumps, and the output is number ${own} of 784 pixels.`,
    );
  expect(await say(1)).toMatch(/^PixelCNN: raster order, .*; 27 jumps, and the output is number 407 of 784/);
  expect(await page.locator('.grid').first().getAttribute('aria-valuetext')).toContain('zigzag order');
  // Half way between the centres of two steps lies ink, but where a mark or an arrowhead’s outline covers it.
  expect(await inked(page, 0, order)).toBeGreaterThan(0.9);
  expect(await inked(page, 0, scanOrder('column', { height: 28, width: 28 }, 0))).toBeLessThan(0.5);
  const { svg, compared, source } = await savePicture(page);
  expect(source).toContain('order of generation, from the disc to the square');
  expect(svg.description).toContain('Pixel Transformer: zigzag order');
  expect(compared.differing).toBeLessThan(0.1);
  await page.screenshot({ path: path.join(PICTURES, 'receptiveField.order.28.png') });
  await page.getByRole('combobox', { name: 'Rows and columns of the grid' }).click();
  await page.getByRole('option', { name: '12 × 12' }).click();
  await expect.poll(() => say(0)).toContain('of 144 pixels');
  await page.screenshot({ path: path.join(PICTURES, 'receptiveField.order.12.png') });
  await page.getByRole('combobox', { name: 'Order of generation', exact: true }).click();
  await page.getByRole('option', { name: 'random', exact: true }).click();
  await expect.poll(() => say(0)).toMatch(/random \(seed 0\) order.*only numbers \d+ to \d+ are drawn\.$/);
  await page.screenshot({ path: path.join(PICTURES, 'receptiveField.order.random.png') });
  await page.getByRole('combobox', { name: 'Order of generation', exact: true }).click();
  await page.getByRole('option', { name: 'snake', exact: true }).click();
  await page.getByRole('combobox', { name: 'Rows and columns of the grid' }).click();
  await page.getByRole('option', { name: '64 × 64' }).click();
  await expect.poll(() => say(0)).toContain('snake order');
  await page.screenshot({ path: path.join(PICTURES, 'receptiveField.order.64.png') });
  await page.setViewportSize({ width: 360, height: 1000 });
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await expect.poll(overflow).toBeLessThanOrEqual(0);
  await page.screenshot({ path: path.join(PICTURES, 'receptiveField.order.360.png'), fullPage: true });
  for (const check of ['bareNumbers', 'faintText', 'unnamed'] as const)
    expect(await page.evaluate((name) => window.audit[name](), check)).toEqual([]);
  // Reading pixels back is the test's doing, not the view's.
  expect(complaints.filter((each) => !each.includes('willReadFrequently'))).toEqual([]);
  expect(await page.evaluate(() => window.harness.violations)).toEqual([]);
  await page.context().close();
});

/** The share of an order's steps of which the middle between their centres is drawn in the theme's ink. */
const inked = (page: Page, at: number, order: Int32Array) =>
  page.evaluate(
    ({ place, cells, left, top }) => {
      const canvas = document.querySelectorAll<HTMLCanvasElement>('.grid canvas')[place];
      const context = canvas?.getContext('2d');
      if (canvas === undefined || !context) throw new Error('no grid');
      const ratio = window.devicePixelRatio;
      const pitch = Math.floor((canvas.clientWidth - left - 2) / 28);
      const probe = document.createElement('span');
      probe.style.color = 'var(--ar-fg)';
      document.body.append(probe);
      const brush = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
      if (brush === null) throw new Error('no brush');
      brush.fillStyle = getComputedStyle(probe).color;
      brush.fillRect(0, 0, 1, 1);
      const ink = [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
      probe.remove();
      const centre = (cell: number): [number, number] => [
        left + ((cell % 28) + 0.5) * pitch - 0.5,
        top + (Math.floor(cell / 28) + 0.5) * pitch - 0.5,
      ];
      let drawn = 0;
      for (let step = 1; step < cells.length; step++) {
        const [[x, y], [toX, toY]] = [centre(cells[step - 1] ?? 0), centre(cells[step] ?? 0)];
        const { data } = context.getImageData(
          Math.round(((x + toX) / 2) * ratio) - 1,
          Math.round(((y + toY) / 2) * ratio) - 1,
          3,
          3,
        );
        const near = Array.from({ length: 9 }, (_, pixel) =>
          ink.every((value, channel) => Math.abs(value - (data[4 * pixel + channel] ?? 0)) < 70),
        );
        if (near.includes(true)) drawn++;
      }
      return drawn / (cells.length - 1);
    },
    { place: at, cells: [...order], left: LEFT, top: TOP },
  );
