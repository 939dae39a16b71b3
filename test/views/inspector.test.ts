// The Inspector in a browser: every state in every theme and width, what is drawn against the data, keys and pointer.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectPicture } from './expectPicture';
import { ViewPages } from './pages';
import { inspection, pixel } from './page/inspectorFixtures';
import type { ThemeFixture } from './themes';
import { THEMES } from './themes';

const WIDTHS = [260, 300, 360] as const;
const theme = THEMES[0] as ThemeFixture;

let pages: ViewPages;
beforeAll(async () => {
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

async function look(state: string, shown: ThemeFixture, width: number): Promise<void> {
  const { page, complaints } = await pages.open('inspector', state, shown, width);
  const name = `inspector.${state}.${width}.${shown.name}.png`;
  await expectPicture({ page, complaints }, name);
  await page.context().close();
}

describe.each(['empty', 'working', 'waiting', 'result', 'failed', 'pinned', 'stale', 'pixel'])(
  '%s',
  (state) => {
    it.each(THEMES)('$name', async (shown) => {
      for (const width of state === 'result' ? WIDTHS : [300]) await look(state, shown, width);
    });
  },
);

describe('odd but possible', () => {
  it.each(['small', 'unlikely', 'unscored', 'pinnedPixel'])('%s', async (state) => {
    for (const shown of THEMES.slice(0, 2)) for (const width of [260, 360]) await look(state, shown, width);
  });
});

const heard = (page: Page) =>
  page.evaluate(() => window.harness.heard.map(({ method, params }) => ({ method, params })));
const lastHeard = async (page: Page, method: string) =>
  (await heard(page)).filter((one) => one.method === method).at(-1)?.params;

async function withPage(state: string, work: (page: Page) => Promise<void>): Promise<void> {
  const { page, complaints } = await pages.open('inspector', state, theme, 300);
  await work(page);
  expect(complaints).toEqual([]);
  expect(await page.evaluate(() => window.harness.violations)).toEqual([]);
  await page.context().close();
}

describe('what is drawn', () => {
  it('is the data: numbers, rows, bars in proportion, the rest', () =>
    withPage('result', async (page) => {
      const { scored } = inspection();
      const figures = await page
        .locator('.nums [data-figure]')
        .evaluateAll((all) => all.map((each) => Number(each.getAttribute('data-figure'))));
      expect(figures[0]).toBeCloseTo(-Math.log2(0.0056), 9);
      expect(figures[1]).toBeCloseTo(2.4, 9);
      expect(await page.locator('.nums [data-name="rank"]').innerText()).toMatch(/11 of 50.257/);
      const rows = await page.locator('.top tbody tr').evaluateAll((all) =>
        all.map((row) => ({
          width: row.querySelector('i')?.getBoundingClientRect().width ?? 0,
          shown: row.querySelector('.p')?.textContent ?? '',
          occurred: row.classList.contains('occurred'),
        })),
      );
      const expected = [
        ...(scored?.top ?? []).map(({ logProb }) => Math.exp(logProb)),
        scored?.rest.mass ?? 0,
      ];
      expect(rows).toHaveLength(21);
      expect(rows.findIndex(({ occurred }) => occurred)).toBe(10);
      const full = rows[0]?.width ?? 0;
      rows.forEach(({ width, shown }, at) => {
        const p = expected[at] ?? NaN;
        expect(Math.abs(width - Math.max(at === 20 ? 3 : 1, (full * p) / (expected[0] ?? 1)))).toBeLessThan(
          0.6,
        );
        expect(shown).toBe(p.toFixed(3));
      });
    }));

  it('gives a token behind the twenty its own row and takes it out of the rest', () =>
    withPage('unlikely', async (page) => {
      expect(await page.locator('.top .occurred .p').textContent()).toBe('2e−7');
      expect(await page.locator('.top .rest').getAttribute('data-count')).toBe('50236');
      expect(await page.getByText('Markov table has no attention').count()).toBe(1);
    }));

  it('is the data of a pixel, too: levels, how they show, the tail’s mass, channel by channel', () =>
    withPage('pixel', async (page) => {
      const { distribution } = pixel();
      const { levels, level, entropy, rank } = distribution;
      for (const [c, name] of ['red', 'green', 'blue'].entries()) {
        await page.getByLabel(name, { exact: true }).check();
        const own = distribution.logProb.subarray(c * levels, (c + 1) * levels);
        const there = level[c] ?? -1;
        await expect.poll(() => page.locator('.what b').innerText()).toBe(`level ${there}`);
        const figures = await page
          .locator('.nums [data-figure]')
          .evaluateAll((all) => all.map((each) => Number(each.getAttribute('data-figure'))));
        expect(figures[0]).toBeCloseTo(-(own[there] ?? NaN) / Math.LN2, 6);
        expect(figures[1]).toBeCloseTo((entropy[c] ?? NaN) / Math.LN2, 6);
        expect(await page.locator('.nums [data-name="rank"]').innerText()).toContain(`${rank[c]} of 64`);
        const rows = await page.locator('.top tbody tr[data-id]').evaluateAll((all) =>
          all.map((row) => ({
            id: Number(row.getAttribute('data-id')),
            occurred: row.classList.contains('occurred'),
            colour: getComputedStyle(row.querySelector('.swatch') ?? row).backgroundColor,
          })),
        );
        const order = Array.from(own, (_, at) => at).sort((a, b) => (own[b] ?? 0) - (own[a] ?? 0) || a - b);
        const listed = order.slice(0, 20).includes(there);
        expect(rows.map(({ id }) => id)).toEqual([...order.slice(0, 20), ...(listed ? [] : [there])]);
        expect(rows.filter(({ occurred }) => occurred).map(({ id }) => id)).toEqual([there]);
        const shown = (value: number) => Math.round((255 * value) / 63);
        const first = level.with(c, order[0] ?? 0);
        expect(rows[0]?.colour).toBe(`rgb(${Array.from(first, shown).join(', ')})`);
        const mass = rows.reduce((sum, { id }) => sum + Math.exp(own[id] ?? 0), 0);
        const rest = page.locator('.top .rest');
        expect(Number(await rest.getAttribute('data-mass'))).toBeCloseTo(1 - mass, 6);
        expect(await rest.getAttribute('data-count')).toBe(String(64 - rows.length));
      }
      expect(await page.locator('[data-given]').innerText()).toContain('class mimetypes and more');
      expect(await page.locator('.what .ar-note').innerText()).toBe('Row 3, column 17');
      await page.getByRole('button', { name: /^Pin: stay with this pixel/ }).click();
      expect(await lastHeard(page, 'pin')).toEqual({ pinned: true });
      await page.getByRole('button', { name: 'Copy as data' }).click();
      await page.getByRole('menuitem', { name: 'Copy as CSV' }).click();
      const { text } = (await lastHeard(page, 'copy')) as { text: string };
      expect(text.trimEnd().split('\n')).toHaveLength(1 + 3 * 64);
    }));

  it('shades each head by its strongest weight', () =>
    withPage('result', async (page) => {
      const cells = await page.locator('.heads .head').evaluateAll((all) =>
        all.map((cell) => ({
          weight: Number((cell as HTMLElement).dataset.weight),
          colour: getComputedStyle(cell).backgroundColor,
        })),
      );
      expect(cells).toHaveLength(144);
      const scale = await page
        .locator('.scale > i')
        .evaluateAll((all) => all.map((each) => getComputedStyle(each).backgroundColor));
      for (const { weight, colour } of cells) {
        expect(colour).toBe(scale[Math.min(15, Math.floor(16 * Math.sqrt(weight)))]);
      }
    }));

  it('stays in place while it is stale', () =>
    withPage('result', async (page) => {
      const place = () => page.locator('.top .rest').boundingBox();
      const before = await place();
      await page.evaluate(() => window.harness.show('stale'));
      await expect
        .poll(() => page.locator('.values').evaluate((values) => getComputedStyle(values).opacity))
        .toBe('0.55');
      expect(await place()).toEqual(before);
    }));
});

describe('a person', () => {
  it('pins by keyboard, and the button says so', () =>
    withPage('result', async (page) => {
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await lastHeard(page, 'pin')).toEqual({ pinned: true });
      await page.evaluate(() => window.harness.show('pinned'));
      const pin = page.getByRole('button', { name: /^Pinned/ });
      await pin.waitFor();
      expect(await pin.getAttribute('aria-pressed')).toBe('true');
      await pin.click();
      expect(await lastHeard(page, 'pin')).toEqual({ pinned: false });
    }));

  it('lights tokens by pointing at a head or a token, and nothing after leaving', () =>
    withPage('result', async (page) => {
      await page.locator('.heads .head').nth(17).hover();
      await expect
        .poll(async () => ((await lastHeard(page, 'light')) as { tokens: number[] }).tokens.length)
        .toBeGreaterThan(2);
      await page.mouse.move(5, 5);
      await expect.poll(() => lastHeard(page, 'light')).toEqual({ tokens: [] });
      const row = page.locator('.attended button').nth(1);
      await row.hover();
      const token = Number(await row.getAttribute('data-token'));
      await expect.poll(() => lastHeard(page, 'light')).toEqual({ tokens: token < 0 ? [] : [token] });
    }));

  it('walks the heads with arrows, hears their names, and keeps the choice after a reload', () =>
    withPage('result', async (page) => {
      await page.locator('.heads [tabindex="0"]').focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowRight');
      const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
      expect(await focused()).toMatch(/^layer \d+, head 2: /);
      await page.keyboard.press('End');
      expect(await focused()).toMatch(/mean of its heads: /);
      const listed = () => page.locator('.attended > p').first().textContent();
      await expect.poll(listed).toMatch(/mean of its heads/);
      const chosen = await listed();
      await page.reload();
      await page.waitForSelector('[data-state="result"] .attended');
      expect(await listed()).toBe(chosen);
    }));

  it('goes to an attended token by keyboard', () =>
    withPage('small', async (page) => {
      await page.locator('.attended button[tabindex="0"]').focus();
      await page.keyboard.press('End');
      const token = await page.evaluate(() => Number(document.activeElement?.getAttribute('data-token')));
      await page.keyboard.press('Enter');
      expect(token).toBeGreaterThanOrEqual(0);
      expect(await lastHeard(page, 'select')).toEqual({ token });
    }));

  it('copies the distribution and the whole token', () =>
    withPage('result', async (page) => {
      const copy = async (name: string) => {
        await page.getByRole('button', { name: 'Copy as data' }).click();
        await page.getByRole('menuitem', { name }).click();
        return ((await lastHeard(page, 'copy')) as { text: string }).text;
      };
      const lines = (await copy('Copy as CSV')).trimEnd().split('\n');
      expect(lines).toHaveLength(22);
      expect(lines[0]).toContain('probability (of 1, exact)');
      const sum = lines.slice(1).reduce((total, line) => total + Number(/,([\d.e-]+),-/.exec(line)?.[1]), 0);
      expect(Math.abs(sum - 1)).toBeLessThan(1e-6);
      const data = JSON.parse(await copy('Copy as JSON')) as { rank: number; attended: { layer: number[] } };
      expect(data.rank).toBe(11);
      expect(data.attended.layer).toHaveLength(720);
    }));

  it('gets one action when there is nothing, and when the engine ended', () =>
    withPage('empty', async (page) => {
      await page.locator('vscode-button', { hasText: 'Annotate Likelihood' }).click();
      expect(await lastHeard(page, 'command')).toEqual({ command: 'arLens.annotate' });
      await page.evaluate(() => window.harness.show('failed'));
      await page.locator('vscode-button', { hasText: 'Restart Engine' }).click();
      expect(await lastHeard(page, 'command')).toEqual({ command: 'arLens.restartEngine' });
    }));
});
