// What a person does in the views, done in a browser: buttons, keys, menus, the chart's cursor, copy, save, reload.
// And that the audit of pictures.test.ts finds what is planted for it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import type { ThemeFixture } from './themes';
import { THEMES } from './themes';
import { ViewPages } from './pages';
import { savePicture } from './saving';

let pages: ViewPages;
beforeAll(async () => {
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

const theme = THEMES[0] as ThemeFixture;
const heard = (page: Page) =>
  page.evaluate(() => window.harness.heard.map(({ method, params }) => ({ method, params })));
const lastHeard = async (page: Page, method: string) =>
  (await heard(page)).filter((one) => one.method === method).at(-1)?.params;

async function withPage(view: 'training' | 'likelihood', state: string, work: (page: Page) => Promise<void>) {
  const { page, complaints } = await pages.open(view, state, theme, view === 'training' ? 1200 : 300);
  await work(page);
  expect(complaints).toEqual([]);
  expect(await page.evaluate(() => window.harness.violations)).toEqual([]);
  await page.context().close();
}

describe('training', () => {
  it('of images is quoted in bits/dim and nats/image, with samples as pictures', () =>
    withPage('training', 'imageRun', async (page) => {
      const units = () =>
        page
          .locator('.figures [data-figure]')
          .evaluateAll((all) => all.map((each) => each.getAttribute('data-unit')));
      expect(await units()).toEqual(['bits/dim', 'nats/image', 'bits/dim']);
      const images = page.locator('.sample img');
      await expect.poll(() => images.count()).toBe(1);
      await expect
        .poll(() =>
          images.first().evaluate((each: HTMLImageElement) => [each.naturalWidth, each.naturalHeight]),
        )
        .toEqual([8, 8]);
      expect(await page.locator('.sample').last().innerText()).toContain('is gone');
      expect(await page.locator('.sample [data-unit="bits/dim"]').first().innerText()).toContain('0.600');
    }));

  it('pauses and stops by keyboard, in reading order', () =>
    withPage('training', 'result', async (page) => {
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect((await heard(page)).map(({ method }) => method)).toEqual(['ready', 'pause', 'stop']);
    }));

  it('says in one sentence what the host could not do, until the next state', () =>
    withPage('training', 'result', async (page) => {
      await page.evaluate(() => window.harness.refuse('This run is not training now.'));
      await page.locator('vscode-button', { hasText: 'Pause' }).click();
      await expect
        .poll(() => page.getByRole('alert').allTextContents())
        .toEqual(['This run is not training now.']);
      await page.evaluate(() => window.harness.show('result'));
      await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    }));

  it('reads values along the chart with arrow keys, and says them to screen readers', () =>
    withPage('training', 'result', async (page) => {
      const chart = page.getByRole('slider', { name: /Loss chart/ });
      expect(await chart.getAttribute('aria-valuetext')).toMatch(
        /^At step 6.240 of 10.000 the validation loss fell from/,
      );
      await chart.focus();
      await page.keyboard.press('Home');
      expect(await chart.getAttribute('aria-valuenow')).toBe('1');
      await page.keyboard.press('PageDown');
      expect(await chart.getAttribute('aria-valuenow')).toBe('2');
      await page.keyboard.press('End');
      await page.keyboard.press('ArrowLeft');
      const text = (await chart.getAttribute('aria-valuetext')) ?? '';
      expect(text).toMatch(/^step 5.\d{3}, training 1\.\d+ bits\/byte, validation 1\.\d+ bits\/byte at step/);
      expect(await page.evaluate(() => window.audit.bareNumbers())).toEqual([]);
      await page.keyboard.press('Escape');
      expect(await page.locator('.reading').textContent()).toBe('bits/byte by step, lower is better');
    }));

  it('reads under the pointer and keeps everything in place', () =>
    withPage('training', 'result', async (page) => {
      const before = await page.locator('.plots').boundingBox();
      await page
        .locator('.plots .u-over')
        .first()
        .hover({ position: { x: 300, y: 100 } });
      await expect
        .poll(() => page.locator('.reading').textContent())
        .toMatch(/^step .*training .*validation/);
      expect(await page.locator('.plots').boundingBox()).toEqual(before);
    }));

  it('changes unit, scale and smoothing, and remembers them after a reload', () =>
    withPage('training', 'result', async (page) => {
      await page.getByLabel('linear').check();
      const unit = page.locator('vscode-dropdown[aria-label="Unit"]');
      await unit.focus();
      await page.keyboard.press('ArrowDown');
      await expect.poll(() => page.locator('.reading').textContent()).toContain('nats/byte by step');
      expect(await page.locator('.figures').textContent()).toContain('nats/byte');
      await page.reload();
      await page.waitForSelector('[data-state="result"]');
      await expect.poll(() => page.locator('.reading').textContent()).toContain('nats/byte by step');
      expect(await page.getByLabel('linear').isChecked()).toBe(true);
      expect(await page.evaluate(() => sessionStorage.getItem('ar-lens-state'))).toContain(
        '"scale":"linear"',
      );
    }));

  it('compares runs from a menu that the keyboard walks', () =>
    withPage('training', 'result', async (page) => {
      const opener = page.getByRole('button', { name: 'Compare with other runs' });
      await opener.focus();
      await page.keyboard.press('Enter');
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-checked')))
        .toBe('true');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press(' ');
      const runs = ['/workspace/.arlens/runs/shakespeare/0', '/workspace/.arlens/runs/chain/2'];
      expect(await lastHeard(page, 'compare')).toEqual({ runs });
      await page.keyboard.press('Escape');
      expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
      expect(await page.getByRole('menu').count()).toBe(0);
    }));

  it('copies CSV and saves pictures', () =>
    withPage('training', 'result', async (page) => {
      await page.getByRole('button', { name: 'Copy as data' }).click();
      await page.getByRole('menuitem', { name: 'Copy as CSV' }).click();
      const { text } = (await lastHeard(page, 'copy')) as { text: string };
      expect(text.split('\n')).toHaveLength(6242);
      const { names, compared } = await savePicture(page);
      expect(names).toEqual(['shakespeare-training.png', 'shakespeare-training.svg']);
      expect(compared.width).toBeGreaterThan(800);
      expect(compared.height).toBeGreaterThan(500);
    }));

  it('says so where a picture cannot be made', () =>
    withPage('training', 'result', async (page) => {
      await page.evaluate(() => {
        HTMLCanvasElement.prototype.toBlob = (then) => then(null);
      });
      await page.getByRole('button', { name: 'Save picture' }).click();
      await page.getByRole('menuitem', { name: 'Save as PNG' }).click();
      await expect
        .poll(() => page.getByRole('alert').allTextContents())
        .toEqual([expect.stringMatching(/^No picture: A picture of \d+ by \d+ pixels is too large\.$/)]);
    }));

  it('paints in the picture what uPlot draws on the screen', () =>
    withPage('training', 'result', async (page) => {
      await savePicture(page);
      const differing = await page.evaluate(() =>
        window.savedPicture.compareWithScreen('.plots canvas', 16, 12),
      );
      // A curve one pixel wide lies between pixels a little differently.
      for (const share of differing) expect(share).toBeLessThan(0.02);
      expect(differing).toHaveLength(3);
    }));

  it('draws again when the theme changes', () =>
    withPage('training', 'result', async (page) => {
      const middle = () =>
        page.evaluate(() => {
          const canvas = document.querySelector('canvas');
          const text = canvas?.getContext('2d')?.getImageData(0, 0, 60, canvas.height).data ?? [];
          return Math.max(...text.filter((_, index) => index % 4 === 0));
        });
      const bright = await middle();
      await page.evaluate(() => {
        document.documentElement.style.setProperty('--vscode-foreground', '#202020');
        document.body.className = 'vscode-light';
      });
      await expect.poll(middle).toBeLessThan(bright - 40);
    }));
});

describe('likelihood', () => {
  it('says each figure with its count and badge, the perplexity with its stride', () =>
    withPage('likelihood', 'result', (page) =>
      expect
        .poll(() => page.locator('[role="status"][aria-live="polite"]').textContent())
        .toMatch(/ perplexity over \d+ tokens, stride 128, exact/),
    ));

  it('slides the threshold by keyboard, live', () =>
    withPage('likelihood', 'result', async (page) => {
      const slider = page.getByRole('slider', { name: /Hide tokens below/ });
      await slider.focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => slider.getAttribute('aria-valuetext')).toBe('4 bits');
      expect(await lastHeard(page, 'threshold')).toEqual({ bits: 4 });
      expect(await page.locator('.ar-bars .ar-hollow').count()).toBe(4);
    }));

  it('walks the worst tokens with arrows and goes to one with Enter', () =>
    withPage('likelihood', 'result', async (page) => {
      await page.locator('.worst button').first().focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      expect(await lastHeard(page, 'reveal')).toEqual({ token: 4 });
      expect(await page.locator('.worst button[tabindex="0"]').count()).toBe(1);
    }));

  it('offers its one action when there is nothing, and cancels while it works', () =>
    withPage('likelihood', 'empty', async (page) => {
      await page.locator('vscode-button', { hasText: 'Annotate this file' }).click();
      expect(await lastHeard(page, 'command')).toEqual({ command: 'arLens.annotate' });
      await page.evaluate(() => window.harness.show('working'));
      await page.locator('vscode-button', { hasText: 'Cancel' }).click();
      expect((await heard(page)).at(-1)?.method).toBe('cancel');
      await page.evaluate(() => window.harness.show('failed'));
      expect(await page.getByRole('alert').textContent()).toContain('ends at byte');
    }));
});

describe('the audit', () => {
  it('finds what is planted', () =>
    withPage('likelihood', 'result', async (page) => {
      const found = await page.evaluate(() => {
        const main = document.querySelector('main');
        const plant = (
          text: string,
          attributes: Record<string, string>,
          style: Record<string, string> = {},
        ) => {
          const element = document.createElement('p');
          element.textContent = text;
          for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
          for (const [key, value] of Object.entries(style)) element.style.setProperty(key, value);
          main?.append(element);
        };
        plant('3.14', {});
        plant('2 bits/byte exact', {
          'data-figure': '2',
          'data-unit': 'bits/byte',
          'data-count': '0',
          'data-of': 'bytes',
          'data-badge': 'exact',
        });
        plant('tiny', {}, { 'font-size': '9px' });
        plant('faint', {}, { color: '#444' });
        plant('wide', {}, { width: '900px' });
        plant('', { tabindex: '0' });
        const { bareNumbers, faintText, cutOff, unnamed } = window.audit;
        return [bareNumbers(), faintText(), cutOff(), unnamed()].map((findings) => findings.join('\n'));
      });
      expect(found[0]).toContain('bare number');
      expect(found[0]).toContain('figure without its denominator');
      expect(found[1]).toContain('9px text: "tiny"');
      expect(found[1]).toContain('contrast');
      expect(found[2]).toContain('ends at 9');
      expect(found[3]).toContain('no name');
    }));

  it('sees what the policy refuses and what leaves the page', async () => {
    const { page, complaints } = await pages.open('likelihood', 'empty', theme, 300);
    await page.evaluate(() => {
      document.body.insertAdjacentHTML('beforeend', '<p style="color: red">x</p>');
      void fetch('http://elsewhere.test/').catch(() => undefined);
    });
    await expect
      .poll(() => page.evaluate(() => window.harness.violations.join()))
      .toMatch(/style-src-attr.*connect-src/);
    expect(complaints).not.toEqual([]);
    await page.context().close();
  });
});
