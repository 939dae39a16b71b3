// The Image sampler view: every state in the themes; what is drawn against what was sent, pixel by pixel; stepping,
// forcing, choosing an image, a kept region, and what is saved and copied.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePicture } from '../../src/formats/picture';
import type { ImageSamplerContent } from '../../src/protocol/imageSamplerView';
import { expectPicture } from './expectPicture';
import { ViewPages } from './pages';
import { THEMES, type ThemeFixture } from './themes';

const [dark] = THEMES as [ThemeFixture];
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
  const { page, complaints } = await pages.open('imageSampler', state, theme, width);
  const result = await work(page);
  expect(complaints).toEqual([]);
  expect(await page.evaluate(() => window.harness.violations)).toEqual([]);
  await page.context().close();
  return result;
}

const heard = (page: Page, method: string) =>
  page.evaluate((name) => window.harness.heard.filter((one) => one.method === name), method);
const canvas = (page: Page) => page.locator('.frame canvas');
const press = (page: Page, name: string) => page.locator('vscode-button', { hasText: name }).first().click();

interface Truth {
  readonly content: ImageSamplerContent;
  readonly images: ReadonlyArray<readonly number[]>;
}
const truth = (page: Page): Promise<Truth> =>
  page.evaluate(() => (window.harness as unknown as { truth(): Truth }).truth());
const said = (page: Page) => canvas(page).getAttribute('aria-valuetext');

describe.each([
  ...['empty', 'working', 'failed', 'result', 'fresh', 'running', 'complete', 'rgb', 'kept'],
  ...['branched', 'cut', 'conditioned'],
])('%s', (state) => {
  it.each(THEMES)('$name', async (theme) => {
    for (const width of [360, 1200]) {
      await withPage(
        state,
        async (page) => {
          const name = `imageSampler.${state}.${width}.${theme.name}.png`;
          await expectPicture({ page, complaints: [] }, name);
        },
        theme,
        width,
      );
    }
  });
});

describe('drawing', () => {
  it('takes steps, and levels by hand, into the pixels that come next', () =>
    withPage('fresh', async (page) => {
      expect(await canvas(page).getAttribute('aria-valuetext')).toContain(
        '0 of 196 sub-pixels; next: Row 1, column 1',
      );
      await press(page, 'Step');
      await expect.poll(() => canvas(page).getAttribute('aria-valuetext')).toContain('next: Row 1, column 2');
      await page.getByLabel('Level to force').fill('250');
      await page.getByLabel('Level to force').press('Enter');
      await press(page, 'Force');
      await expect.poll(() => heard(page, 'force')).toEqual([{ method: 'force', params: { level: 250 } }]);
      await expect
        .poll(() => canvas(page).getAttribute('aria-valuetext'))
        .toContain('2.00 bits over 2 sub-pixels');
      const seen = await page.evaluate(() => {
        const own = document.querySelector<HTMLCanvasElement>('.frame canvas');
        const side = ((own?.width ?? 0) - 6) / 14;
        const data = own?.getContext('2d')?.getImageData(0, 0, own.width, own.height).data ?? [];
        const at = (column: number) =>
          4 * (Math.round(3 + side / 2) * (own?.width ?? 0) + Math.round(3 + (column + 0.5) * side));
        return [0, 1].map((column) => Array.from(data.slice(at(column), at(column) + 3)));
      });
      // The diagonal of the host: 255 · (1 − 2/4) at the first pixel; then what was forced.
      expect(seen).toEqual([
        [128, 128, 128],
        [250, 250, 250],
      ]);
    }));

  it('by a click on a bar forces that level', () =>
    withPage('rgb', async (page) => {
      const box = await page.locator('.ar-levels canvas').boundingBox();
      await page.locator('.ar-levels canvas').click({ position: { x: (box?.width ?? 0) - 12, y: 60 } });
      await expect.poll(() => heard(page, 'force')).toEqual([{ method: 'force', params: { level: 7 } }]);
    }));

  it('starts, pauses, goes back and clears', async () => {
    await withPage('result', async (page) => {
      for (const [name, method] of [
        ['Back', 'back'],
        ['Go On', 'run'],
        ['Start', 'begin'],
        ['Clear', 'clear'],
      ] as const) {
        await press(page, name);
        await expect.poll(() => heard(page, method)).toHaveLength(1);
      }
    });
    await withPage('running', async (page) => {
      await press(page, 'Pause');
      await expect.poll(() => heard(page, 'pause')).toHaveLength(1);
    });
  });

  it('changes temperature, class, guidance, seed, count and speed', () =>
    withPage('result', async (page) => {
      await page.getByLabel('Temperature').focus();
      await page.keyboard.press('ArrowRight');
      const settings = { seed: 5, temperature: 0.85, label: 3, guidance: 2 };
      await expect.poll(() => heard(page, 'change')).toEqual([{ method: 'change', params: { settings } }]);
      expect(await page.locator('.soFar').innerText()).toContain('under the guided distribution');
      await page.getByLabel('Images side by side').fill('16');
      await page.getByLabel('Images side by side').press('Enter');
      await expect
        .poll(() => heard(page, 'change'))
        .toContainEqual({ method: 'change', params: { count: 16 } });
      await page.locator('vscode-dropdown[aria-label="Class"]').click();
      await page.locator('vscode-option', { hasText: 'none' }).click();
      await expect
        .poll(() => heard(page, 'change'))
        .toContainEqual({ method: 'change', params: { settings: { seed: 5, temperature: 0.85 } } });
    }));
});

