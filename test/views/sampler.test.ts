// The Sampler in a browser, over the real session and a toy engine: pictures in every state, theme and width, and what a
// person does with keys and pointer. Bars and tree are compared with the data behind them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SamplerDocument } from '../../src/protocol/sampler';
import { expectPicture } from './expectPicture';
import { ViewPages } from './pages';
import { heard, press, settled, slowDown, truth, withPage } from './samplerPage';
import { THEMES } from './themes';

let pages: ViewPages;
beforeAll(async () => {
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

describe.each(['result', 'fresh', 'searching', 'lost', 'empty', 'working', 'failed'])(
  'sampler, %s',
  (state) => {
    it.each(THEMES)('$name', async (each) => {
      for (const width of [360, 1000, 1120, 1200]) {
        const { page, complaints } = await pages.open('sampler', state, each, width);
        const name = `sampler.${state}.${width}.${each.name}.png`;
        await expectPicture({ page, complaints }, name);
        await page.context().close();
      }
    });
  },
);

describe('the bars', () => {
  it('are as long as the probabilities, both columns on one scale, cut where the filters cut', () =>
    withPage(pages, 'result', async (page) => {
      const data = await truth(page);
      const rows = await page.locator('.next tr[data-row]').evaluateAll((elements) =>
        elements.map((row) => {
          const width = (selector: string) =>
            row.querySelector(selector)?.getBoundingClientRect().width ?? NaN;
          const room = width('.bar.model');
          return {
            model: width('.bar.model > i') / room,
            final: width('.bar.final > i') / width('.bar.final'),
            rim: width('.bar.final > b') / width('.bar.final'),
            out: row.classList.contains('out'),
            drawn: row.classList.contains('drawn'),
          };
        }),
      );
      const scale = Math.max(...data.before, ...data.after);
      expect(rows).toHaveLength(20);
      rows.forEach((row, index) => {
        expect(row.model).toBeCloseTo((data.before[index] ?? NaN) / scale, 2);
        expect(row.rim).toBeCloseTo((data.before[index] ?? NaN) / scale, 2);
        expect(row.final).toBeCloseTo((data.after[index] ?? NaN) / scale, 2);
        expect(row.out).toBe(index >= data.kept);
        expect(row.drawn).toBe(data.ids[index] === data.drawn);
      });
      const before = await page
        .locator('.next tr.cut')
        .evaluate((row) => row.previousElementSibling?.getAttribute('data-row'));
      expect(before).toBe(String(data.kept - 1));
      expect(await page.locator('.next tr.cut').textContent()).toMatch(
        /top-p 0.9 cuts .*tokens stay, .*% of the model’s mass/,
      );
    }));

  it('follow a slider once it rests', () =>
    withPage(pages, 'fresh', async (page) => {
      await page.getByRole('slider', { name: 'top-k' }).focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await expect.poll(async () => (await truth(page)).kept).toBeLessThanOrEqual(2);
      await expect.poll(() => page.locator('.next tr.cut').textContent()).toContain('top-k 2');
    }));
});

describe('a person', () => {
  it('steps, goes back, and gets the same token again', () =>
    withPage(pages, 'fresh', async (page) => {
      await press(page, 'Next Token');
      await settled(page, 1);
      await press(page, 'Back');
      await expect.poll(async () => (await truth(page)).document.current).toBe(-1);
      await press(page, 'Next Token');
      await expect.poll(async () => (await truth(page)).document.current).toBe(0);
      expect((await truth(page)).document.nodes).toHaveLength(1);
    }));

  it('forces a choice by keyboard, and by click', () =>
    withPage(pages, 'fresh', async (page) => {
      const { ids } = await truth(page);
      await page.locator('.next button.token').first().focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await settled(page, 1);
      expect((await truth(page)).document.nodes[0]).toMatchObject({ id: ids[2], forced: true });
      await expect.poll(() => page.locator('.written .forced').count()).toBe(1);
      await page.locator('.next tr[data-row="19"]').click();
      await settled(page, 2);
      expect((await truth(page)).document.nodes[1]?.drawnLogProb).toBeNull();
      await expect.poll(() => page.locator('.totals').textContent()).toContain('a forced token had been cut');
    }));

  it('walks the tree with arrows and branches where it stands', () =>
    withPage(pages, 'result', async (page) => {
      const { document: tree } = await truth(page);
      const current = async () => (await truth(page)).document.current;
      const said = () => page.locator('.grown .tree').getAttribute('aria-label');
      await page.locator('.grown .tree').focus();
      // Each key walks from where the keys before it led, however slow the host is to follow.
      await slowDown(page, 250);
      for (const key of ['Home', 'ArrowRight', 'End', 'ArrowLeft']) await page.keyboard.press(key);
      expect(await said()).toContain('token 3,');
      expect(await page.locator('.next').getAttribute('aria-busy')).toBe('true');
      expect(await current()).not.toBe(2); // the host is behind
      await expect.poll(current).toBe(2);
      await page.waitForSelector('.next[aria-busy="false"]');
      const moves = (await heard(page)).filter(({ method }) => method === 'go').map(({ params }) => params);
      expect(moves.map((move) => (move as { node: number }).node)).toEqual([-1, 0, 3, 2]);
      for (const key of ['End', 'ArrowDown', 'Home']) await page.keyboard.press(key);
      await expect.poll(current).toBe(-1);
      await page.locator('.next tr[data-row="5"]').click();
      await settled(page, tree.nodes.length + 1);
      expect((await truth(page)).document.nodes.at(-1)).toMatchObject({ parent: -1, forced: true });
    }));

  it('reads each branch’s bits: the sum of its steps', () =>
    withPage(pages, 'result', async (page) => {
      const { document: tree } = await truth(page);
      const rows = page.locator('.branches tbody tr');
      expect(await rows.count()).toBe(3);
      for (let row = 0; row < 3; row++) {
        const leaf = Number(await rows.nth(row).getAttribute('data-leaf'));
        let bits = 0;
        for (let at = tree.nodes[leaf]; at !== undefined; at = tree.nodes[at.parent])
          bits -= at.logProb / Math.LN2;
        const shown = rows.nth(row).locator('[data-figure]').first();
        expect(Number(await shown.getAttribute('data-figure'))).toBeCloseTo(bits, 9);
        expect(await shown.textContent()).toContain(bits.toFixed(2));
      }
    }));

  it('names a branch, runs to the length, pauses, and finds it all again after a reload', () =>
    withPage(pages, 'result', async (page) => {
      await page.locator('.branches .field').nth(1).fill('the other way');
      await page.keyboard.press('Tab');
      const before = (await truth(page)).document.nodes.length;
      await page.getByLabel('Tokens that a run adds').fill('12');
      await page.keyboard.press('Tab');
      await press(page, 'Run');
      await settled(page, before + 12);
      await page.getByLabel('Tokens that a run adds').fill('5000');
      await page.keyboard.press('Tab');
      await press(page, 'Run');
      await press(page, 'Pause');
      await expect.poll(() => page.locator('main').textContent()).toContain('Paused.');
      await page.waitForSelector('.next[aria-busy="false"]');
      const { document: tree } = await truth(page);
      expect(tree.nodes.some(({ name }) => name === 'the other way')).toBe(true);
      await expect
        .poll(() =>
          page.evaluate(() => JSON.parse(sessionStorage.getItem('ar-lens-state') ?? '{}') as SamplerDocument),
        )
        .toEqual(tree);
      await page.reload();
      await page.waitForSelector('main[data-state="result"]');
      expect((await truth(page)).document).toEqual(tree);
    }));

  it('is told why a run ended, by several stop texts that may hold a line end', () =>
    withPage(pages, 'fresh', async (page) => {
      const field = (at: number) => page.getByLabel(`Text ${at} that ends a run`);
      await field(1).fill('\\n');
      await page.keyboard.press('Tab');
      await expect.poll(() => field(2).count()).toBe(1);
      await field(2).fill('a');
      await page.keyboard.press('Tab');
      await expect.poll(async () => (await truth(page)).document.stop).toEqual(['\n', 'a']);
      expect(await field(1).inputValue()).toBe('\\n');
      await page.getByLabel('between texts').check();
      await expect.poll(async () => (await truth(page)).document.stopAtEnd).toBe(true);
      await press(page, 'Run');
      await expect
        .poll(() => page.locator('main').textContent())
        .toMatch(/The run ended at the stop text "(a|\\n)"\./);
      await field(1).fill('');
      await page.keyboard.press('Tab');
      await expect.poll(async () => (await truth(page)).document.stop).toEqual(['a']);
      // The line that has the focus and was not typed in follows, too.
      await expect
        .poll(async () => [await field(1).inputValue(), await field(2).inputValue()])
        .toEqual(['a', '']);
    }));

  it('draws the tree where the layout says, thicker where likelier', () =>
    withPage(pages, 'result', async (page) => {
      const inked = await page.locator('.grown .tree canvas').evaluate((element) => {
        const canvas = element as HTMLCanvasElement;
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        let count = 0;
        for (let at = 3; at < pixels.length; at += 4) if ((pixels[at] ?? 0) > 128) count++;
        return count;
      });
      expect(inked).toBeGreaterThan(500);
      await page.locator('.grown .tree').evaluate((element) => (element.scrollLeft = 0));
      const box = await page.locator('.grown .tree').boundingBox();
      const { document: tree } = await truth(page);
      await page.mouse.click((box?.x ?? 0) + 20, (box?.y ?? 0) + (box?.height ?? 0) / 2);
      await expect.poll(async () => (await truth(page)).document.current).not.toBe(tree.current);
    }));

  it('copies the data', () =>
    withPage(pages, 'result', async (page) => {
      await page.getByRole('button', { name: 'Copy as data' }).click();
      await page.getByRole('menuitem', { name: 'Copy tree as CSV' }).click();
      const copied = (await heard(page)).find(({ method }) => method === 'copy')?.params as { text: string };
      expect(copied.text.trim().split('\n')).toHaveLength((await truth(page)).document.nodes.length + 1);
    }));

  it('reads what is wrong with a setting in one sentence, and goes on', () =>
    withPage(pages, 'fresh', async (page) => {
      await page.evaluate(() => window.harness.refuse('prompt: expected a text to continue, got none.'));
      await page.getByLabel(/^Prompt/).fill('x');
      await page.keyboard.press('Tab');
      await expect
        .poll(() => page.getByRole('alert').allTextContents())
        .toEqual(['prompt: expected a text to continue, got none.']);
      await press(page, 'Next Token');
      await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    }));
});
