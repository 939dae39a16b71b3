// Walks every view there is, a new one too, and holds it to what all must have: four states, each with its way on; copy
// as data; a saved picture whose PNG and SVG agree; a legend with its unit; a live region. Files are left in build/views.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VIEW_NAMES, ViewPages, type ViewName } from './pages';
import { savePicture, type Saved } from './saving';
import type { ThemeFixture } from './themes';
import { THEMES } from './themes';

const PICTURES = path.resolve(import.meta.dirname, '../../build/views');
const [dark, light] = THEMES as [ThemeFixture, ThemeFixture];

let pages: ViewPages;
beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

async function withView<Result>(
  view: ViewName,
  state: string,
  theme: ThemeFixture,
  width: number,
  work: (page: Page) => Promise<Result>,
): Promise<Result> {
  const { page, complaints } = await pages.open(view, state, theme, width);
  const result = await work(page);
  expect(complaints).toEqual([]);
  expect(await page.evaluate(() => window.harness.violations)).toEqual([]);
  await page.context().close();
  return result;
}

/** Saves the picture, keeps the files for a person to look at, and holds what is true of every picture. */
async function saved(view: ViewName, state: string, theme: ThemeFixture, width: number): Promise<Saved> {
  return withView(view, state, theme, width, async (page) => {
    const title = (await page.locator('h1').textContent()) ?? '';
    const found = await savePicture(page);
    const name = path.join(PICTURES, `saved.${view}.${state}.${width}.${theme.name}`);
    writeFileSync(`${name}.png`, found.png);
    writeFileSync(`${name}.svg`, found.source);
    const { svg, compared, names } = found;
    expect(svg).toMatchObject({ problem: '', title, outside: [] });
    expect(svg.description.length).toBeGreaterThan(20);
    expect(names.map((each) => path.extname(each))).toEqual(['.png', '.svg']);
    expect(Math.abs(svg.width - compared.width) + Math.abs(svg.height - compared.height)).toBeLessThan(2);
    // Smoothing of lines, letters and enlarged pixels differs a little between the two.
    expect(compared.differing).toBeLessThan(0.01);
    expect(compared.mean).toBeLessThan(2);
    return found;
  });
}

describe.each(VIEW_NAMES)('%s', (view) => {
  it.each(['empty', 'failed'])('has one way on when it is %s', (state) =>
    withView(view, state, dark, 400, async (page) => {
      expect(await page.locator('main').getAttribute('data-state')).toBe(state);
      expect(await page.locator('main p').allInnerTexts()).toHaveLength(1);
      expect(await page.locator('main vscode-button').count()).toBe(1);
      await page.locator('main vscode-button').focus();
      await page.keyboard.press('Enter');
      await expect
        .poll(() => page.evaluate(() => window.harness.heard.map(({ method }) => method)))
        .toContain('command');
    }),
  );

  it('says what it does while it works, and can be stopped', () =>
    withView(view, 'working', dark, 400, async (page) => {
      expect(await page.getByRole('progressbar').getAttribute('aria-label')).not.toBe('');
      // Loading a model is one read of its file, which ends before anybody could stop it.
      if (view === 'sampler' || view === 'imageSampler') return;
      await page.locator('main vscode-button', { hasText: 'Cancel' }).click();
      await expect
        .poll(() => page.evaluate(() => window.harness.heard.map(({ method }) => method)))
        .toContain('cancel');
    }));

  it('gives its result as data, in words, and with a legend', () =>
    withView(view, 'result', dark, 1200, async (page) => {
      await page.getByRole('button', { name: 'Copy as data' }).click();
      const items = await page.getByRole('menuitem').allInnerTexts();
      for (const form of ['CSV', 'JSON']) expect(items.join('\n')).toContain(form);
      for (const [index, item] of items.entries()) {
        if (index > 0) await page.getByRole('button', { name: 'Copy as data' }).click();
        await page.getByRole('menuitem', { name: item, exact: true }).click();
      }
      await expect.poll(() => copied(page)).toHaveLength(items.length);
      for (const [index, text] of (await copied(page)).entries()) {
        if (items[index]?.includes('JSON') === true)
          expect(Object.keys(JSON.parse(text) as object)).not.toEqual([]);
        else expect(text.trim()).not.toBe('');
      }
      expect(await page.locator('[role="status"][aria-live="polite"]').count()).toBe(1);
      const seen = await page.evaluate(() => {
        const main = document.querySelector('main');
        const legends = [...document.querySelectorAll<HTMLElement>('[data-legend]')];
        return {
          units: legends.map(({ dataset }) => dataset['legend'] ?? ''),
          text: main?.textContent ?? '',
        };
      });
      if (await hasPicture(page)) expect(seen.units).not.toEqual([]);
      for (const unit of seen.units) expect(unit !== '' && seen.text.includes(unit)).toBe(true);
    }));

  it.each([
    [360, dark],
    [1200, light],
    [1200, THEMES[2] as ThemeFixture],
    [1200, THEMES[3] as ThemeFixture],
  ] as const)('saves its picture at %i px', async (width, theme) => {
    if (!(await withView(view, 'result', theme, width, hasPicture))) return;
    const { svg } = await saved(view, 'result', theme, width);
    expect(svg.elements['rect'] ?? 0).toBeGreaterThan(1);
    expect(svg.texts.length).toBeGreaterThan(4);
  });
});