describe('branches', () => {
  it('begin at a pixel that is clicked, of one image; the others stay as they are', () =>
    withPage('result', async (page) => {
      const before = await truth(page);
      await press(page, 'Go On');
      await expect.poll(async () => (await truth(page)).content.step).toBe(196);
      const whole = await truth(page);
      expect(whole.images.map((levels) => levels.slice(0, 120))).toEqual(before.images);
      const box = await canvas(page).boundingBox();
      const [pitch, side] = [((box?.width ?? 0) - 6 + 12) / 5, ((box?.width ?? 0) - 6 - 48) / 5 / 14];
      // Image 5 is the last of the first row: its row 3, column 5.
      await canvas(page).click({ position: { x: 3 + 4 * pitch + 4.5 * side, y: 3 + 2.5 * side } });
      await expect.poll(() => said(page)).toContain('32 of 196 sub-pixels');
      expect(await page.locator('.together').innerText()).toContain('A step draws image 5 alone');
      await page.getByLabel('Level to force').fill('9');
      await page.getByLabel('Level to force').press('Enter');
      await press(page, 'Force');
      await expect.poll(() => said(page)).toContain('33 of 196 sub-pixels');
      await press(page, 'Go On');
      await expect.poll(async () => (await truth(page)).content.step).toBe(196);
      const { content, images } = await truth(page);
      expect(images.filter((_, image) => image !== 4)).toEqual(
        whole.images.filter((_, image) => image !== 4),
      );
      expect([images[4]?.slice(0, 32), images[4]?.[32]]).toEqual([whole.images[4]?.slice(0, 32), 9]);
      expect(content.stretches.map(({ branch, from, to }) => [branch, from, to])).toEqual([
        [0, 0, 32],
        [0, 32, 196],
        [1, 32, 196],
      ]);
      await expect.poll(() => page.locator('.branches tbody tr').count()).toBe(2);
      expect(await page.locator('.branches tbody tr.on').innerText()).toContain('r3 c5 = 9');
    }));

  it('are walked by keys and told with what the whole of each costs', () =>
    withPage('branched', async (page) => {
      const { content } = await truth(page);
      const rows = page.locator('.branches tbody tr');
      await expect.poll(() => rows.count()).toBe(4);
      for (let row = 0; row < 4; row++) {
        const leaf = Number(await rows.nth(row).getAttribute('data-leaf'));
        let nats = 0;
        for (let at = content.stretches[leaf]; at !== undefined; at = content.stretches[at.parent])
          nats += at.nats;
        const count = content.stretches[leaf]?.to ?? 0;
        const figures = await rows
          .nth(row)
          .locator('[data-figure]')
          .evaluateAll((all) =>
            all.map(({ dataset }) => [dataset['unit'], Number(dataset['figure']), dataset['count']]),
          );
        expect(figures.map(([unit]) => unit)).toEqual(['nats', 'bits', 'bits/dim']);
        // Each level of the toy costs one bit.
        for (const [at, value] of [nats, count, 1].entries()) expect(figures[at]?.[1]).toBeCloseTo(value, 5);
        expect(figures.every(([, , of]) => of === String(count))).toBe(true);
      }
      const turns = await page.locator('.turns').innerText();
      expect(turns).toContain('seed 3, temperature 0.5');
      expect(turns).toContain('From row 7, column 7 on temperature 0.2, top-p 0.9');
      const tree = page.locator('.tree');
      await tree.focus();
      await page.keyboard.press('Home');
      await expect.poll(async () => (await truth(page)).content.step).toBe(0);
      await page.keyboard.press('ArrowRight');
      await expect.poll(async () => (await truth(page)).content.step).toBe(40);
      await page.keyboard.press('End');
      await expect.poll(async () => (await truth(page)).content.step).toBe(196);
      await expect.poll(() => tree.getAttribute('aria-label')).toContain('Image 2: 196 sub-pixels are there');
      // Back within the branch by its own slider, and on again as it was.
      await page.getByRole('slider', { name: 'Place' }).focus();
      await page.keyboard.press('ArrowLeft');
      await expect.poll(() => said(page)).toContain('195 of 196 sub-pixels');
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => said(page)).toContain('196 of 196 sub-pixels');
      await press(page, 'Go On with These Settings');
      await expect.poll(async () => (await truth(page)).content.choice.settings.seed).toBe(1);
    }));

  it('are there again after a reload, with their names', () =>
    withPage('branched', async (page) => {
      await page.getByLabel('Name of branch 1').fill('the first');
      await page.keyboard.press('Tab');
      await expect.poll(() => heard(page, 'name')).toHaveLength(1);
      const { content, images } = await truth(page);
      await expect
        .poll(() => page.evaluate(() => sessionStorage.getItem('ar-lens-state') ?? ''))
        .toContain('the first');
      await page.reload();
      await expect.poll(() => page.locator('.branches tbody tr').count()).toBe(4);
      const again = await truth(page);
      expect(again.images).toEqual(images);
      expect(again.content.stretches).toEqual(content.stretches);
      expect(again.content).toMatchObject({ at: content.at, step: content.step, choice: content.choice });
    }));

  it('show what temperature and cuts do to the next sub-pixel, before and after', () =>
    withPage('cut', async (page) => {
      expect(await page.locator('.pair .ar-levels').count()).toBe(2);
      const { content } = await truth(page);
      const kept = content.next?.probability;
      const stay = Object.values(kept ?? {}).filter((p) => p > 0).length;
      expect(await page.locator('.next .ar-note').first().innerText()).toContain(
        `${stay} of 256 levels stay`,
      );
    }));
});

