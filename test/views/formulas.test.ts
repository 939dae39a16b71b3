// Every formula of the table, in the view that shows it: drawn by KaTeX under the policy, with the view's own numbers in
// it, and coming to what the view shows elsewhere, in figures that know nothing of the formula.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FormulaId } from '../../webview/formulas/formula';
import { FORMULAS } from '../../webview/formulas/formulaTable';
import { openFormulas } from './openFormulas';
import { expectPicture } from './expectPicture';
import { ViewPages, type ViewName } from './pages';
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

interface Case {
  readonly view: ViewName;
  readonly width: number;
  /** What has to be done before the formula is there, beside opening the sections. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** The view's own number, read from where the view shows it, and how many decimals are shown there. */
  readonly shown: (page: Page) => Promise<number>;
  readonly decimals: number;
}

const figure =
  (selector: string, convert = (value: number) => value) =>
  async (page: Page): Promise<number> =>
    convert(Number(await page.locator(selector).first().getAttribute('data-figure')));
const selection = (unit: string, convert?: (value: number) => number): Case => ({
  view: 'scoreSelection',
  width: 1200,
  shown: figure(`.figures [data-unit="${unit}"]`, convert),
  decimals: 9,
});
const quantity =
  (selector: string) =>
  async (page: Page): Promise<number> =>
    Number(await page.locator(selector).first().getAttribute('data-quantity'));
/** What the table gives the drawn token in its last column. */
const drawnFrom = async (page: Page) =>
  Number(await page.locator('.next tr.drawn').getAttribute('data-after'));
const slide = async (page: Page, name: string, key: string) => {
  const before = await page.locator('.next').innerText();
  await page.getByRole('slider', { name }).focus();
  await page.keyboard.press(key);
  await expect.poll(() => page.locator('.next').innerText(), SOON).not.toBe(before);
};

/** A formula that is in the table must be here: the type says so. */
const CASES: Readonly<Record<FormulaId, readonly Case[]>> = {
  chainRule: [selection('probability', Math.log)],
  negativeLogLikelihood: [selection('nats')],
  bits: [
    selection('bits'),
    { view: 'logProbs', width: 1200, shown: figure('.ledger [data-row="bits"] [data-figure]'), decimals: 9 },
  ],
  bitsPerToken: [
    selection('bits/token'),
    {
      view: 'logProbs',
      width: 1200,
      shown: figure('.ledger [data-row="perToken"] [data-figure]'),
      decimals: 9,
    },
  ],
  bitsPerByte: [
    {
      view: 'logProbs',
      width: 1200,
      shown: figure('.ledger [data-row="perByte"] [data-figure]'),
      decimals: 9,
    },
  ],
  perplexity: [
    selection('perplexity'),
    {
      view: 'logProbs',
      width: 1200,
      shown: figure('.ledger [data-row="perplexity"] [data-figure]'),
      decimals: 9,
    },
  ],
  surprisal: [
    {
      view: 'inspector',
      width: 300,
      shown: figure('.nums [data-name="surprisal"] [data-figure]'),
      decimals: 9,
    },
  ],
  entropy: [
    {
      view: 'attention',
      width: 1200,
      shown: quantity('.readout p:nth-of-type(2) [data-unit="bits"]'),
      decimals: 2,
    },
  ],
  softmax: [
    // Without a filter the table's last column is the softmax itself.
    ...['Home', 'ArrowRight'].map((key): Case => ({
      view: 'sampler',
      width: 1200,
      prepare: async (page) => {
        await slide(page, 'top-k', 'Home');
        await slide(page, 'top-p', 'End');
        if (key !== 'Home') await slide(page, 'Temperature', key);
      },
      shown: drawnFrom,
      decimals: 9,
    })),
  ],
  greedy: [
    {
      view: 'sampler',
      width: 1200,
      prepare: (page) => slide(page, 'Temperature', 'Home'),
      shown: drawnFrom,
      decimals: 9,
    },
  ],
  attention: [
    { view: 'attention', width: 1200, shown: quantity('.readout .number [data-quantity]'), decimals: 3 },
  ],
};

const all = Object.entries(CASES).flatMap(([id, cases]) =>
  cases.map((each, at) => [`${id} in ${each.view}, ${at + 1}`, id as FormulaId, each] as const),
);

describe('a formula', () => {
  it('of the table has a case here', () => {
    expect(Object.keys(CASES).sort()).toEqual(Object.keys(FORMULAS).sort());
    for (const cases of Object.values(CASES)) expect(cases.length).toBeGreaterThan(0);
  });

  it.each(all)(
    '%s comes to what the view shows',
    async (_, id, { view, width, prepare, shown, decimals }) => {
      const { page, complaints } = await pages.open(view, 'result', theme, width);
      await prepare?.(page);
      await openFormulas(page);
      const formula = page.locator(`[data-formula="${id}"]`);
      const value = async () => Number(await formula.getAttribute('data-value'));
      await expect
        .poll(async () => Math.abs((await value()) - (await shown(page))), SOON)
        .toBeLessThanOrEqual(0.5001 * 10 ** -decimals);
      // The drawn formula is the table's, and ends in that very number.
      const { left, right, logarithm } = FORMULAS[id];
      const latex = (await formula.locator('.ar-latex annotation').textContent()) ?? '';
      expect(latex.startsWith(`\\begin{aligned} ${left} &= ${right}`)).toBe(true);
      const written = /&= (?:(\d[\d.]*)(?: \\times )?)?(?:10\^\{(-?\d+)\})? \\end\{aligned\}$/.exec(latex);
      const read = Number(written?.[1] ?? 1) * 10 ** Number(written?.[2] ?? 0);
      const plain = logarithm === true ? Math.exp(await value()) : await value();
      expect(Math.abs(read / plain - 1)).toBeLessThan(1e-5);
      expect(await page.evaluate(() => window.audit.bareNumbers())).toEqual([]);
      expect(complaints).toEqual([]);
      expect(await page.evaluate(() => window.harness.violations)).toEqual([]);
      await page.context().close();
    },
  );
});

describe('a view with its formulas open', () => {
  const WIDTHS = {
    attention: [360, 1200],
    sampler: [360, 1200],
    inspector: [260, 300],
    logProbs: [360, 1200],
  };
  it.each(THEMES.flatMap((each) => Object.keys(WIDTHS).map((view) => [view, each.name, each] as const)))(
    '%s, %s',
    async (name, _, shown) => {
      const view = name as keyof typeof WIDTHS;
      for (const width of WIDTHS[view]) {
        const { page, complaints } = await pages.open(view, 'result', shown, width);
        await openFormulas(page);
        const picture = `${view}.formulas.${width}.${shown.name}.png`;
        await expectPicture({ page, complaints }, picture);
        await page.context().close();
      }
    },
  );

  it('fetches KaTeX when the first is opened, and not before', async () => {
    const { page } = await pages.open('inspector', 'result', theme, 300);
    const asked = () =>
      page.evaluate(
        () => performance.getEntriesByType('resource').filter(({ name }) => /katex/i.test(name)).length,
      );
    expect(await asked()).toBe(0);
    await page.locator('summary').click();
    await page.locator('.katex-html').first().waitFor();
    expect(await asked()).toBeGreaterThan(1);
    await page.context().close();
  });
});
