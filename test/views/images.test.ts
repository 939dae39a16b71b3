// The Images view: every state in the themes, the grid of sixty thousand, crosshair and keys, what a pixel holds against
// the data it was sent, and what is asked of the host.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bitsOf, IMAGE_FIXTURES, labelOf, natsOf, thumbnailsOf, type Fixture } from './page/imagesFixtures';
import { expectPicture } from './expectPicture';
import { ViewPages } from './pages';
import { THEMES, type ThemeFixture } from './themes';

const [dark] = THEMES as [ThemeFixture];
const RESULT = IMAGE_FIXTURES['result'] as Fixture;
let pages: ViewPages;
beforeAll(async () => {
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

async function withPage<T>(
  state: string,
  work: (page: Page) => Promise<T>,
  theme = dark,
  width = 1200,
): Promise<T> {
  const { page, complaints } = await pages.open('images', state, theme, width);
  const result = await work(page);
  expect(complaints).toEqual([]);
  expect(await page.evaluate(() => window.harness.violations)).toEqual([]);
  await page.context().close();
  return result;
}

const heard = (page: Page, method: string) =>
  page.evaluate((name) => window.harness.heard.filter((one) => one.method === name), method);
const stage = (page: Page) => page.locator('.large canvas');
const grid = (page: Page) => page.locator('.gallery .frame');

describe.each([
  'empty',
  'working',
  'failed',
  'result',
  'rgb',
  'binary',
  'single',
  'labelled',
  'named',
  'scoring',
  'unscored',
  'refused',
])('%s', (state) => {
  it.each(THEMES)('$name', async (theme) => {
    for (const width of [360, 1200]) {
      await withPage(
        state,
        async (page) => {
          const name = `images.${state}.${width}.${theme.name}.png`;
          await expectPicture({ page, complaints: [] }, name);
        },
        theme,
        width,
      );
    }
  });
});

describe('one image', () => {
  it('is drawn pixel by pixel as it was sent', () =>
    withPage('result', async (page) => {
      await page.getByLabel('not', { exact: true }).check();
      await stage(page).focus();
      // The crosshair is in the last pixel: no other is covered by its lines.
      await page.keyboard.press('End');
      await page.keyboard.press('PageDown');
      await expect.poll(() => stage(page).getAttribute('aria-valuetext')).toContain('Row 12, column 14');
      const { pixels } = thumbnailsOf(RESULT, [0]);
      const seen = await page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('.large canvas');
        const { width = 0, height = 0 } = canvas ?? {};
        // Read once: a canvas that is read again and again is moved to another kind of memory.
        const data = canvas?.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
        return { width, height, data: Array.from(data) };
      });
      const side = Math.round(seen.height / RESULT.height);
      for (const [row, column] of [
        [0, 0],
        [3, 4],
        [5, 9],
        [10, 2],
      ] as const) {
        const at = 4 * ((row * side + (side >> 1)) * seen.width + column * side + (side >> 1));
        const value = pixels[row * RESULT.width + column] ?? -1;
        expect(seen.data.slice(at, at + 4), `${row}, ${column}`).toEqual([value, value, value, 255]);
      }
    }));

  it('says what a pixel holds, and asks for its distribution, by keys and pointer', () =>
    withPage('result', async (page) => {
      await stage(page).focus();
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
      const nats = natsOf(RESULT, 0);
      const at = 2 * RESULT.width + 1;
      const words = `level ${nats.level[at]}, ${((nats.logProb[at] ?? 0) / -Math.LN2).toFixed(2)} bits`;
      await expect.poll(() => stage(page).getAttribute('aria-valuetext')).toContain(words);
      await expect
        .poll(() => heard(page, 'point'))
        .toContainEqual({
          method: 'point',
          params: { image: 0, row: 2, column: 1 },
        });
      await stage(page).hover({ position: { x: 3, y: 3 } });
      await expect.poll(() => page.locator('.reading h2').innerText()).toBe('Row 1, column 1');
      await page.mouse.move(0, 0);
      await expect.poll(() => page.locator('.reading h2').innerText()).toBe('Row 3, column 2');
    }));

  it('has its bits beside or over it, channel by channel, and zooms', () =>
    withPage('rgb', async (page) => {
      const width = () =>
        page.evaluate(() => document.querySelector<HTMLCanvasElement>('.large canvas')?.width);
      const beside = await width();
      await page.getByLabel('over', { exact: true }).check();
      await expect.poll(width).not.toBe(beside);
      await expect.poll(() => page.locator('.subpixels tbody tr').count()).toBe(3);
      await page.getByLabel('G', { exact: true }).check();
      await expect.poll(() => page.locator('.subpixels tbody th').allInnerTexts()).toEqual(['green']);
      await expect.poll(() => page.locator('.ar-levels canvas').count()).toBe(1);
      await stage(page).focus();
      await page.keyboard.press('+');
      await expect.poll(() => page.locator('.large .hint').innerText()).toContain('2 ×');
    }));
});