describe('a class', () => {
  it('is offered by its number and its name, and asked for by its number', () =>
    withPage('named', async (page) => {
      await page.locator('vscode-dropdown[aria-label="Class"]').click();
      expect(await page.locator('vscode-dropdown[aria-label="Class"] vscode-option').allInnerTexts()).toEqual(
        ['none', 'each in turn', '0 · emblems', '1 · emotes', '2 · mimetypes'],
      );
      await page.getByRole('option', { name: '2 · mimetypes' }).click();
      const settings = { seed: 1, temperature: 1, label: 2 };
      await expect.poll(() => heard(page, 'change')).toEqual([{ method: 'change', params: { settings } }]);
    }));
});

describe('the images', () => {
  it('are gone through by keys and pointer', () =>
    withPage('result', async (page) => {
      await canvas(page).focus();
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => heard(page, 'change')).toEqual([{ method: 'change', params: { image: 5 } }]);
      await canvas(page).click({ position: { x: 10, y: 10 } });
      await expect
        .poll(() => heard(page, 'change'))
        .toContainEqual({ method: 'change', params: { image: 0 } });
    }));

  it('are saved a pixel a pixel', () =>
    withPage('complete', async (page) => {
      await press(page, 'Save Images');
      await expect.poll(() => heard(page, 'save')).toHaveLength(1);
      const bytes = await page.evaluate(() => {
        const { params } = window.harness.heard.find(({ method }) => method === 'save') ?? {};
        return Array.from((params as { data: Uint8Array }).data);
      });
      const { height, width, rgb } = decodePicture(Uint8Array.from(bytes), 'saved');
      expect([height, width]).toEqual([14, 14]);
      // Two levels: white on the moved diagonal, black far from it.
      expect([rgb[3 * (2 * 14 + 0)], rgb[3 * (0 * 14 + 13)]]).toEqual([0, 0]);
      expect(rgb[3 * (0 * 14 + 2)]).toBe(255);
      await press(page, 'Log-Probs');
      await expect.poll(() => heard(page, 'toLogProbs')).toHaveLength(1);
    }));

  it('keep a region that is dragged or typed', () =>
    withPage('kept', async (page) => {
      expect(await page.locator('.keeping').innerText()).toContain('causal-order inpainting');
      const box = await canvas(page).boundingBox();
      const side = ((box?.width ?? 0) - 6) / 14;
      const at = (cell: number) => 3 + (cell + 0.5) * side;
      await page.mouse.move((box?.x ?? 0) + at(2), (box?.y ?? 0) + at(3));
      await page.mouse.down();
      await page.mouse.move((box?.x ?? 0) + at(5), (box?.y ?? 0) + at(9));
      await page.mouse.up();
      await expect
        .poll(() => heard(page, 'region'))
        .toEqual([{ method: 'region', params: { region: { top: 3, left: 2, bottom: 10, right: 6 } } }]);
      await page.getByLabel('Kept: last row').fill('5');
      await page.getByLabel('Kept: last row').press('Enter');
      await expect
        .poll(() => heard(page, 'region'))
        .toContainEqual({
          method: 'region',
          params: { region: { top: 0, left: 0, bottom: 5, right: 14 } },
        });
      await press(page, 'Keep Nothing');
      await expect
        .poll(() => heard(page, 'region'))
        .toContainEqual({ method: 'region', params: { region: null } });
    }));
});

