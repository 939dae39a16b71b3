// The Diagram view in a browser: drawn by mermaid under the policy that every view has, in every theme and width; the
// drawing against the model's own numbers, keys, what is copied and saved.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectPicture } from './expectPicture';
import { ViewPages } from './pages';
import { savePicture } from './saving';
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

const drawn = (page: Page) => page.locator('.frame[data-drawn="true"] g.node').first().waitFor();

async function look(state: string, shown: ThemeFixture, width: number): Promise<void> {
  const { page, complaints } = await pages.open('diagram', state, shown, width);
  if ((await page.locator('main').getAttribute('data-state')) === 'result') await drawn(page);
  const name = `diagram.${state}.${width}.${shown.name}.png`;
  await expectPicture({ page, complaints }, name);
  await page.context().close();
}

describe.each(['empty', 'working', 'result', 'failed'])('%s', (state) => {
  it.each(THEMES)('$name', async (shown) => {
    for (const width of [360, 1200]) await look(state, shown, width);
  });
});

it.each(['deep', 'table', 'spec', 'gated', 'halved'])('odd but possible: %s', async (state) => {
  for (const shown of THEMES.slice(0, 2)) for (const width of [360, 1200]) await look(state, shown, width);
});

const heard = (page: Page, method: string) =>
  page.evaluate(
    (name) => window.harness.heard.filter((one) => one.method === name).map(({ params }) => params),
    method,
  );

async function withPage(state: string, work: (page: Page) => Promise<void>): Promise<void> {
  const { page, complaints } = await pages.open('diagram', state, theme, 1200);
  await drawn(page);
  await work(page);
  expect(complaints).toEqual([]);
  expect(await page.evaluate(() => window.harness.violations)).toEqual([]);
  await page.context().close();
}

/** The lines of each drawn node. */
const labels = (page: Page) =>
  page
    .locator('.holder g.node')
    .evaluateAll((all) =>
      all.map((node) =>
        [...node.querySelectorAll('.text-outer-tspan')]
          .map((line) => line.textContent ?? '')
          .filter((line) => line !== ''),
      ),
    );

describe('what is drawn', () => {
  it('is every node with its shape and its parameters, which add up to the model’s', () =>
    withPage('result', async (page) => {
      // mermaid writes every space between words, the thin ones in numbers too, as a plain one.
      const nodes = await labels(page);
      expect(nodes).toHaveLength(7);
      expect(nodes[0]).toEqual(['Token ids', '[B, 64]']);
      expect(nodes[1]).toEqual(['Token and position embedding', '[B, 64, 128]', '41 088 parameters']);
      expect(nodes[2]?.slice(0, 2)).toEqual(['attention and residual', '[B, 64, 128]']);
      const counts = nodes.flat().flatMap((line) => /^([\d ]+) parameters$/.exec(line)?.[1] ?? []);
      const sum = counts.reduce((total, count) => total + Number(count.replaceAll(' ', '')), 0);
      const shown = await page.locator('tfoot .number').innerText();
      expect(sum).toBe(Number(shown.replaceAll('\u202f', '')));
      const rows = await page.locator('tbody tr .number').allInnerTexts();
      expect(rows.reduce((total, count) => total + Number(count.replaceAll('\u202f', '')), 0)).toBe(sum);
      expect(await page.locator('.holder .flowchart-link').count()).toBe(6);
      expect(await page.locator('.holder .edgeLabel').allTextContents()).toContain('positions ≤ its own');
    }));

  it('is a model of images too, with what each kernel reads', () =>
    withPage('gated', async (page) => {
      const nodes = await labels(page);
      expect(nodes[0]).toEqual(['Pixels', '[B, 28, 28, 1]']);
      expect(nodes.at(-1)?.slice(0, 2)).toEqual(['Logits', '[B, 28, 28, 1, 256]']);
      const edges = await page.locator('.holder .edgeLabel').allTextContents();
      // Of a 7 × 7 kernel the rows above are 3 × 7, with 3 beside the own pixel on each side.
      expect(edges).toContain('27 pixels around and its own');
      expect(edges).toContain('3 pixels around');
      expect(await page.locator('.letters').innerText()).toMatch(/H\s+rows, 28/);
    }));

  it('of twelve blocks draws one and says how many it stands for, or all', () =>
    withPage('deep', async (page) => {
      expect(await labels(page)).toHaveLength(5);
      const title = await page.locator('.holder .cluster-label').textContent();
      expect(title).toMatch(/^Block 1 to Block 12, 12 alike$/);
      expect(await page.locator('[data-note="alike"]').innerText()).toBe(
        'Drawn once: Block 1 to Block 12, 2\u202f379\u202f264 parameters in all.',
      );
      expect(await page.locator('.holder .flowchart-link').count()).toBe(4);
      await page.getByLabel('Each block').check();
      await expect.poll(async () => (await labels(page)).length, SOON).toBe(27);
      expect(await page.locator('.holder .flowchart-link').count()).toBe(26);
      expect(await page.locator('tbody tr').count()).toBe(27);
      const kept = await page.evaluate(() => sessionStorage.getItem('ar-lens-state'));
      expect(JSON.parse(kept ?? '{}')).toMatchObject({ kind: 'model', blocks: 'each' });
    }));

  it('has the theme’s colours, and others when the theme changes', () =>
    withPage('result', async (page) => {
      const colours = () =>
        page
          .locator('.holder .node rect.label-container')
          .first()
          .evaluate((box) => [getComputedStyle(box).fill, getComputedStyle(box).stroke]);
      const before = await colours();
      await page.evaluate(() => {
        document.documentElement.style.setProperty('--vscode-foreground', '#202020');
        document.documentElement.style.setProperty('--vscode-editor-background', '#fefefe');
        document.body.className = 'vscode-light';
      });
      await expect.poll(colours, SOON).toEqual(['rgb(254, 254, 254)', 'rgb(32, 32, 32)']);
      expect(before).not.toEqual(await colours());
      await expect.poll(() => page.locator('.holder svg').count(), SOON).toBe(1);
    }));
});

