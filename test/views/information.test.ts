// The Information view in a browser: every state in four themes and two widths, what keys and pointer do, what is drawn
// and written against the data, and a million tokens within the frame budget. Pictures are left in build/views.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ablationReport, analysed, TEXT, TOKEN } from './page/informationFixtures';
import { expectPicture } from './expectPicture';
import { ViewPages } from './pages';
import { savePicture } from './saving';
import type { ThemeFixture } from './themes';
import { THEMES } from './themes';

const FRAME = 1000 / 60;
const dark = THEMES[0] as ThemeFixture;

let pages: ViewPages;
beforeAll(async () => {
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

async function look(state: string, theme: ThemeFixture, width: number, open = false): Promise<void> {
  const { page, complaints } = await pages.open('information', state, theme, width);
  if (open) await page.locator('details summary').click();
  const name = `information.${state}${open ? '.table' : ''}.${width}.${theme.name}.png`;
  await expectPicture({ page, complaints }, name);
  await page.context().close();
}

describe.each(['empty', 'working', 'result', 'failed'])('%s', (state) => {
  it.each(THEMES)('$name', async (theme) => {
    for (const width of [360, 1200]) await look(state, theme, width, state === 'result');
  });
});

it.each(['stale', 'shortening', 'refused', 'bare', 'first', 'short'])(
  'odd but possible: %s',
  async (state) => {
    for (const width of [360, 1200]) await look(state, dark, width);
  },
);

async function withPage(state: string, work: (page: Page) => Promise<void>): Promise<void> {
  const { page, complaints } = await pages.open('information', state, dark, 1200);
  await work(page);
  // Reading pixels back is the test's doing, not the view's.
  expect(complaints.filter((each) => !each.includes('willReadFrequently'))).toEqual([]);
  expect(await page.evaluate(() => window.informationHarness.violations)).toEqual([]);
  await page.context().close();
}

const heard = async (page: Page, method: string): Promise<unknown[]> =>
  (
    await page.evaluate(() =>
      window.informationHarness.heard.map(({ method, params }) => ({ method, params })),
    )
  )
    .filter((one) => one.method === method)
    .map(({ params }) => params);
const positions = (page: Page) => page.getByRole('slider', { name: /Entropy by position/ });
const figuresIn = (page: Page, selector: string) =>
  page
    .locator(`${selector} [data-figure]`)
    .evaluateAll((all) => all.map((each) => Number(each.getAttribute('data-figure'))));

const { part, report } = analysed(TEXT);
const tokens = part.tokens;
const bits = (nats: number | undefined) => (nats ?? NaN) / Math.LN2;

describe('what is written is the data', () => {
  it('the means, the baselines in both units, the classes and their sum', () =>
    withPage('result', async (page) => {
      const { conditionalEntropy, surprisal, summary, baselines, classes } = report;
      expect(await figuresIn(page, '.answer')).toEqual([
        conditionalEntropy.bits,
        surprisal.bits,
        summary.bitsPerByte,
      ]);
      expect(await page.locator('.answer').textContent()).toContain('from the means of 30 blocks of');
      expect(await figuresIn(page, '.baselines')).toEqual([
        surprisal.bits,
        ...baselines.map(({ bitsPerToken }) => bitsPerToken),
      ]);
      const badges = await page
        .locator('.baselines .ar-badge')
        .evaluateAll((all) => all.map((each) => each.textContent));
      expect(badges).toEqual(['exact', 'exact', 'no likelihood', 'exact', 'no likelihood']);
      await page.getByLabel('bits/byte', { exact: true }).check();
      await expect
        .poll(() => figuresIn(page, '.baselines'))
        .toEqual([summary.bitsPerByte, ...baselines.map(({ bitsPerByte }) => bitsPerByte)]);
      const shares = await page.locator('.classes tbody tr td:nth-child(2)').allTextContents();
      expect(shares.map((text) => parseFloat(text))).toEqual(
        classes.map(({ share }) => Number((100 * (share ?? 0)).toFixed(1))),
      );
      expect((await figuresIn(page, '.classes > p')).at(-1)).toBeCloseTo(bits(summary.nll), 3);
    }));

  it('the distances, the fits and their residuals', () =>
    withPage('result', async (page) => {
      const { distance, used, fits } = report.mutualInformation;
      expect(fits).toHaveLength(2);
      await page.locator('details summary').click();
      const rows = await page.locator('.distances tbody tr').count();
      expect(rows).toBe(distance.length);
      const residuals = await page.locator('.distances tbody tr td:last-child').allTextContents();
      expect(residuals.filter((text) => text !== '')).toHaveLength(used);
      expect(await page.locator('.fits li').allTextContents()).toEqual([
        expect.stringMatching(/^exponential: [\d.e+-]+ · e\^\(−?[\d.e+-]+ d\)/) as string,
        expect.stringMatching(/^power law: [\d.e+-]+ · d\^\(−?[\d.e+-]+\)/) as string,
      ]);
      const said = await page.locator('.distances').textContent();
      expect(said).toContain('neither is the truth');
      expect(said).toContain(`seed of the shuffle ${report.mutualInformation.seed}`);
    }));

  it('the contexts, and gains with their signs against both marginals', () =>
    withPage('result', async (page) => {
      const { withStart, alone } = ablationReport();
      const gains = () =>
        page
          .locator('.contexts tbody tr td:nth-child(5)')
          .allTextContents()
          .then((all) => all.map((text) => Number(text.replace('−', '-'))));
      const rounded = (value: number) => Number(value.toFixed(3));
      expect(await figuresIn(page, '.contexts tbody td:nth-child(2)')).toEqual(
        withStart.map(({ logProb }) => bits(-logProb)),
      );
      expect(await gains()).toEqual(withStart.map(({ gain }) => rounded(gain.unigram.tokenBits)));
      expect(Math.min(...(await gains()))).toBeLessThan(0);
      await page.getByLabel('over start alone').check();
      await expect.poll(gains).toEqual(withStart.map(({ gain }) => rounded(gain.model?.tokenBits ?? NaN)));
      await page.getByLabel('nothing', { exact: true }).check();
      await expect
        .poll(() => figuresIn(page, '.contexts tbody td:nth-child(2)'))
        .toEqual([withStart[0], ...alone, withStart.at(-1)].map((row) => bits(-(row?.logProb ?? NaN))));
      expect(await page.locator('.contexts tbody th').last().textContent()).toContain('as scored');
    }));

  it('no number without context for a model without a start token', () =>
    withPage('bare', async (page) => {
      expect(await page.locator('.contexts').textContent()).toContain('no start token');
      expect(await page.locator('.contexts tbody th').first().textContent()).toBe('last 1');
      await page.evaluate(() => window.informationHarness.show('first'));
      await expect
        .poll(() => page.locator('.contexts').textContent())
        .toContain('without any context it gives no number');
      expect(await page.locator('.contexts table').count()).toBe(0);
    }));
});

describe('what is drawn is the data', () => {
  /** Whether a canvas has the colour near a place of its plot, given in shares of the plot's width and height. */
  const hasColour = (page: Page, plot: string, token: string, x: number, y: number) =>
    page.evaluate(
      ({ plot: name, token: colour, at }) => {
        const canvas = document.querySelector<HTMLCanvasElement>(`.plot-${name} canvas`);
        const over = document.querySelector(`.plot-${name} .u-over`)?.getBoundingClientRect();
        const context = canvas?.getContext('2d');
        const frame = canvas?.getBoundingClientRect();
        if (!canvas || !over || !context || !frame) return false;
        const probe = document.body.appendChild(document.createElement('span'));
        probe.style.color = `var(--${colour})`;
        const wanted = (getComputedStyle(probe).color.match(/\d+/g) ?? []).slice(0, 3).map(Number);
        probe.remove();
        const ratio = window.devicePixelRatio;
        const [left, top] = [
          over.left - frame.left + at[0] * over.width,
          over.top - frame.top + at[1] * over.height,
        ];
        const reach = 3;
        const { data } = context.getImageData(
          Math.round((left - reach) * ratio),
          Math.round((top - reach) * ratio),
          Math.round(2 * reach * ratio),
          Math.round(2 * reach * ratio),
        );
        for (let i = 0; i < data.length; i += 4) {
          if (wanted.every((value, channel) => Math.abs((data[i + channel] ?? 0) - value) < 24)) return true;
        }
        return false;
      },
      { plot, token, at: [x, y] as const },
    );

  it('each estimate of mutual information at its place, on logarithmic axes', () =>
    withPage('result', async (page) => {
      const { distance, bits: estimates, shuffledBits, chanceBits } = report.mutualInformation;
      const above = [...estimates, ...shuffledBits, chanceBits].filter((value) => value > 0);
      const [low, high] = [Math.min(...above, 1) / 1.5, Math.max(...above, 10 * Math.min(...above, 1)) * 1.5];
      const last = distance.at(-1) ?? 1;
      const share = (value: number, from: number, to: number) => Math.log(value / from) / Math.log(to / from);
      for (let i = 0; i < distance.length; i++) {
        const value = estimates[i] ?? NaN;
        if (!(value > 0)) continue;
        const x = share(distance[i] ?? NaN, 0.9, last * 1.1);
        expect(
          await hasColour(page, 'information', 'ar-line-1', x, 1 - share(value, low, high)),
          `distance ${distance[i]}`,
        ).toBe(true);
      }
      // Nothing is drawn where nothing is.
      expect(await hasColour(page, 'information', 'ar-line-1', 0.03, 0.97)).toBe(false);
    }));

  it('each context’s entropy and surprisal at its place', () =>
    withPage('result', async (page) => {
      const { withStart } = ablationReport();
      const values = withStart.map(({ entropy, logProb }) => ({
        entropy: bits(entropy),
        surprisal: bits(-logProb),
      }));
      const most = Math.max(...values.flatMap(({ entropy, surprisal }) => [entropy, surprisal])) * 1.08;
      for (const [place, { entropy, surprisal }] of values.entries()) {
        // The plot ends at its first and last point: a dot there is half outside.
        const x = place / (values.length - 1);
        expect(
          await hasColour(page, 'contexts', 'ar-line-1', x, 1 - entropy / most),
          `entropy ${place}`,
        ).toBe(true);
        expect(
          await hasColour(page, 'contexts', 'ar-line-4', x, 1 - surprisal / most),
          `surprisal ${place}`,
        ).toBe(true);
      }
    }));

  it('each token’s entropy where 64 tokens have room', () =>
    withPage('result', async (page) => {
      await page.getByLabel('words', { exact: true }).check();
      await expect.poll(() => page.locator('.plot-positions canvas').count()).toBe(1);
      const [low, high] = [TOKEN - 32, TOKEN + 32];
      const shown = Array.from({ length: high - low }, (_, i) => ({
        entropy: bits(part.entropy[low + i]),
        surprisal: bits(-(part.logProb[low + i] ?? NaN)),
      }));
      const most = Math.max(...shown.flatMap(({ entropy, surprisal }) => [entropy, surprisal])) * 1.08;
      for (let i = 1; i < shown.length - 1; i += 3) {
        const y = 1 - (shown[i]?.entropy ?? NaN) / most;
        await expect
          .poll(() => hasColour(page, 'positions', 'ar-line-1', i / (high - 1 - low), y), {
            message: `token ${low + i}`,
          })
          .toBe(true);
      }
    }));
});

describe('a person', () => {
  it('goes through one group of choices with arrow keys and into no other', () =>
    withPage('shortening', async (page) => {
      // Some groups appear later than others.
      const report = ablationReport();
      await page.evaluate(
        (found) => window.informationHarness.follow(40, { kind: 'result', report: found }),
        report,
      );
      await page.getByLabel('start token').waitFor();
      const names = await page
        .locator('fieldset')
        .evaluateAll((groups) => groups.map((group) => group.querySelector('input')?.name ?? ''));
      expect(names).toHaveLength(5);
      expect(new Set(names).size).toBe(5);
      await page.getByLabel('file', { exact: true }).focus();
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => page.getByLabel('passage', { exact: true }).isChecked()).toBe(true);
      expect(await page.getByLabel('start token').isChecked()).toBe(true);
    }));

  it('walks the tokens with keys, and shows one in the editor with Enter', () =>
    withPage('result', async (page) => {
      await positions(page).focus();
      await page.keyboard.press('ArrowRight');
      expect((await heard(page, 'select')).at(-1)).toEqual({ scoring: 1, token: TOKEN + 1, reveal: false });
      const entropy = bits(part.entropy[TOKEN + 1]).toFixed(3);
      const surprisal = bits(-(part.logProb[TOKEN + 1] ?? NaN)).toFixed(3);
      const letter = TEXT[TOKEN + 1] === ' ' ? '·' : TEXT[TOKEN + 1];
      await expect
        .poll(() => positions(page).getAttribute('aria-valuetext'))
        .toBe(
          `token ${TOKEN + 2} of ${tokens}, ${letter}, per-context entropy ${entropy} bits, surprisal ${surprisal} bits`,
        );
      await page.keyboard.press('Enter');
      expect((await heard(page, 'select')).at(-1)).toEqual({ scoring: 1, token: TOKEN + 1, reveal: true });
      await page.keyboard.press('End');
      await expect.poll(() => positions(page).getAttribute('aria-valuenow')).toBe(String(tokens));
      await expect.poll(() => page.locator('.contexts .token').first().isVisible()).toBe(true);
      expect(await page.evaluate(() => window.audit.bareNumbers())).toEqual([]);
    }));

  it('clicks into the chart, and follows the editor’s cursor', () =>
    withPage('result', async (page) => {
      const box = await page.locator('.plot-positions .u-over').boundingBox();
      await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 20);
      const [chosen] = (await heard(page, 'select')) as Array<{ token: number; reveal: boolean }>;
      expect(Math.abs((chosen?.token ?? 0) - (tokens - 1) / 2)).toBeLessThan(tokens / 400);
      expect(chosen?.reveal).toBe(false);
      await page.evaluate(() => window.informationHarness.follow(7, { kind: 'working', before: null }));
      await expect.poll(() => positions(page).getAttribute('aria-valuenow')).toBe('8');
      expect(await page.locator('.contexts').textContent()).toContain('Shortening the context');
    }));

  it('finds everything as it was after a reload', () =>
    withPage('result', async (page) => {
      await page.getByLabel('linear', { exact: true }).check();
      await page.getByLabel('passage', { exact: true }).check();
      await page.getByLabel('nothing', { exact: true }).check();
      await page.reload();
      await page.waitForSelector('[data-state="result"]');
      for (const label of ['linear', 'passage', 'nothing'])
        expect(await page.getByLabel(label, { exact: true }).isChecked()).toBe(true);
      const kept = await page.evaluate(() => sessionStorage.getItem('ar-lens-state'));
      expect(JSON.parse(kept ?? '')).toMatchObject({
        document: 'file:///workspace/winter.txt',
        model: '/workspace/.arlens/runs/byte/1',
        token: TOKEN,
      });
    }));

  it('copies every table, and saves the charts', () =>
    withPage('result', async (page) => {
      for (const item of ['positions as CSV', 'distances as CSV', 'contexts as CSV', 'all as JSON']) {
        await page.getByRole('button', { name: 'Copy as data' }).click();
        await page.getByRole('menuitem', { name: `Copy ${item}` }).click();
      }
      const copied = ((await heard(page, 'copy')) as Array<{ text: string }>).map(({ text }) => text);
      const [, distances, contexts, json] = copied;
      expect(distances?.trimEnd().split('\n')).toHaveLength(1 + report.mutualInformation.distance.length);
      expect(contexts?.trimEnd().split('\n')).toHaveLength(
        1 + 1 + ablationReport().withStart.length + ablationReport().alone.length,
      );
      expect(contexts).toContain('as scored,40,');
      const all = JSON.parse(json ?? '') as {
        conditionalEntropy: { bits: number };
        positions: Record<string, number[]>;
        ablation: { at: { token: number } };
      };
      expect(all.conditionalEntropy.bits).toBe(report.conditionalEntropy.bits);
      expect(all.ablation.at.token).toBe(TOKEN);
      expect(all.positions['surprisal (bits over 1 token, exact)']).toHaveLength(tokens);
      const { svg, compared, names } = await savePicture(page);
      expect(names).toEqual(['information-winter.txt.png', 'information-winter.txt.svg']);
      expect(svg).toMatchObject({ problem: '', outside: [] });
      // Every chart and the shares of the classes are there, as shapes and text.
      for (const words of [
        'Mutual information by distance',
        'residuals: ln',
        'tokens of context',
        'Share of the',
      ])
        expect(svg.texts.some((text) => text.includes(words))).toBe(true);
      expect(compared.differing).toBeLessThan(0.01);
    }));

  it('asks again when the text was edited', () =>
    withPage('stale', async (page) => {
      expect(await page.locator('.notes').textContent()).toContain('Not comparable');
      await page.locator('vscode-button', { hasText: 'Analyse Again' }).click();
      await expect.poll(() => heard(page, 'refresh')).toHaveLength(1);
    }));
});