describe('pictures that images are given', () => {
  it('stand beside them, with where they come from and whose probability it is', () =>
    withPage('conditioned', async (page) => {
      const words = await page.locator('.given').innerText();
      expect(words).toContain('given its picture at 1/7 of its height and width, of digits.idx, number 3');
      expect(words).toContain('p(x | picture)');
      const shades = await page.locator('.given canvas').evaluate((element) => {
        const { width, height } = element as HTMLCanvasElement;
        const context = (element as HTMLCanvasElement).getContext('2d');
        const side = (width * 70) / 222;
        // One look: a second one makes the browser complain.
        const line = context?.getImageData(0, Math.round(height / 2), width, 1).data ?? [];
        const at = (x: number) => line[4 * Math.round(x)];
        return [at(side * 0.25), at(side * 0.75), at(width - side * 0.25)];
      });
      expect(shades).toEqual([40, 220, 220]);
      const drawn = await canvas(page).getAttribute('aria-valuetext');
      expect(drawn).toContain('under the model given its picture at 1/7 of its height and width, exact');
    }));

  it('are chosen: one after another, one for all, from a file, or the run’s own', () =>
    withPage('conditioned', async (page) => {
      const asked = async () =>
        (await heard(page, 'change')).map(
          ({ params }) => (params as { settings: { condition?: unknown } }).settings.condition,
        );
      await page.getByLabel('Which picture').fill('5');
      await page.getByLabel('Which picture').press('Enter');
      await expect.poll(asked).toEqual([{ file: '/w/digits.idx', image: 4 }]);
      await press(page, 'The Run’s Own');
      await expect.poll(asked).toContainEqual({ image: 4 });
      await press(page, 'Take Them from a File…');
      await expect.poll(async () => (await heard(page, 'conditionFrom')).length).toBe(1);
    }));

  it('are nobody’s business by a model that reads none', () =>
    withPage('fresh', async (page) => expect(await page.locator('.given').count()).toBe(0)));
});