/** What is drawn by ourselves: formulas and diagrams have tests, and ways to be saved, of their own. */
const hasPicture = async (page: Page): Promise<boolean> =>
  (await page.locator('canvas, [data-picture]').count()) > 0;

const copied = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    window.harness.heard
      .filter(({ method }) => method === 'copy')
      .map(({ params }) => (params as { text: string }).text),
  );

describe('odd but possible pictures', () => {
  it.each([
    ['attention', 'long'],
    ['attention', 'longest'],
    ['attention', 'tiny'],
    ['attention', 'rollout'],
    ['training', 'fresh'],
    ['training', 'failedRun'],
    ['inspector', 'unscored'],
    ['inspector', 'unlikely'],
    ['inspector', 'pixel'],
    ['likelihood', 'short'],
    ['logProbs', 'compared'],
    ['sampler', 'fresh'],
    ['causalMask', 'large'],
    ['causalMask', 'tiny'],
    ['causalMask', 'strict'],
    ['causalMask', 'image'],
    ['receptiveField', 'large'],
    ['receptiveField', 'rgb'],
    ['receptiveField', 'leaking'],
    ['receptiveField', 'text'],
    ['receptiveField', 'trained'],
  ] as const)('%s, %s', async (view, state) => {
    await saved(view, state, dark, 1200);
  });

  it('hold any text, as XML can', async () => {
    const { svg } = await saved('attention', 'hostile', dark, 1200);
    expect(svg.texts).toContain('</text>');
    expect(svg.texts).toContain('&amp;');
    expect(svg.description).toContain('</text>&amp;"\'\ufffd\ufffd\ufffd\ufffd\ufffd<script>]]>');
    expect(svg.elements).not.toHaveProperty('script');
  });

  it.each([360, 1200])('say where a mask leaks, at %i px', async (width) => {
    const { svg } = await saved('causalMask', 'leaking', dark, width);
    const texts = svg.texts.join('\n');
    expect(texts).toContain('leak: not declared, 21 pairs');
    expect(texts).toContain('Declared: all layers together');
    expect(svg.description).toContain('21 leaks: output 0 depends on input 1');
  });

  it.each(['paragraph', 'token'])('the strip at the zoom of a %s', (zoom) =>
    withView('logProbs', 'result', dark, 1200, async (page) => {
      await page.getByLabel(zoom, { exact: true }).check();
      const { svg, compared } = await savePicture(page);
      expect(svg).toMatchObject({ problem: '', outside: [] });
      // The cells are there as cells: nothing of the strip is a picture inside the picture.
      expect(svg.elements).not.toHaveProperty('image');
      expect(compared.differing).toBeLessThan(0.01);
    }),
  );
});