it('stays smooth at a million tokens', { timeout: 300_000 }, async () => {
  const { page, complaints } = await pages.open('information', 'empty', dark, 1200);
  const opening = await page.evaluate(() => window.informationHarness.openLargeText(1_000_000));
  await page.waitForSelector('[data-state="result"]');
  const report: Record<string, { median: number; p90: number }> = {};
  for (const zoom of ['file', 'passage']) {
    await page.getByLabel(zoom, { exact: true }).check();
    await positions(page).focus();
    await page.evaluate(() => window.informationHarness.frames());
    for (let i = 0; i < 40; i++) await page.keyboard.press(i % 4 === 3 ? 'PageDown' : 'ArrowRight');
    const frames = [...(await page.evaluate(() => window.informationHarness.frames()))].sort((a, b) => a - b);
    const at = (share: number) =>
      frames[Math.min(frames.length - 1, Math.floor(frames.length * share))] ?? NaN;
    report[zoom] = { median: at(0.5), p90: at(0.9) };
  }
  console.log(
    `information, a million tokens: ${JSON.stringify({ opening: Math.max(...opening), ...report })} ms a frame`,
  );
  for (const { median, p90 } of Object.values(report)) {
    expect(median).toBeLessThan(FRAME / 2);
    expect(p90).toBeLessThan(2 * FRAME);
  }
  expect(Math.max(...opening)).toBeLessThan(2000);
  expect(complaints).toEqual([]);
  await page.context().close();
});
