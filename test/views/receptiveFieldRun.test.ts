// The receptive field view of a trained run in a browser: what moves its answer, what was measured, what its gates let through.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatesOf, tasksOf } from './page/receptiveFieldFixtures';
import { ViewPages } from './pages';
import { THEMES, type ThemeFixture } from './themes';

const PICTURES = path.resolve(import.meta.dirname, '../../build/views');
const dark = THEMES[0] as ThemeFixture;

let pages: ViewPages;
beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

async function withPage(state: string, work: (page: Page) => Promise<void>) {
  const { page, complaints } = await pages.open('receptiveField', state, dark, 1200, 1000);
  await work(page);
  expect(complaints).toEqual([]);
  expect(await page.evaluate(() => window.harness.violations)).toEqual([]);
  await page.context().close();
}

const heard = (page: Page, method: string) =>
  page.evaluate(
    (name) => window.harness.heard.filter((one) => one.method === name).map(({ params }) => params),
    method,
  );

describe('a run', () => {
  it('shows what moves its answer: areas with their counts, and over what the mean is', () =>
    withPage('trained', async (page) => {
      const section = page.locator('.effective');
      const rows = () => section.locator('tbody tr').allInnerTexts();
      const { here, everywhere } = tasksOf('trained').effective.result ?? { here: null, everywhere: null };
      const counts = (map: typeof here) => map?.areas.map(({ count }) => String(count)) ?? [];
      const shown = async () => (await rows()).slice(0, 3).map((row) => row.split(/\s+/).at(-1));
      expect(await shown()).toEqual(counts(here));
      expect((await rows()).at(-2)).toMatch(/all that is seen\s*241/);
      expect((await rows()).at(-1)).toMatch(/outside of it\s*0$/);
      expect(await section.textContent()).toContain('nats per unit of brightness');
      expect(await section.textContent()).toContain(
        'mean over 64 images: held-out images of digits.idx, each given its class',
      );
      await section.getByLabel('any output').check();
      await expect.poll(shown).toEqual(counts(everywhere));
      await page.screenshot({ path: path.join(PICTURES, 'receptiveField.trained.png'), fullPage: true });
      await page.locator('.grid').first().focus();
      await page.keyboard.press('ArrowUp');
      await expect.poll(() => section.locator('canvas').count()).toBe(0);
      await section.locator('vscode-button', { hasText: 'Compute the Effective Field' }).click();
      expect(await heard(page, 'start')).toEqual([{ task: 'effective' }]);
    }));

  it('says what was measured, and names what differs', () =>
    withPage('trained', async (page) => {
      const items = page.locator('.measured li');
      expect(await items.nth(1).textContent()).toMatch(
        /^✓ PixelCNN: the same 192 pixels were measured\. So for every output/,
      );
      expect(await items.first().textContent()).toContain('1 measured and not declared: (14, 15), 1 right');
      expect(await items.first().getAttribute('data-agrees')).toBe('false');
    }));

  it('shows what a layer’s gates let through, with the share that is saturated', () =>
    withPage('trained', async (page) => {
      const section = page.locator('.gates');
      const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
      const expected = gatesOf(2).stacks.flatMap(({ parts }) =>
        parts.map(({ part, low, high, shut }) =>
          part === 'product' ? `${percent(shut)} shut` : `${percent(low + high)} saturated`,
        ),
      );
      const shown = (await section.locator('figcaption .ar-label').allTextContents()).map(
        (each) => each.split(':')[0],
      );
      expect(shown).toEqual(expected);
      expect(await section.textContent()).toContain('within 0.01 of an end of its range');
      await section.getByRole('combobox', { name: 'Layer of the gates' }).click();
      await page.getByRole('option', { name: 'layer 5' }).click();
      await expect.poll(() => heard(page, 'start')).toEqual([{ task: 'gates', layer: 5 }]);
    }));

  it('looks at the gates over a batch, or over one image by its number', () =>
    withPage('trained', async (page) => {
      const section = page.locator('.gates');
      expect(await section.textContent()).toContain('over 64 of 200 images');
      await section.getByRole('combobox', { name: 'Images of the gates' }).click();
      await page.getByRole('option', { name: 'one image' }).click();
      await expect.poll(() => heard(page, 'start')).toEqual([{ task: 'gates', layer: 2, image: 0 }]);
    }));

  it('keeps the number of that image in range, and goes back to the batch', () =>
    withPage('oneImage', async (page) => {
      const section = page.locator('.gates');
      expect(await section.textContent()).toContain('over image 7 of 0 to 199');
      const number = section.getByLabel('Image of the gates, 0 to 199');
      await number.fill('200');
      await number.press('Enter');
      await expect.poll(() => number.inputValue()).toBe('7');
      await number.fill('199');
      await number.press('Enter');
      await expect.poll(() => heard(page, 'start')).toEqual([{ task: 'gates', layer: 2, image: 199 }]);
      await section.getByRole('combobox', { name: 'Images of the gates' }).click();
      await page.getByRole('option', { name: 'a batch' }).click();
      await expect.poll(() => heard(page, 'start')).toContainEqual({ task: 'gates', layer: 2 });
    }));

  it('shows how far it is, why it failed, and stops', () =>
    withPage('busy', async (page) => {
      expect(await page.locator('.measured .task').textContent()).toContain('seed 2: 41 % done');
      await page.locator('.measured vscode-button', { hasText: 'Cancel' }).click();
      expect(await heard(page, 'stop')).toEqual([{ task: 'measured' }]);
      expect(await page.locator('.effective [role="alert"]').textContent()).toContain(
        'expected files that match',
      );
    }));
});