describe('the grid', () => {
  it('puts outliers first, and goes to any image by keys', () =>
    withPage('result', async (page) => {
      const order = Array.from({ length: RESULT.images }, (_, image) => image).sort(
        (a, b) => Math.fround(bitsOf(b)) - Math.fround(bitsOf(a)) || a - b,
      );
      await grid(page).focus();
      await page.keyboard.press('Home');
      const [first = -1, second = -1] = order;
      const words = (image: number, place: number) =>
        `Image ${image + 1}, ${bitsOf(image).toFixed(3)} bits/dim, place ${place} of 240`;
      await expect.poll(() => grid(page).getAttribute('aria-valuetext')).toBe(words(first, 1));
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => grid(page).getAttribute('aria-valuetext')).toBe(words(second, 2));
      await expect
        .poll(() => heard(page, 'look'))
        .toContainEqual({ method: 'look', params: { image: second } });
      await page.getByLabel('As in the file').check();
      await grid(page).focus();
      await page.keyboard.press('Home');
      await expect.poll(() => grid(page).getAttribute('aria-valuetext')).toContain('Image 1, ');
    }));

  it('of sixty thousand scrolls from end to end, draws what is in sight, and fetches no more', () =>
    withPage('many', async (page) => {
      const before = (await heard(page, 'slice')).length;
      await page.evaluate(() => window.harness.frames());
      const steps = 60;
      for (let step = 1; step <= steps; step++) {
        await page.evaluate((share) => {
          const frame = document.querySelector('.gallery .frame');
          frame?.scrollTo({ top: share * (frame.scrollHeight - frame.clientHeight) });
          return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        }, step / steps);
      }
      const frames = await page.evaluate(() => window.harness.frames());
      const sorted = [...frames].sort((a, b) => a - b);
      const median = sorted[sorted.length >> 1] ?? 0;
      console.log(
        `scrolling 60,000 images: ${frames.length} frames, median ${median.toFixed(1)} ms, slowest ${(sorted.at(-1) ?? 0).toFixed(1)} ms`,
      );
      expect(median).toBeLessThan(16);
      const asked = (await heard(page, 'slice')).slice(before);
      const fetched = asked.reduce(
        (sum, one) => sum + (one.params as { indices: number[] }).indices.length,
        0,
      );
      expect(fetched).toBeLessThan(steps * 400);
      // The last row is drawn.
      await expect
        .poll(() =>
          page.evaluate(() => {
            const canvas = document.querySelector<HTMLCanvasElement>('.gallery canvas');
            const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
            return Array.from(data).some((value) => value > 0);
          }),
        )
        .toBe(true);
    }));
});

describe('scoring', () => {
  it('shows what has arrived and can be stopped, and started again', async () => {
    await withPage('scoring', async (page) => {
      expect(await page.locator('[data-row="bits/dim"]').innerText()).toContain(
        'over 15\u202f120 sub-pixels',
      );
      await page.locator('vscode-button', { hasText: 'Stop' }).click();
      await expect.poll(() => heard(page, 'stopScoring')).toHaveLength(1);
    });
    await withPage('stopped', async (page) => {
      await page.locator('vscode-button', { hasText: 'Score Again' }).click();
      await expect.poll(() => heard(page, 'scoreAgain')).toHaveLength(1);
    });
  });

  it('without a run shows the images, and what would make scores', () =>
    withPage('unscored', async (page) => {
      expect(await stage(page).getAttribute('aria-valuetext')).toMatch(/^Row 1, column 1: \d+ of 255$/);
      await page.locator('.scoring vscode-button', { hasText: 'Train' }).click();
      await expect
        .poll(() => heard(page, 'command'))
        .toEqual([
          { method: 'command', params: { command: 'arLens.trainOnFile', argument: '/w/digits.idx' } },
        ]);
    }));

  it('by another run is asked for', () =>
    withPage('result', async (page) => {
      await page.locator('vscode-dropdown[aria-label="The run that scores"]').click();
      await page.locator('vscode-option', { hasText: 'gated' }).click();
      await expect
        .poll(() => heard(page, 'choose'))
        .toEqual([{ method: 'choose', params: { run: '/w/.arlens/runs/gated/b' } }]);
    }));
});

