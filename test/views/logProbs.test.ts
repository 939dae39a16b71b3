// The Log-probs view in a browser: four themes and two widths, what keys and pointer do, pixels against the data,
// and a million tokens within the frame budget. Pictures are left in build/views.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEXT, scored } from './page/logProbsFixtures';
import { expectPicture } from './expectPicture';
import { ViewPages } from './pages';
import type { ThemeFixture } from './themes';
import { THEMES } from './themes';

const FRAME = 1000 / 60;
const dark = THEMES[0] as ThemeFixture;

let pages: ViewPages;
beforeAll(async () => {
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

async function look(state: string, theme: ThemeFixture, width: number, zoom?: string): Promise<void> {
  const { page, complaints } = await pages.open('logProbs', state, theme, width);
  if (zoom !== undefined) await page.getByLabel(zoom, { exact: true }).check();
  const name = `logProbs.${state}${zoom === undefined ? '' : `.${zoom}`}.${width}.${theme.name}.png`;
  await expectPicture({ page, complaints }, name);
  await page.context().close();
}

describe.each(['empty', 'working', 'result', 'compared', 'failed'])('%s', (state) => {
  it.each(THEMES)('$name', async (theme) => {
    for (const width of [360, 1200]) await look(state, theme, width);
  });
});

describe.each(['paragraph', 'token'])('zoomed to the %s', (zoom) => {
  it.each(THEMES)('$name', async (theme) => {
    for (const width of [360, 1200]) await look('compared', theme, width, zoom);
  });
});

it('shows a second model that is being scored', () => look('comparing', dark, 1200));

async function withPage(state: string, work: (page: Page) => Promise<void>): Promise<void> {
  const { page, complaints } = await pages.open('logProbs', state, dark, 1200);
  await work(page);
  expect(complaints).toEqual([]);
  expect(await page.evaluate(() => window.logProbsHarness.violations)).toEqual([]);
  await page.context().close();
}

const heard = async (page: Page, method: string): Promise<unknown[]> =>
  (await page.evaluate(() => window.logProbsHarness.heard.map(({ method, params }) => ({ method, params }))))
    .filter((one) => one.method === method)
    .map(({ params }) => params);
const strip = (page: Page) => page.getByRole('slider', { name: /Tokens of the file/ });

describe('a person', () => {
  it('walks the tokens with keys, shows one in the editor with Enter, and zooms', () =>
    withPage('result', async (page) => {
      const { part } = scored(TEXT, 'byte', 'first', 1);
      await strip(page).focus();
      await page.keyboard.press('+');
      await page.keyboard.press('+');
      await expect.poll(() => page.getByLabel('token', { exact: true }).isChecked()).toBe(true);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      const bits = -(part.logProb[2] ?? 0) / Math.LN2;
      await expect
        .poll(() => strip(page).getAttribute('aria-valuetext'))
        .toBe(`token 3 of ${part.tokens}, line 1, w, ${bits.toFixed(2)} bits`);
      await page.keyboard.press('Enter');
      await expect
        .poll(async () => (await heard(page, 'select')).at(-1))
        .toEqual({ scoring: 1, token: 2, start: 2, end: 3, reveal: true });
      await page.keyboard.press('End');
      await expect.poll(() => strip(page).getAttribute('aria-valuenow')).toBe(String(part.tokens));
      expect(await page.evaluate(() => window.audit.bareNumbers())).toEqual([]);
    }));

  it('reads the curves with keys, and the strip’s focus goes along', () =>
    withPage('result', async (page) => {
      const { part, run } = scored(TEXT, 'byte', 'first', 1);
      const curve = page.getByRole('slider', { name: /^Bits so far/ });
      await curve.focus();
      await page.keyboard.press('End');
      const bits = (run.summary.nll / Math.LN2).toFixed(1);
      await expect
        .poll(async () => ((await curve.getAttribute('aria-valuetext')) ?? '').replaceAll('\u202f', ''))
        .toBe(`byte ${run.summary.bytes} of ${run.summary.bytes}: ${bits} bits so far`);
      await expect.poll(() => strip(page).getAttribute('aria-valuenow')).toBe(String(part.tokens));
      await page.keyboard.press('ArrowLeft');
      await expect
        .poll(() => curve.getAttribute('aria-valuenow'))
        .toBe(String(run.summary.bytes - 1 - Math.round(run.summary.bytes / 100)));
      await page.keyboard.press('Home');
      await expect.poll(() => strip(page).getAttribute('aria-valuenow')).toBe('1');
    }));

  it('jumps to the least likely passage', () =>
    withPage('result', async (page) => {
      await page.getByRole('region', { name: 'Least likely passages' }).getByRole('button').first().click();
      const [place] = (await heard(page, 'select')) as Array<{ start: number; end: number; reveal: boolean }>;
      expect(place?.reveal).toBe(true);
      expect(TEXT.slice(place?.start, place?.end)).toContain('zebras');
    }));

  it('compares with another run, and sees who wins where', () =>
    withPage('result', async (page) => {
      const choice = page.locator('vscode-dropdown[aria-label="Compare with another model"]');
      await choice.focus();
      await page.keyboard.press('ArrowDown');
      await expect.poll(() => heard(page, 'compare')).toEqual([{ run: '/workspace/.arlens/runs/word/1' }]);
      await page.evaluate(() => window.logProbsHarness.show('compared'));
      await expect.poll(() => page.getByLabel('difference', { exact: true }).isChecked()).toBe(true);
      expect(await page.locator('.comparison').textContent()).toContain('second wins');
      // A perplexity depends on both, so each model's stand beside its own.
      for (const [row, shown] of [
        ['context', ['256 tokens', '256 tokens']],
        ['stride', ['128 tokens', '128 tokens']],
      ] as const)
        expect(await page.locator(`.totals [data-row="${row}"] td`).allTextContents()).toEqual(shown);
      expect(await page.locator('.notes').textContent()).toContain('Not comparable');
      await page.locator('vscode-button', { hasText: 'Score Again' }).click();
      await expect.poll(() => heard(page, 'refresh')).toHaveLength(1);
    }));

  it('finds everything as it was after a reload', () =>
    withPage('result', async (page) => {
      await page.getByLabel('paragraph', { exact: true }).check();
      await strip(page).focus();
      await page.keyboard.press('PageDown');
      await expect.poll(() => strip(page).getAttribute('aria-valuenow')).not.toBe('1');
      const before = await strip(page).getAttribute('aria-valuetext');
      await page.reload();
      await page.waitForSelector('[data-state="result"]');
      await expect.poll(() => strip(page).getAttribute('aria-valuetext')).toBe(before);
      expect(await page.getByLabel('paragraph', { exact: true }).isChecked()).toBe(true);
      const kept = await page.evaluate(() => sessionStorage.getItem('ar-lens-state'));
      expect(JSON.parse(kept ?? '')).toMatchObject({
        document: 'file:///workspace/winter.txt',
        model: '/workspace/.arlens/runs/byte/1',
        compared: '',
      });
    }));

  it('copies all tokens, and the ledger as JSON', () =>
    withPage('result', async (page) => {
      const { part, run } = scored(TEXT, 'byte', 'first', 1);
      for (const item of ['Copy tokens as CSV', 'Copy all as JSON']) {
        await page.getByRole('button', { name: 'Copy as data' }).click();
        await page.getByRole('menuitem', { name: item }).click();
      }
      const [csv, json] = (await heard(page, 'copy')) as Array<{ text: string }>;
      expect(csv?.text.trimEnd().split('\n').length).toBeGreaterThan(part.tokens);
      const all = JSON.parse(json?.text ?? '') as { ledger: Array<{ unit: string; value: number }> };
      expect(all.ledger.find(({ unit }) => unit === 'bits/byte')?.value).toBe(run.summary.bitsPerByte);
    }));

  it('sees the editor’s cursor in the strip', () =>
    withPage('result', async (page) => {
      const shot = () => strip(page).evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
      const before = await shot();
      await page.evaluate(() => window.logProbsHarness.tell('cursor', { offset: 900 }));
      await expect.poll(shot).not.toBe(before);
    }));
});

it('paints each token in the colour of its bin', () =>
  withPage('result', async (page) => {
    const { part } = scored(TEXT, 'byte', 'first', 1);
    const bins = Array.from(part.logProb, (value) => Math.min(11, Math.floor(-value / Math.LN2)));
    const found = await page.evaluate((count) => {
      const canvas = document.querySelector<HTMLCanvasElement>('canvas.tokens');
      const context = canvas?.getContext('2d');
      if (canvas === null || context === null || context === undefined) return [];
      // As the view lays a short text out: cells of as many pixels as sixteen rows allow, eight at most.
      const width = canvas.clientWidth;
      let cell = Math.min(8, Math.floor((16 * width) / count));
      while (Math.ceil(count / Math.floor(width / cell)) > 16) cell--;
      const perRow = Math.floor(width / cell);
      const { data, width: line } = context.getImageData(0, 0, canvas.width, canvas.height);
      return Array.from({ length: count }, (_, token) => {
        const x = (token % perRow) * cell + Math.floor((cell - 1) / 2);
        const at = 4 * (x + line * (Math.floor(token / perRow) * 10 + 4));
        return `rgb(${data.slice(at, at + 3).join(', ')})`;
      });
    }, part.tokens);
    const colours = await page.evaluate(() => {
      const probe = document.body.appendChild(document.createElement('span'));
      return Array.from({ length: 12 }, (_, bin) => {
        probe.style.color = `var(--ar-surprisal-${bin + 1})`;
        return getComputedStyle(probe).color;
      });
    });
    // The outline of the focus lies over the first cells.
    const wrong = found.flatMap((colour, token) =>
      token > 2 && colour !== colours[bins[token] ?? 0]
        ? [`token ${token}: ${colour}, bin ${bins[token]}`]
        : [],
    );
    expect(found).toHaveLength(part.tokens);
    expect(wrong.slice(0, 5)).toEqual([]);
  }));

it('says the same counts in its legend', () =>
  withPage('result', async (page) => {
    const { part } = scored(TEXT, 'byte', 'first', 1);
    const counts = new Array<number>(12).fill(0);
    for (const value of part.logProb) {
      const bin = Math.min(11, Math.floor(-value / Math.LN2));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    const rows = await page.locator('.legend tbody td:last-child').allTextContents();
    expect(rows.map((row) => Number(row.replaceAll(/\D/g, '')))).toEqual(counts);
  }));

it('stays smooth at a million tokens', { timeout: 300_000 }, async () => {
  const { page, complaints } = await pages.open('logProbs', 'empty', dark, 1200);
  const opening = await page.evaluate(() => window.logProbsHarness.openLargeText(1_000_000));
  await page.waitForSelector('[data-state="result"]');
  const report: Record<string, { median: number; p90: number; longest: number }> = {};
  for (const zoom of ['file', 'paragraph', 'token']) {
    await page.getByLabel(zoom, { exact: true }).check();
    await strip(page).focus();
    await page.evaluate(() => window.logProbsHarness.frames());
    for (let i = 0; i < 40; i++) await page.keyboard.press(i % 4 === 3 ? 'PageDown' : 'ArrowRight');
    const frames = [...(await page.evaluate(() => window.logProbsHarness.frames()))].sort((a, b) => a - b);
    const at = (share: number) =>
      frames[Math.min(frames.length - 1, Math.floor(frames.length * share))] ?? NaN;
    report[zoom] = { median: at(0.5), p90: at(0.9), longest: at(1) };
  }
  const rounded = JSON.stringify({ opening: Math.max(...opening), ...report }, (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toFixed(1)) : value,
  );
  console.log(`a million tokens: ${rounded} ms a frame`);
  for (const { median, p90 } of Object.values(report)) {
    expect(median).toBeLessThan(FRAME / 2);
    expect(p90).toBeLessThan(FRAME);
  }
  // Once, on opening: everything that is derived from the scores.
  expect(Math.max(...opening)).toBeLessThan(2000);
  expect(complaints).toEqual([]);
  await page.context().close();
});
