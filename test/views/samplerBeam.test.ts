// The Sampler's beam in a browser: its lattice as pixels against what was found, its list, its four states.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BeamSearchState } from '../../src/host/sampler/samplerBeamSearch';
import { BOX_HEIGHT, latticeNodes, layoutLattice } from '../../webview/views/sampler/latticeLayout';
import { boxWidth, END_BAR, LABEL_SIZE } from '../../webview/views/sampler/latticePicture';
import { ViewPages } from './pages';
import { heard, press, restart, truth, withPage } from './samplerPage';
import { savePicture } from './saving';
import { THEMES, type ThemeFixture } from './themes';

type Found = Extract<BeamSearchState, { kind: 'result' }>;

let pages: ViewPages;
beforeAll(async () => {
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

describe('the beam', () => {
  const found = async (page: Page): Promise<Found> => {
    const { beam } = await truth(page);
    if (beam.kind !== 'result') throw new Error(`expected a result, got ${beam.kind}`);
    return beam;
  };

  /** The layout that the view has, with the page's own widths of text. */
  async function layoutOf(page: Page, beam: Found) {
    const nodes = latticeNodes(beam.result);
    const normalised = beam.settings.lengthPenalty !== 0;
    const root = await page.locator('.lattice').getAttribute('data-root');
    const asked = new Map<string, number>();
    const key = (text: string, size: number) => `${size}\n${text}`;
    const ask = (text: string, size: number) => (asked.set(key(text, size), 0), 0);
    nodes.forEach((node) => boxWidth(node, normalised, ask));
    ask(root ?? '', LABEL_SIZE);
    const widths = await page.evaluate(
      (all) => {
        const context = new OffscreenCanvas(1, 1).getContext('2d');
        const family = getComputedStyle(document.body).fontFamily;
        return all.map((each) => {
          const [size = '', ...text] = each.split('\n');
          if (context !== null) context.font = `700 ${size}px ${family}`;
          return context?.measureText(text.join('\n')).width ?? 0;
        });
      },
      [...asked.keys()],
    );
    [...asked.keys()].forEach((each, at) => asked.set(each, widths[at] ?? 0));
    const width = (text: string, size: number) => asked.get(key(text, size)) ?? 0;
    return layoutLattice(nodes, width(root ?? '', LABEL_SIZE), (node) => boxWidth(node, normalised, width));
  }

  it.each(THEMES)(
    'is drawn as it was found: kept, cut, ended and best told apart by form, $name',
    async (each) => {
      const { page, complaints } = await pages.open('sampler', 'result', each, 1200, 1000);
      await page.locator('.lattice').evaluate((element) => (element.scrollLeft = 0));
      const beam = await found(page);
      const layout = await layoutOf(page, beam);
      const seen = layout.nodes.filter(({ node }) => {
        const { x = NaN, width = NaN, y = NaN } = layout.places[node] ?? {};
        return x + width < 1100 && y + BOX_HEIGHT < 400;
      });
      expect(seen.length).toBeGreaterThan(12);
      const lines = seen.map(({ node }) => {
        const { x = 0, y = 0, width = 0 } = layout.places[node] ?? {};
        return {
          x: x + 8,
          y: y + BOX_HEIGHT - 1,
          width: width - 16,
          end: x + width - END_BAR + 1,
          middle: y + BOX_HEIGHT / 2,
        };
      });
      const drawn = await page.locator('.lattice canvas').evaluate((element, wanted) => {
        const context = (element as HTMLCanvasElement).getContext('2d');
        const brush = new OffscreenCanvas(1, 1).getContext('2d');
        const read = (token: string) => {
          const probe = document.createElement('span');
          probe.style.color = `var(--${token})`;
          document.body.append(probe);
          if (brush !== null) brush.fillStyle = getComputedStyle(probe).color;
          brush?.fillRect(0, 0, 1, 1);
          probe.remove();
          return Array.from(brush?.getImageData(0, 0, 1, 1).data ?? []).slice(0, 3);
        };
        const tokens = {
          link: read('ar-link'),
          fg: read('ar-fg'),
          quiet: read('ar-quiet'),
          bg: read('ar-bg'),
        };
        const ratio = window.devicePixelRatio;
        const at = (x: number, y: number) =>
          Array.from(
            context?.getImageData(Math.round(x * ratio), Math.round(y * ratio), 1, 1).data ?? [],
          ).slice(0, 3);
        const near = (one: number[], other: number[]) =>
          one.every((value, i) => Math.abs(value - (other[i] ?? 0)) < 24);
        return wanted.map(({ x, y, width, end, middle }) => {
          const row = Array.from({ length: Math.floor(width) }, (_, step) => at(x + step, y));
          const inked = row.filter((colour) => !near(colour, tokens.bg));
          return {
            inked: inked.length / row.length,
            linked: inked.some((colour) => near(colour, tokens.link)),
            bar: near(at(end, middle), tokens.fg) || near(at(end, middle), tokens.link),
          };
        });
      }, lines);
      seen.forEach(({ fate, hypotheses }, index) => {
        const { inked = NaN, linked, bar } = drawn[index] ?? {};
        if (fate === 'cut') expect(inked, `node ${index}`).toBeLessThan(0.8);
        else expect(inked, `node ${index}`).toBeGreaterThan(0.95);
        if (hypotheses.includes(1)) expect(linked, `node ${index}`).toBe(true);
        expect(bar, `node ${index}`).toBe(fate === 'ended');
      });
      expect(new Set(seen.map(({ fate }) => fate))).toEqual(new Set(['kept', 'cut', 'ended']));
      expect(complaints.filter((complaint) => !complaint.includes('willReadFrequently'))).toEqual([]);
      await page.context().close();
    },
  );

  it('is read by pointer and by keys, raw and normalised', () =>
    withPage(pages, 'result', async (page) => {
      const beam = await found(page);
      const layout = await layoutOf(page, beam);
      const { lattice, hypotheses } = beam.result;
      await page
        .locator('.lattice')
        .evaluate((element) => ((element.scrollLeft = 0), (element.scrollTop = 0)));
      const place = layout.places[2];
      await page
        .locator('.lattice')
        .hover({ position: { x: (place?.x ?? 0) + 10, y: (place?.y ?? 0) + 10 } });
      const readout = page.locator('.readout');
      await expect.poll(() => readout.getAttribute('data-node')).toBe('2');
      expect(Number(await readout.locator('[data-figure]').getAttribute('data-figure'))).toBe(
        lattice.total[2],
      );
      expect(await readout.textContent()).toContain((lattice.score[2] ?? NaN).toFixed(4));
      await page.mouse.move(5, 5);
      await page.locator('.lattice').focus();
      await page.keyboard.press('End');
      await expect.poll(() => readout.getAttribute('data-node')).toBe(String(hypotheses[0]?.node));
      await page.keyboard.press('ArrowLeft');
      const parent = lattice.parent[hypotheses[0]?.node ?? 0];
      await expect.poll(() => readout.getAttribute('data-node')).toBe(String(parent));
      expect(await page.locator('.lattice').getAttribute('aria-label')).toContain('part of hypothesis');
      for (const key of ['Home', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
      await expect.poll(() => readout.getAttribute('data-node')).not.toBe(String(parent));
    }));

  it('lists what it found beside greedy, with the numbers behind it', () =>
    withPage(pages, 'result', async (page) => {
      const { result } = await found(page);
      const rows = page.locator('.hypotheses tbody tr');
      expect(await rows.count()).toBe(result.hypotheses.length + 1);
      for (const [at, { total, score, ids }] of [...result.hypotheses, result.greedy].entries()) {
        const figure = rows.nth(at).locator('[data-figure]');
        expect(Number(await figure.getAttribute('data-figure'))).toBe(total);
        expect(Number(await figure.getAttribute('data-count'))).toBe(ids.length);
        expect(Number(await rows.nth(at).locator('[data-score]').getAttribute('data-score'))).toBe(score);
        expect(score).toBeCloseTo(total / ((5 + ids.length) / 6) ** 0.6, 12);
      }
      const answer = await page.locator('.beam .answer').textContent();
      expect(answer).toContain(
        Math.abs((result.hypotheses[0]?.total ?? NaN) - result.greedy.total).toFixed(4),
      );
    }));

  it('is in the saved picture, as pixels and as vectors', async () => {
    const { page, complaints } = await pages.open('sampler', 'result', THEMES[1] as ThemeFixture, 1200, 1000);
    const { svg, compared } = await savePicture(page);
    expect(svg).toMatchObject({ problem: '', outside: [] });
    expect(svg.texts).toEqual(expect.arrayContaining(['step 1', '№ 1', '+ noise', 'Branches']));
    expect(compared.differing).toBeLessThan(0.01);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('becomes a branch by click or Enter, marked as found and not drawn; and goes to an editor', () =>
    withPage(pages, 'result', async (page) => {
      const beam = await found(page);
      const before = (await truth(page)).document.nodes.length;
      await page.locator('.hypotheses button.token').nth(1).click();
      await expect.poll(async () => (await truth(page)).document.nodes.length).toBeGreaterThan(before);
      const { nodes, current } = (await truth(page)).document;
      expect(nodes[current]).toMatchObject({
        beam: true,
        name: `beam 2 of ${beam.result.hypotheses.length}`,
      });
      await expect.poll(() => page.locator('.branches').textContent()).toContain('by a beam');
      expect(await page.locator('.beam .from').textContent()).toContain('not where the cursor is now');
      await press(page, 'Go There');
      await expect.poll(async () => (await truth(page)).document.current).toBe(beam.from);
      await page.locator('.lattice').focus();
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await expect
        .poll(async () => {
          const { document: tree } = await truth(page);
          return tree.nodes[tree.current]?.name;
        })
        .toBe(`beam 1 of ${beam.result.hypotheses.length}`);
      await page.locator('.hypotheses vscode-button').first().click();
      await expect
        .poll(async () => (await heard(page)).find(({ method }) => method === 'hypothesisToEditor')?.params)
        .toEqual({ index: 0 });
    }));

  it('is searched for from the cursor with what is set, cancelled, and found again after a reload', () =>
    withPage(pages, 'fresh', async (page) => {
      await page.getByLabel('Hypotheses that the beam keeps').fill('3');
      await page.keyboard.press('Tab');
      await page.getByLabel('Tokens that the beam adds').fill('5');
      await page.keyboard.press('Tab');
      await page.getByRole('slider', { name: 'Length penalty' }).focus();
      await page.keyboard.press('End');
      await page.getByText('n^α', { exact: true }).click();
      const settings = { width: 3, length: 5, lengthPenalty: 3, lengthRule: 'power' };
      await press(page, 'Search'); // before the last of them has come to rest
      await page.waitForSelector('.beam[data-beam="result"]');
      const beam = await found(page);
      expect(beam.settings).toEqual(settings);
      const best = beam.result.hypotheses[0];
      expect(best?.score).toBeCloseTo((best?.total ?? NaN) / (best?.ids.length ?? NaN) ** 3, 12);
      expect(await page.locator('.hypotheses thead').textContent()).toContain('log p / n^3');
      await page.getByRole('button', { name: 'Copy as data' }).click();
      await page.getByRole('menuitem', { name: 'Copy lattice as CSV' }).click();
      const copied = (await heard(page)).find(({ method }) => method === 'copy')?.params as { text: string };
      expect(copied.text.match(/^\d+,-?\d+,\d+,/gm)).toHaveLength(beam.result.lattice.step.length);
      await page.reload();
      await page.waitForSelector('.beam[data-beam="result"]');
      expect((await found(page)).result).toEqual(beam.result);
    }));

  it('shows how far a search is, and ends it', () =>
    withPage(pages, 'searching', async (page) => {
      expect(await page.locator('.searching').textContent()).toContain('3 of 16 steps');
      expect(await page.getByRole('progressbar', { name: 'Beam search' }).getAttribute('aria-valuenow')).toBe(
        '19',
      );
      await press(page, 'Next Token'); // nothing else waits for it
      await expect.poll(async () => (await truth(page)).document.nodes.length).toBe(10);
      await press(page, 'Cancel Search');
      await expect.poll(() => page.locator('.beam').textContent()).toContain('The search was cancelled.');
      expect((await truth(page)).document.searched).toBeNull();
    }));

  it('says that the engine was lost while it searched, offers what mends it, and is found then', () =>
    withPage(pages, 'lost', async (page) => {
      expect(await page.locator('.beam [role="alert"]').textContent()).toBe(
        'The engine was ended by SIGKILL.',
      );
      await press(page, 'Restart Engine');
      expect((await heard(page)).at(-1)).toEqual({
        method: 'command',
        params: { command: 'arLens.restartEngine' },
      });
      await restart(page);
      await page.waitForSelector('.beam[data-beam="result"]');
    }));
});