describe('classes', () => {
  const ledger = (page: Page) => page.locator('[aria-label="Ledger of units"] .ar-label');

  it('stand at each image, large and small, and in what is copied', async () => {
    for (const state of ['labelled', 'named']) {
      await withPage(state, async (page) => {
        const fixture = IMAGE_FIXTURES[state] as Fixture;
        const words = (image: number) => {
          const label = labelOf(fixture, image) ?? -1;
          return `class ${fixture.classNames[label] ?? label}`;
        };
        await page.getByLabel('As in the file').check();
        await grid(page).focus();
        await page.keyboard.press('Home');
        await page.keyboard.press('ArrowRight');
        await expect.poll(() => page.locator('.large h2').innerText()).toBe(`Image 2, ${words(1)}`);
        expect(await grid(page).getAttribute('aria-valuetext')).toBe(
          `Image 2, ${bitsOf(1).toFixed(3)} bits/dim, ${words(1)}, place 2 of 240`,
        );
        expect(await stage(page).getAttribute('aria-label')).toBe(`Pixels of image 2, ${words(1)}`);
        expect(await page.locator('[data-given]').innerText()).toBe(`given ${words(1)}, p(x | class)`);
        expect(await ledger(page).innerText()).toContain('each image given its class, p(x | class)');
        const copied = async (item: string) => {
          const before = (await heard(page, 'copy')).length;
          await page.getByLabel('Copy as data').click();
          await page.getByText(item, { exact: true }).click();
          await expect.poll(async () => (await heard(page, 'copy')).length).toBe(before + 1);
          return ((await heard(page, 'copy')).at(-1)?.params as { text: string }).text;
        };
        const [head, ...rows] = (await copied('Copy images as CSV')).trim().split('\n');
        const named = fixture.classNames.length > 0;
        expect(head?.split(',').slice(0, named ? 3 : 2)).toEqual(
          named ? ['image', 'class', 'class name'] : ['image', 'class'],
        );
        const labels = rows.map((row) => Number(row.split(',')[1]));
        expect(labels).toEqual(Array.from({ length: fixture.images }, (_, image) => labelOf(fixture, image)));
        const all = JSON.parse(await copied('Copy all as JSON')) as {
          given: string;
          summary: { given: string };
        };
        expect([all.given, all.summary.given]).toEqual(['each image given its class, p(x | class)', 'class']);
      });
    }
  });

  it('can be left out, and taken in again', async () => {
    await withPage('labelled', async (page) => {
      await page.getByLabel('without', { exact: true }).check();
      await expect
        .poll(() => heard(page, 'chooseLabels'))
        .toEqual([{ method: 'chooseLabels', params: { use: false } }]);
    });
    await withPage('unlabelled', async (page) => {
      expect(await ledger(page).innerText()).toContain('without a class, whatever labels there are');
      expect(await page.locator('[data-given]').innerText()).toBe('without a class');
      expect(await page.locator('.large h2').innerText()).toMatch(/^Image \d+$/);
      await page.getByLabel('with labels').check();
      await expect
        .poll(() => heard(page, 'chooseLabels'))
        .toEqual([{ method: 'chooseLabels', params: { use: true } }]);
    });
  });

  it('are said to be missing where none were found', () =>
    withPage('unfound', async (page) => {
      expect(await ledger(page).innerText()).toContain(
        'without a class: no labels were found for these images',
      );
    }));

  it('are nobody’s business by a model that has none', () =>
    withPage('result', async (page) => {
      expect(await page.getByLabel('with labels').count()).toBe(0);
      expect(await page.locator('main').innerText()).not.toContain('class');
    }));
});

it('says and shows the picture that each image is given', () =>
  withPage('conditioned', async (page) => {
    const words = 'given its picture at 1/2 of its height and width, p(x | picture)';
    expect(await page.getByLabel('Ledger of units').innerText()).toContain(`each image ${words}`);
    await grid(page).focus();
    await page.keyboard.press('Home');
    const given = page.locator('[data-given-picture]');
    await expect.poll(() => given.innerText()).toBe(words);
    const shades = await given.locator('canvas').evaluate((element) => {
      const { width, height } = element as HTMLCanvasElement;
      const context = (element as HTMLCanvasElement).getContext('2d');
      const line = context?.getImageData(Math.round(width / 2), 0, 1, height).data ?? [];
      return [0.25, 0.75].map((share) => line[4 * Math.round(height * share)]);
    });
    expect(shades).toEqual([30, 210]);
  }));
