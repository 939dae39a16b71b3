// The causal mask view in a browser: cells compared with the data, what a person does with keys, wheel and pointer, and
// how long a frame takes at 1,024 × 1,024. The figures are printed.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LEAKING, maskContent, NO_CHECKS, OUTCOMES } from './page/causalMask';
import { ViewPages } from './pages';
import { THEMES, type ThemeFixture } from './themes';

const FRAME = 1000 / 60;
const LEFT = 34;
const TOP = 32;

let pages: ViewPages;
beforeAll(async () => {
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

const dark = THEMES[0] as ThemeFixture;
const heard = (page: Page, method: string) =>
  page.evaluate(
    (name) => window.harness.heard.filter((one) => one.method === name).map(({ params }) => params),
    method,
  );

async function withPage(state: string, work: (page: Page) => Promise<void>, width = 1200, theme = dark) {
  const { page, complaints } = await pages.open('causalMask', state, theme, width, 1000);
  await work(page);
  // Reading pixels back is the test's doing, not the view's.
  expect(complaints.filter((each) => !each.includes('willReadFrequently'))).toEqual([]);
  expect(await page.evaluate(() => window.harness.violations)).toEqual([]);
  await page.context().close();
}

interface Rgb {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

/** The colours at the middles of cells (or at a corner of them) of the matrix whose name starts so. */
const coloursAt = (page: Page, name: string, points: ReadonlyArray<readonly [x: number, y: number]>) =>
  page.evaluate(
    ({ label, places }) => {
      const canvas = document.querySelector<HTMLCanvasElement>(`.matrix[aria-label^="${label}"] canvas`);
      const context = canvas?.getContext('2d');
      const ratio = window.devicePixelRatio;
      return places.map(([x = 0, y = 0]) => {
        const [red = 0, green = 0, blue = 0] =
          context?.getImageData(Math.floor(x * ratio), Math.floor(y * ratio), 1, 1).data ?? [];
        return { red, green, blue };
      });
    },
    { label: name, places: points.map(([x, y]) => [x, y]) },
  );

const tokens = (page: Page): Promise<Record<string, Rgb>> =>
  page.evaluate(() => {
    const brush = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const probe = document.createElement('span');
    document.body.append(probe);
    const read = (token: string) => {
      probe.style.color = `var(--ar-${token})`;
      if (brush === null) return { red: 0, green: 0, blue: 0 };
      brush.fillStyle = getComputedStyle(probe).color;
      brush.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0] = brush.getImageData(0, 0, 1, 1).data;
      return { red, green, blue };
    };
    const found = Object.fromEntries(['seen', 'future', 'leak', 'bg'].map((name) => [name, read(name)]));
    probe.remove();
    return found;
  });

const near = (a: Rgb, b: Rgb | undefined, by = 3) =>
  b !== undefined &&
  Math.abs(a.red - b.red) <= by &&
  Math.abs(a.green - b.green) <= by &&
  Math.abs(a.blue - b.blue) <= by;

const { report: leaking } = maskContent(LEAKING);
const cellOf = (length: number, side: number) => Math.floor(side / length);
/** Of the cells' square, as the canvas has it. */
const sideOf = (page: Page) =>
  page.evaluate(() => (document.querySelector<HTMLCanvasElement>('.matrix canvas')?.clientWidth ?? 0) - 36);
const matrix = (page: Page, name: string) => page.getByRole('slider', { name: new RegExp(`^${name}`) });
const readout = (page: Page) => page.locator('.readout').textContent();

describe('what is drawn is the data', () => {
  it.each(THEMES)('each kind of cell by its own pattern, $name', async (theme) => {
    await withPage(
      'leaking',
      async (page) => {
        const cell = cellOf(36, await sideOf(page));
        const colours = await tokens(page);
        const wrong: string[] = [];
        for (const name of ['Declared', 'Measured']) {
          const points: Array<readonly [number, number]> = [];
          for (let at = 0; at < 36 * 36; at++) {
            const [x, y] = [LEFT + (at % 36) * cell, TOP + Math.floor(at / 36) * cell];
            // The middle tells a fill from a frame; a quarter in, a cross from both.
            const middle = Math.floor((cell - 1) / 2);
            points.push([x + middle, y + middle], [x + 2, y + Math.floor(cell / 2)]);
          }
          const drawn = await coloursAt(page, name, points);
          for (let at = 0; at < 36 * 36; at++) {
            const [may, does] = [leaking.declared[at] === 1, leaking.measured[at] === 1];
            const allowed = at % 36 <= Math.floor(at / 36);
            const [middle, beside] = [drawn[2 * at], drawn[2 * at + 1]];
            if (middle === undefined || beside === undefined) throw new Error('no pixel');
            const expected =
              name === 'Declared'
                ? may
                  ? 'seen'
                  : allowed
                    ? 'dot'
                    : 'future'
                : does
                  ? may
                    ? 'seen'
                    : 'leak'
                  : may
                    ? 'open'
                    : allowed
                      ? 'dot'
                      : 'future';
            const is = {
              seen: near(middle, colours['seen']) && near(beside, colours['seen']),
              future: near(middle, colours['future']) && near(beside, colours['future']),
              // A cross through the middle on the theme's ground.
              leak: !near(middle, colours['bg'], 40) && near(beside, colours['bg']),
              open: near(middle, colours['bg']),
              dot: near(beside, colours['bg']) && !near(middle, colours['bg'], 20),
            }[expected];
            if (!is) wrong.push(`${name} ${Math.floor(at / 36)}, ${at % 36}: not ${expected}`);
          }
        }
        expect(wrong).toEqual([]);
      },
      1200,
      theme,
    );
  });

  it('counts every cell once, in the legend', () =>
    withPage('leaking', async (page) => {
      const counts = await page.locator('.legend td').allTextContents();
      const numbers = counts.map((each) => Number(each.replaceAll('\u202f', '')));
      expect(numbers.slice(0, 5).reduce((sum, each) => sum + each, 0)).toBe(36 * 36);
      expect(numbers[4]).toBe(leaking.leaks);
      expect(numbers[1]).toBe(leaking.unseen);
      expect(await page.locator('.verdict').getAttribute('data-verdict')).toBe('leaking');
      expect(await page.locator('.verdict .answer').textContent()).toBe(leaking.verdict);
    }));
});

describe('a person', () => {
  it('reads a pair under the pointer and by keys', () =>
    withPage('leaking', async (page) => {
      const cell = cellOf(36, await sideOf(page));
      await matrix(page, 'Measured')
        .locator('canvas')
        .hover({ position: { x: LEFT + 21.5 * cell, y: TOP + 14.5 * cell } });
      await expect
        .poll(() => readout(page))
        .toBe('output 14, input 21: declared masked, measured reached: a leak, 7 ahead');
      await page.mouse.move(2, 2);
      const declared = matrix(page, 'Declared');
      await declared.focus();
      for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
      const said = 'output 2, input 1: declared allowed, measured reached';
      await expect.poll(() => declared.getAttribute('aria-valuetext')).toBe(said);
      expect(await readout(page)).toBe(said);
      await page.keyboard.press('End');
      await expect.poll(() => readout(page)).toMatch(/^output 2, input 35: declared masked/);
      await page.keyboard.press('Escape');
      await expect.poll(() => declared.getAttribute('aria-valuetext')).toBe('no pair is chosen');
    }));

  it('goes to leaks by distance, one after the other', () =>
    withPage('leaking', async (page) => {
      await page.locator('vscode-button', { hasText: 'Show the First Leak' }).click();
      await expect.poll(() => readout(page)).toMatch(/^output 0, input 1: .*a leak, 1 ahead$/);
      const group = page.locator('.leaks button', { hasText: '7 ahead' });
      await group.focus();
      for (const output of [14, 15, 16, 14]) {
        await page.keyboard.press('Enter');
        await expect.poll(() => readout(page)).toMatch(new RegExp(`^output ${output}, input ${output + 7}:`));
      }
      expect(await group.getAttribute('class')).toContain('on');
    }));

  it('zooms from the whole of 1,024 down to single cells, and moves there', () =>
    withPage('large', async (page) => {
      const measured = matrix(page, 'Measured');
      const side = await sideOf(page);
      const middle = { x: LEFT + (703.5 / 1024) * side, y: TOP + (700.5 / 1024) * side };
      await measured.locator('canvas').hover({ position: middle });
      await expect.poll(() => readout(page)).toMatch(/^outputs 688 to 703, inputs 688 to 703: .* 1 leak$/);
      for (let turn = 0; turn < 12; turn++) await page.mouse.wheel(0, -400);
      // A pair of its own, with its index: the pointer still rests on the leak's block.
      await expect.poll(() => readout(page)).toMatch(/^output 70\d, input 70\d: /);
      await page.locator('vscode-button', { hasText: 'Show the First Leak' }).click();
      await page.mouse.move(2, 2);
      await expect.poll(() => readout(page)).toMatch(/^output 700, input 703: .* a leak, 3 ahead$/);
      await measured.focus();
      await page.keyboard.press('0');
      await page.keyboard.press('+');
      await page.keyboard.press('Shift+ArrowRight');
      const kept = () =>
        page.evaluate(
          () => JSON.parse(sessionStorage.getItem('ar-lens-state') ?? '{}') as { x: number; zoom: number },
        );
      await expect.poll(async () => (await kept()).zoom).toBeCloseTo(1.5);
      expect((await kept()).x).toBeGreaterThan(200);
      const before = (await kept()).x;
      const box = await measured.locator('canvas').boundingBox();
      if (box === null) throw new Error('no canvas');
      await page.mouse.move(box.x + 200, box.y + 200);
      await page.mouse.down();
      await page.mouse.move(box.x + 260, box.y + 200, { steps: 4 });
      await page.mouse.up();
      await expect.poll(async () => (await kept()).x).toBeLessThan(before - 50);
      await page.locator('vscode-button[aria-label^="Show the whole"]').click();
      await expect.poll(async () => (await kept()).zoom).toBe(1);
    }));

  it('names an image’s pixels by row and column, and its leaks by where they lie', () =>
    withPage('image', async (page) => {
      expect(await page.locator('.answer').textContent()).toContain('output (0, 0) depends on input (0, 1)');
      await page.getByRole('button', { name: /^1 right/ }).click();
      await expect
        .poll(() => readout(page))
        .toContain('output (0, 0), input (0, 1): declared masked, measured reached');
      expect(await readout(page)).toContain('a leak, 1 right');
      expect(await page.locator('.compared tbody').textContent()).toContain('images of 7 × 7');
      expect(await page.locator('.positions').textContent()).toBe('sub-pixels of an image');
      await page.getByRole('button', { name: 'Copy as data' }).click();
      await page.getByRole('menuitem', { name: 'Copy the leaks as CSV' }).click();
      await expect.poll(() => heard(page, 'copy')).toHaveLength(1);
      expect(JSON.stringify(await heard(page, 'copy'))).toContain('input lies (pixels from the output)');
    }));

  it('lets the page scroll once there is nothing left to zoom', () =>
    withPage('large', async (page) => {
      await matrix(page, 'Measured')
        .locator('canvas')
        .hover({ position: { x: 200, y: 200 } });
      await page.mouse.wheel(0, 200);
      await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(0);
    }));

  it('chooses a layer, and what stands beside it, and finds them again after a reload', () =>
    withPage('leaking', async (page) => {
      await page.getByLabel(/^1 · Attention of block 1/).check();
      await expect
        .poll(() => page.locator('.main .ar-cap').first().textContent())
        .toBe('Declared1 · Attention of block 1');
      const cell = cellOf(36, await sideOf(page));
      const [near5, far5] = [
        [20, 16],
        [20, 15],
      ].map(
        ([output = 0, input = 0]) => [LEFT + (input + 0.5) * cell, TOP + (output + 0.5) * cell] as const,
      ) as [readonly [number, number], readonly [number, number]];
      const colours = await tokens(page);
      const [inside, outside] = await coloursAt(page, 'Declared', [near5, far5]);
      expect(near(inside as Rgb, colours['seen'])).toBe(true);
      expect(near(outside as Rgb, colours['seen'])).toBe(false);
      await page.getByLabel('By itself').check();
      await page.reload();
      await page.waitForSelector('[data-state="result"]');
      await expect.poll(() => page.getByLabel('By itself').isChecked()).toBe(true);
      expect(await page.getByLabel(/^1 · Attention of block 1/).isChecked()).toBe(true);
      const state = await page.evaluate(() => sessionStorage.getItem('ar-lens-state') ?? '');
      expect(JSON.parse(state)).toMatchObject({
        spec: 'file:///workspace/toy.arlens.json',
        run: '',
        length: 36,
      });
    }));

  it('asks for other lengths, for checks, and to stop both', () =>
    withPage('result', async (page) => {
      const lengths = page.locator('vscode-dropdown[aria-label="Positions to measure"]');
      await lengths.focus();
      await page.keyboard.press('ArrowDown');
      await expect.poll(() => heard(page, 'measure')).toEqual([{ length: 64 }]);
      await page.locator('vscode-button', { hasText: 'Run Checks' }).click();
      expect(await heard(page, 'check')).toHaveLength(1);
      await page.evaluate(() => window.harness.show('stale'));
      await page.locator('.checks vscode-button', { hasText: 'Cancel' }).click();
      expect(await heard(page, 'cancelChecks')).toHaveLength(1);
      await page.locator('vscode-button', { hasText: 'Measure Again' }).click();
      expect(await heard(page, 'measure')).toHaveLength(2);
      await page.evaluate(() => window.harness.show('measuring'));
      await page.locator('.measuring vscode-button', { hasText: 'Cancel' }).click();
      expect(await heard(page, 'cancel')).toHaveLength(1);
      await page.evaluate(() => window.harness.show('gone'));
      await page.locator('vscode-button', { hasText: 'Restart Engine' }).click();
      expect(await heard(page, 'command')).toEqual([{ command: 'arLens.restartEngine' }]);
    }));

  it('sees each check come in, with its value, its limit and its unit', () =>
    withPage('result', async (page) => {
      const rows = page.locator('.checks tr[data-check]');
      for (let count = 0; count <= OUTCOMES.length; count++) {
        await page.evaluate(
          (checks) => window.harness.around({ stale: false, measuring: null, note: null, checks }),
          { ...NO_CHECKS, state: 'running' as const, outcomes: OUTCOMES.slice(0, count) },
        );
        await expect.poll(() => rows.count()).toBe(count);
      }
      expect(await rows.nth(1).textContent()).toMatch(/✗Parity fail3\.1e\+06\.4e-5 natsCached sampler/);
      expect(await rows.nth(1).getAttribute('data-pass')).toBe('false');
      expect(await rows.nth(3).textContent()).toMatch(/✗Finite numbers fail∞0 numbers/);
      expect(await rows.nth(4).textContent()).toMatch(/–Units not measured–1\.0e-5 share/);
      expect(await page.evaluate(() => window.audit.bareNumbers())).toEqual([]);
    }));

  it('takes matrices, leaks and everything away as data', () =>
    withPage('leaking', async (page) => {
      const copy = async (what: string) => {
        await page.getByRole('button', { name: 'Copy as data' }).click();
        await page.getByRole('menuitem', { name: what }).click();
        return ((await heard(page, 'copy')).at(-1) as { text: string }).text;
      };
      const csv = (await copy('Copy measured as CSV')).trimEnd().split('\n');
      expect(csv[0]).toMatch(/^output,input 0,input 1,/);
      expect(
        csv
          .slice(1)
          .map((line) => line.split(',').slice(1).map(Number))
          .flat(),
      ).toEqual([...leaking.measured]);
      expect((await copy('Copy the leaks as CSV')).trimEnd().split('\n')).toHaveLength(leaking.leaks + 1);
      const json = JSON.parse(await copy('Copy everything as JSON')) as {
        declared: number[][];
        measured: { rows: number[][]; verdict: string };
        checks: unknown[];
      };
      expect(json.declared.flat()).toEqual([...leaking.declared]);
      expect(json.measured.verdict).toBe(leaking.verdict);
      expect(json.checks).toHaveLength(5);
    }));
});

const quantile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN;

it('stays smooth at 1,024 × 1,024: pointing, zooming, panning', () =>
  withPage('large', async (page) => {
    const spent = await page.evaluate(async () => {
      const canvas = document.querySelector('.other .matrix canvas');
      const box = canvas?.getBoundingClientRect();
      const [left, top] = [box?.left ?? 0, box?.top ?? 0];
      const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
      const at = (step: number) => ({
        bubbles: true,
        cancelable: true,
        clientX: left + 60 + 5 * (step % 60),
        clientY: top + 60 + 4 * (step % 60),
      });
      await frame();
      window.harness.frames();
      const pointing: number[] = [];
      for (let step = 0; step < 60; step++) {
        const begun = performance.now();
        canvas?.dispatchEvent(new PointerEvent('pointermove', at(step)));
        for (let turn = 0; turn < 8; turn++) await Promise.resolve();
        pointing.push(performance.now() - begun);
        await frame();
      }
      for (let step = 0; step < 60; step++) {
        canvas?.dispatchEvent(new WheelEvent('wheel', { ...at(step), deltaY: step < 30 ? -120 : 110 }));
        await frame();
        await frame();
      }
      // The test's own callbacks are among them: the view's are those that took longest, one for each turn.
      const zooming = [...window.harness.frames()].sort((a, b) => b - a).slice(0, 60);
      return { pointing, zooming };
    });
    for (const [what, times] of Object.entries(spent)) {
      const report = { frames: times.length, median: quantile(times, 0.5), p90: quantile(times, 0.9) };
      console.log(`causal mask, ${what}, 1,024 × 1,024: ${JSON.stringify(report)} ms a frame`);
      expect(times.length).toBeGreaterThan(30);
      expect(report.median).toBeLessThan(FRAME / 2);
      expect(report.p90).toBeLessThan(FRAME);
    }
  }));
