// Score Selection in a browser: every state in every theme and width, the numbers of a sentence whose numbers are known,
// keys and pointer, a megabyte's worth of terms, and what is kept.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHANCES, LONG_ROWS } from './page/selectionFixtures';
import { formulasDrawn, openFormulas } from './openFormulas';
import { expectPicture } from './expectPicture';
import { ViewPages } from './pages';
import type { ThemeFixture } from './themes';
import { THEMES } from './themes';

/** Generous: the machine may be busy. */
const SOON = { timeout: 20_000 };
const theme = THEMES[0] as ThemeFixture;

let pages: ViewPages;
beforeAll(async () => {
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

async function look(state: string, shown: ThemeFixture, width: number, open = false): Promise<void> {
  const { page, complaints } = await pages.open('scoreSelection', state, shown, width);
  if (open) await openFormulas(page);
  else if (await page.locator('.ar-formula').count()) await formulasDrawn(page);
  const name = `scoreSelection.${state}.${open ? 'open.' : ''}${width}.${shown.name}.png`;
  await expectPicture({ page, complaints }, name);
  await page.context().close();
}

describe.each(['empty', 'working', 'result', 'failed', 'odd'])('%s', (state) => {
  it.each(THEMES)('$name', async (shown) => {
    for (const width of [360, 1200]) await look(state, shown, width, state === 'result');
  });
});

it.each(['selected', 'one', 'long'])('odd but possible: %s', async (state) => {
  for (const shown of THEMES.slice(0, 2)) for (const width of [360, 1200]) await look(state, shown, width);
});

const heard = (page: Page, method: string) =>
  page.evaluate(
    (name) => window.harness.heard.filter((one) => one.method === name).map(({ params }) => params),
    method,
  );

async function withPage(state: string, work: (page: Page) => Promise<void>): Promise<void> {
  const { page, complaints } = await pages.open('scoreSelection', state, theme, 1200);
  await formulasDrawn(page);
  await work(page);
  expect(complaints).toEqual([]);
  expect(await page.evaluate(() => window.harness.violations)).toEqual([]);
  await page.context().close();
}

describe('the sentence of p = .001008', () => {
  it('multiplies to it, term by term', () =>
    withPage('result', async (page) => {
      const rows = await page.locator('.terms [role="option"]').evaluateAll((all) =>
        all.map((row) => ({
          numbers: [...row.querySelectorAll('.number')].map((each) => each.textContent),
          running: Number(row.getAttribute('data-running')),
          name: row.getAttribute('aria-label'),
        })),
      );
      let product = 1;
      rows.forEach(({ running }, row) => {
        product *= CHANCES[row] ?? NaN;
        expect(Math.exp(running)).toBeCloseTo(product, 8);
      });
      expect(rows.map(({ numbers }) => numbers)).toEqual([
        ['0.01000', '0.01000'],
        ['0.7000', '0.007000'],
        ['0.3000', '0.002100'],
        ['0.8000', '0.001680'],
        ['0.6000', '0.001008'],
      ]);
      expect(rows[3]?.name).toBe('Token 56 ‘↵’: p 0.8000, product so far 0.001680');
    }));

  it('has the figures that it must have, each with unit, tokens and badge', () =>
    withPage('result', async (page) => {
      const figures = await page
        .locator('.figures [data-figure]')
        .evaluateAll((all) =>
          all.map((each) => [
            each.getAttribute('data-unit'),
            Number(each.getAttribute('data-figure')),
            each.querySelector('.ar-value')?.firstElementChild?.firstChild?.textContent,
          ]),
        );
      const expected = [
        ['probability', 0.001008, '0.001008'],
        ['nats', 6.899787, '6.899787'],
        ['bits', 9.954289, '9.954289'],
        ['bits/token', 9.954289 / 5, '1.990858'],
        ['perplexity', 3.974732, '3.974732'],
      ] as const;
      figures.forEach(([unit, value, text], at) => {
        expect(unit).toBe(expected[at]?.[0]);
        expect(Math.abs(Number(value) - (expected[at]?.[1] ?? NaN))).toBeLessThan(1e-6);
        expect(text).toBe(expected[at]?.[2]);
      });
      expect(await page.locator('.figures').innerText()).toMatch(/over 5 tokens, 32 tokens of stride/);
    }));

  it('stands in the chain rule with its own numbers', () =>
    withPage('result', async (page) => {
      const latex = await page.locator('[data-formula="chainRule"] .ar-latex annotation').textContent();
      expect(latex).toContain('0.01 \\cdot 0.7 \\cdot 0.3 \\cdot 0.8 \\cdot 0.6');
      expect(latex).toContain('&= 0.001008');
    }));
});

describe('a person', () => {
  it('walks the terms with keys, and the editor follows', () =>
    withPage('result', async (page) => {
      await page.getByRole('listbox').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('End');
      expect(await heard(page, 'choose')).toEqual([0, 1, 4].map((row) => ({ scoring: 1, row })));
      await expect.poll(() => page.locator('.chosen').getAttribute('data-row'), SOON).toBe('4');
      expect(await page.getByRole('listbox').getAttribute('aria-activedescendant')).toBe('term-4');
    }));

  it('points at a term and lights its token', () =>
    withPage('result', async (page) => {
      await page.locator('[data-row="2"]').hover();
      expect((await heard(page, 'light')).at(-1)).toEqual({ scoring: 1, rows: [2] });
      await page.mouse.move(2, 2);
      expect((await heard(page, 'light')).at(-1)).toEqual({ scoring: 1, rows: [] });
    }));

  it('pins, copies terms, figures and LaTeX', () =>
    withPage('result', async (page) => {
      await page.getByRole('button', { name: /^Pin/ }).click();
      expect(await heard(page, 'pin')).toEqual([{ pinned: true }]);
      for (const label of ['Copy the terms as CSV', 'Copy all as JSON', 'Copy the chain rule as LaTeX']) {
        await page.getByRole('button', { name: 'Copy as data' }).click();
        await page.getByRole('menuitem', { name: label }).click();
      }
      const [csv, json, latex] = (await heard(page, 'copy')) as Array<{ text: string }>;
      expect(csv?.text.split('\n')).toHaveLength(8); // one token is a line end, quoted
      const parsed = JSON.parse(json?.text ?? '{}') as {
        rows: Array<{ logProb: number }>;
        figures: { perplexity: { value: number } };
      };
      expect(parsed.rows.map(({ logProb }) => Math.exp(logProb))).toEqual(
        CHANCES.map((chance) => expect.closeTo(chance, 6) as number),
      );
      expect(parsed.figures.perplexity.value).toBeCloseTo(3.974732, 5);
      expect(latex?.text).toMatch(/^P\(x_1, .* = 0\.001008$/);
    }));

  it('finds the units’ formulas open again after a reload', () =>
    withPage('result', async (page) => {
      await page.locator('summary').click();
      await page.locator('[data-formula="perplexity"] .katex-html').first().waitFor();
      const kept = await page.evaluate(() => sessionStorage.getItem('ar-lens-state'));
      expect(JSON.parse(kept ?? '{}')).toEqual({
        document: 'file:///workspace/rain.md',
        model: '/workspace/.arlens/runs/almanac/example',
        pinned: false,
        start: 240,
        end: 258,
        openSections: ['units'],
      });
      await page.reload();
      await page.locator('[data-formula="perplexity"] .katex-html').first().waitFor();
    }));
});

describe('a megabyte', () => {
  it('shows its ends, and has no more rows than are on screen', () =>
    withPage('long', async (page) => {
      const list = page.getByRole('listbox');
      expect(await page.locator('[role="option"]').count()).toBeLessThan(30);
      await list.focus();
      await page.keyboard.press('End');
      await expect
        .poll(() => page.locator('.chosen').getAttribute('data-row'), SOON)
        .toBe(String(LONG_ROWS - 1));
      const joint = await page.locator('.chosen .number').last().innerText();
      expect(await page.locator('.figures .ar-value').first().innerText()).toContain(joint.slice(0, 4));
      expect(joint).toMatch(/^\d\.\d{3} × 10⁻[⁰¹²³⁴⁵⁶⁷⁸⁹]+$/);
      await page.keyboard.press('ArrowUp');
      await expect
        .poll(() => page.locator('.chosen').getAttribute('data-row'), SOON)
        .toBe(String(LONG_ROWS - 2));
      await list.evaluate((element) => element.scrollTo({ top: element.scrollHeight / 2 }));
      await expect
        .poll(
          async () => Number(await page.locator('[role="option"]').first().getAttribute('data-row')),
          SOON,
        )
        .toBeGreaterThan(LONG_ROWS / 2 - 40);
      expect(await page.locator('[data-formula="chainRule"] annotation').first().textContent()).toContain(
        '\\cdots',
      );
    }));

  it('answers a key within a frame or two', () =>
    withPage('long', async (page) => {
      await page.getByRole('listbox').focus();
      const spent = await page.evaluate(async () => {
        const list = document.querySelector('[role="listbox"]');
        const times: number[] = [];
        for (let i = 0; i < 30; i++) {
          const begun = performance.now();
          list?.dispatchEvent(new KeyboardEvent('keydown', { key: 'PageDown', bubbles: true }));
          await new Promise((resolve) => requestAnimationFrame(resolve));
          for (let turn = 0; turn < 8; turn++) await Promise.resolve();
          times.push(performance.now() - begun);
        }
        return times.sort((a, b) => a - b);
      });
      console.log(
        `score selection, ${LONG_ROWS} terms: median ${spent[15]?.toFixed(1)} ms a key, frame included`,
      );
      expect(spent[15]).toBeLessThan(50);
    }));
});
