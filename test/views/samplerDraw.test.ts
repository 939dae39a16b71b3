// What a token is chosen from and how: stage by stage, and the draw laid open. Numbers and marks against the data.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ViewPages } from './pages';
import { heard, press, truth, withPage } from './samplerPage';

let pages: ViewPages;
beforeAll(async () => {
  pages = await ViewPages.start();
});
afterAll(() => pages.stop());

describe('stage by stage', () => {
  it('tells what each stage cut and moved, the penalty’s mass, and compares any one of them', () =>
    withPage(pages, 'result', async (page) => {
      const slider = page.getByRole('slider', { name: 'Repetition penalty' });
      await slider.focus();
      for (let step = 0; step < 6; step++) await page.keyboard.press('ArrowRight');
      await expect.poll(async () => (await truth(page)).document.settings.repetitionPenalty).toBe(1.3);
      await page.waitForSelector('.stages tr[data-stage="penalty"]');
      await page.waitForSelector('.next[aria-busy="false"]');
      const { next } = await truth(page);
      const rows = page.locator('.stages tr[data-stage]');
      expect(await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-stage')))).toEqual(
        next.stages.map(({ by }) => by),
      );
      for (const [at, { kept, cutCount, moved }] of next.stages.entries()) {
        const text = (await rows.nth(at).locator('.number').allTextContents()).map((each) => each.trim());
        expect(text[0]).toBe(String(kept));
        if (at > 0) expect(text[1]).toBe(String(cutCount));
        expect(Number(await rows.nth(at).getAttribute('data-moved'))).toBeCloseTo(moved, 12);
      }
      const seen = next.stages[1]?.seen;
      const note = await page.locator('.stages p').textContent();
      expect(note).toContain(`${seen?.count} tokens`);
      expect(note).toContain(`${(100 * (seen?.after ?? NaN)).toFixed(1)} %`);
      await page.getByLabel('repetition penalty 1.3').check();
      await expect
        .poll(() => page.locator('.next thead').textContent())
        .toContain('after repetition penalty 1.3');
      const shown = await page
        .locator('.next tr[data-row]')
        .evaluateAll((all) =>
          all.map((row) => [row.getAttribute('data-before'), row.getAttribute('data-after')].map(Number)),
        );
      const expected = Array.from(next.id, (_, row) => [
        next.stages[0]?.probability[row] ?? NaN,
        next.stages[1]?.probability[row] ?? NaN,
      ]).sort((a, b) => (b[1] ?? 0) - (a[1] ?? 0) || (b[0] ?? 0) - (a[0] ?? 0));
      expect(shown).toEqual(expected);
      await page.reload();
      await page.waitForSelector('main[data-state="result"]');
      await expect
        .poll(() => page.locator('.next thead').textContent())
        .toContain('after repetition penalty 1.3');
    }));
});

describe('the draw', () => {
  it('is opened: log p + noise = sum, ranked, the winner marked, and it is what Next Token takes', () =>
    withPage(pages, 'result', async (page) => {
      const { next } = await truth(page);
      const rows = await page.locator('.draw tr[data-draw]').evaluateAll((all) =>
        all.map((row) => ({
          id: Number(row.getAttribute('data-draw')),
          noise: Number(row.getAttribute('data-noise')),
          rank: Number(row.getAttribute('data-rank')),
          texts: Array.from(row.querySelectorAll('td'), (cell) => cell.textContent?.trim() ?? ''),
          left: ['b', 'u', 's'].map(
            (each) => row.querySelector(`.race > ${each}`)?.getBoundingClientRect().left ?? NaN,
          ),
          winner: row.classList.contains('winner'),
        })),
      );
      expect(rows.filter(({ rank }) => rank > 0).map(({ rank }) => rank)).toEqual(
        Array.from({ length: Math.min(10, next.stages.at(-1)?.kept ?? 0) }, (_, at) => at + 1),
      );
      const minus = (value: number) => (value === -Infinity ? '−∞' : value.toFixed(2).replace('-', '−'));
      for (const { id, noise, rank, texts } of rows) {
        const at = next.draw.id.indexOf(id);
        const [logProb = NaN, sum = NaN] = [next.draw.logProb[at], next.draw.sum[at]];
        expect(noise).toBe(next.draw.noise[at]);
        expect(texts.slice(2, 5)).toEqual([minus(logProb), minus(noise), minus(sum)]);
        if (rank === 0) expect(texts[0]).toBe('cut');
        else expect(sum).toBe(logProb + noise);
      }
      // On the axis: a dot at log p, a mark at the sum, the dashed line at the winner's.
      const on = rows.filter(({ rank }) => rank > 0);
      const places = on.flatMap(({ id, left }) => {
        const at = next.draw.id.indexOf(id);
        return [
          [next.draw.logProb[at] ?? NaN, (left[0] ?? NaN) + 4],
          [next.draw.sum[at] ?? NaN, (left[1] ?? NaN) + 1.5],
        ] as const;
      });
      const [low, high] = [
        places.reduce((a, b) => (b[0] < a[0] ? b : a)),
        places.reduce((a, b) => (b[0] > a[0] ? b : a)),
      ];
      for (const [value, x] of places) {
        const share = (value - low[0]) / (high[0] - low[0]);
        expect(Math.abs(x - (low[1] + share * (high[1] - low[1])))).toBeLessThan(1);
      }
      expect(on[0]?.winner).toBe(true);
      expect(on.filter(({ winner }) => winner)).toHaveLength(1);
      expect(await page.locator('.draw').textContent()).toMatch(/\d+ tokens are cut: log p is −∞ there/);
      await press(page, 'Next Token');
      const made = (await truth(page)).document.nodes.length;
      await expect.poll(async () => (await truth(page)).document.nodes.length).toBeGreaterThanOrEqual(made);
      await expect
        .poll(async () => {
          const { nodes, current } = (await truth(page)).document;
          return nodes[current]?.id;
        })
        .toBe(on[0]?.id);
    }));

  it('keeps its noise while temperature and cuts change, and copies as data', () =>
    withPage(pages, 'result', async (page) => {
      const noise = async (): Promise<ReadonlyMap<string, string>> => {
        const rows = await page
          .locator('.draw tr[data-draw]')
          .evaluateAll((all) =>
            all.map(
              (row) => [row.getAttribute('data-draw') ?? '', row.getAttribute('data-noise') ?? ''] as const,
            ),
          );
        return new Map(rows);
      };
      const before = await noise();
      await page.getByRole('slider', { name: 'Temperature' }).focus();
      await page.keyboard.press('End');
      await expect.poll(async () => (await truth(page)).document.settings.temperature).toBe(2);
      await page.waitForSelector('.draw[aria-busy="false"]');
      const after = await noise();
      const both = [...before.keys()].filter((id) => after.has(id));
      expect(both.length).toBeGreaterThan(2);
      for (const id of both) expect(after.get(id)).toBe(before.get(id));
      await page.getByRole('button', { name: 'Copy as data' }).click();
      await page.getByRole('menuitem', { name: 'Copy the draw as CSV' }).click();
      const copied = (await heard(page)).find(({ method }) => method === 'copy')?.params as { text: string };
      expect(copied.text.split('\n')[0]).toBe('rank,id,token,"log p (nats, drawn from)",Gumbel noise,sum');
    }));
});