describe('a person', () => {
  it('moves and zooms by keys and pointer', () =>
    withPage('result', async (page) => {
      const place = () =>
        page.locator('.holder').evaluate((holder) => {
          const { a, e, f } = new DOMMatrix(getComputedStyle(holder).transform);
          return { scale: a, x: e, y: f };
        });
      const start = await place();
      await page.locator('.frame').focus();
      await page.keyboard.press('ArrowDown');
      expect((await place()).y).toBe(start.y - 48);
      await page.keyboard.press('+');
      await expect.poll(async () => (await place()).scale, SOON).toBeCloseTo(1.25 * start.scale, 6);
      await page.keyboard.press('0');
      await expect
        .poll(() =>
          page.evaluate(() => {
            const [svg, frame] = ['.holder svg', '.frame'].map((each) =>
              document.querySelector(each)?.getBoundingClientRect(),
            );
            return (
              (svg?.bottom ?? 1e9) <= (frame?.bottom ?? 0) + 1 && (svg?.top ?? -1) >= (frame?.top ?? 0) - 1
            );
          }),
        )
        .toBe(true);
      const box = await page.locator('.frame').boundingBox();
      const before = await place();
      await page.mouse.move((box?.x ?? 0) + 100, (box?.y ?? 0) + 100);
      await page.mouse.down();
      await page.mouse.move((box?.x ?? 0) + 130, (box?.y ?? 0) + 90);
      await page.mouse.up();
      expect(await place()).toEqual({ ...before, x: before.x + 30, y: before.y - 10 });
    }));

  it('points at a row of the table and sees its node', () =>
    withPage('result', async (page) => {
      await page.locator('tr[data-node="block1.mlp"]').hover();
      await expect
        .poll(() => page.locator('.holder .node.lit').textContent(), SOON)
        .toContain('MLP and residual');
      expect(await page.locator('.holder .node.lit').count()).toBe(1);
    }));

  it('copies the mermaid text and the nodes', () =>
    withPage('result', async (page) => {
      for (const label of ['Copy as mermaid text', 'Copy the nodes as CSV', 'Copy the nodes as JSON']) {
        await page.getByRole('button', { name: 'Copy as data' }).click();
        await page.getByRole('menuitem', { name: label }).click();
      }
      const [text, csv, json] = (await heard(page, 'copy')) as Array<{ text: string }>;
      expect(text?.text).toMatch(/^flowchart TB\n {2}n0\["Token ids<br\/>\[B, 64\]"\]\n/);
      expect(csv?.text).toMatch(
        /^node,title,reads from,.*parameters\ninput,Token ids,,,"\[B, T\]","\[B, 64\]",/,
      );
      const parsed = JSON.parse(json?.text ?? '{}') as {
        nodes: Array<{ parameters: number }>;
        parameters: number;
      };
      expect(parsed.nodes.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(parsed.parameters);
    }));

  it.each(THEMES)(
    'saves an SVG that needs no style sheet, and a PNG that looks the same, $name',
    async (shown) => {
      const { page, complaints } = await pages.open('diagram', 'result', shown, 1200);
      await drawn(page);
      const { svg, source, names, compared } = await savePicture(page);
      expect(names).toEqual(['almanac-example-diagram.png', 'almanac-example-diagram.svg']);
      expect(svg).toMatchObject({ problem: '', title: 'How is the model built?', outside: [] });
      expect(svg.description).toContain('almanac example: a Transformer of 7 nodes');
      expect(source).not.toMatch(/ style=| class=|<style/);
      expect({ width: svg.width, height: svg.height }).toEqual({
        width: compared.width,
        height: compared.height,
      });
      expect(compared.differing).toBeLessThan(0.01);
      // It is drawn in the theme's colours: as the page has them.
      const colours = await page
        .locator('.holder .node rect.label-container')
        .first()
        .evaluate((box) => [getComputedStyle(box).fill, getComputedStyle(box).stroke]);
      const hex = (css: string) =>
        `#${(css.match(/\d+/g) ?? []).map((part) => Number(part).toString(16).padStart(2, '0')).join('')}`;
      for (const colour of colours) expect(source).toContain(`"${hex(colour)}"`);
      expect(complaints).toEqual([]);
      expect(await page.evaluate(() => window.harness.violations)).toEqual([]);
      await page.context().close();
    },
  );
});
