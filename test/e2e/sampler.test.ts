// The Sampler in a real VS Code with the run that ships: open, five steps, force, branch, run to the length, send to an
// editor; a beam, its lattice and its branch. What the view says is compared with `ar-lens score` and `ar-lens sample`.
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { COMMANDS, EXTENSION_ID } from '../../src/host/ids';
import { until } from './driver/until';
import { policyOf, webviewFrame } from './driver/webviews';
import type { Workbench } from './driver/workbench';
import { sampleOf, scoreOf } from './reference';
import { openSession, titleOf, type Session } from './session';

const RUN = path.join(inject('workspace'), '.arlens/runs/almanac/example');
const PROMPT = 'The water of the ';
const LENGTH = 20;

let session: Session;
let workbench: Workbench;
let view: Frame;

beforeAll(async () => {
  session = await openSession(inject('workbenchUrl'));
  ({ workbench } = session);
}, 120_000);
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await workbench.screenshot(`failed ${task.name}`.replaceAll(/\W+/g, '-'));
});
afterAll(async () => {
  await workbench.discardAndClose();
  await session.close();
});

/** The continuation as the view writes it. */
const written = async (): Promise<string> => (await view.locator('.written').textContent()) ?? '';
/** Resolves when the view shows the distribution after `length` tokens of continuation. */
const settled = (length: number): Promise<string> =>
  until(
    `${length} tokens, looked at`,
    async () => {
      const fresh = (await view.locator('.next[aria-busy="false"]').count()) === 1;
      const text = await written();
      return fresh && [...text].length === length ? text : undefined;
    },
    { timeout: 30_000 },
  );
const press = (label: string) => view.locator('vscode-button', { hasText: label }).first().click();
const modelBits = async (): Promise<number> =>
  Number(await view.locator('.totals [data-unit="bits"]').first().getAttribute('data-figure'));

async function bitsByScore(continuation: string): Promise<number> {
  const { elements } = await scoreOf(PROMPT + continuation, RUN);
  return elements
    .filter(({ start }) => start >= PROMPT.length)
    .reduce((sum, { logProb }) => sum - (logProb ?? NaN) / Math.LN2, 0);
}

it('opens on the run that ships', { timeout: 90_000 }, async () => {
  await workbench.runCommand(titleOf(COMMANDS.openSampler));
  view = await webviewFrame(workbench.page, EXTENSION_ID, 'main.sampler');
  expect(await policyOf(view)).toMatch(/script-src 'nonce-[\w-]+';/);
  const prompt = view.getByLabel(/^Prompt/);
  await prompt.fill(PROMPT);
  await prompt.press('Tab');
  await settled(0);
});

it('steps five times, and the total is that of `ar-lens score`', { timeout: 60_000 }, async () => {
  for (let step = 1; step <= 5; step++) {
    await press('Next Token');
    await settled(step);
  }
  const text = await written();
  expect(await modelBits()).toBeCloseTo(await bitsByScore(text), 3);
  const steps = await view.locator('.branches tbody tr').count();
  expect(steps).toBe(1);
});

it('opens the draw that `ar-lens sample` makes with the same seed', { timeout: 60_000 }, async () => {
  const text = await written();
  const drawn = ['--temperature', '0.8', '--top-k', '40', '--top-p', '0.95', '--seed', '1'];
  const sample = await sampleOf(RUN, '--prompt', PROMPT, '--length', '6', ...drawn, '--draws', '1000');
  expect([...sample.text].slice(0, 5).join('')).toBe(text);
  const shown = await view.locator('.draw tr[data-draw]').evaluateAll((rows) =>
    rows.map((row) => ({
      id: Number(row.getAttribute('data-draw')),
      rank: Number(row.getAttribute('data-rank')),
      noise: Number(row.getAttribute('data-noise')),
      sum: Number(row.getAttribute('data-sum')),
      winner: row.classList.contains('winner'),
    })),
  );
  const opened = sample.elements[5]?.draw ?? [];
  const kept = shown.filter(({ rank }) => rank > 0);
  expect(kept.length).toBeGreaterThan(0);
  for (const [at, { id, rank, noise, sum, winner }] of kept.entries()) {
    expect([rank, winner]).toEqual([at + 1, at === 0]);
    expect(id).toBe(opened[at]?.id);
    expect(noise).toBe(opened[at]?.noise);
    expect(Math.abs(sum - (opened[at]?.sum ?? NaN))).toBeLessThan(1e-4);
  }
  expect(sample.elements[5]?.id).toBe(kept[0]?.id);
});

it('forces a token, and branches where the cursor is led back to', { timeout: 60_000 }, async () => {
  const drawn = await written();
  await view.locator('.next tr[data-row="3"]').click();
  const forced = await settled(6);
  expect(forced.startsWith(drawn)).toBe(true);
  expect(await view.locator('.written .forced').count()).toBe(1);
  await view.locator('.grown .tree').focus();
  await view.locator('.grown .tree').press('ArrowLeft');
  await settled(5);
  await view.locator('.next tr[data-row="1"]').click();
  expect(await settled(6)).not.toBe(forced);
  await until('two branches', async () =>
    (await view.locator('.branches tbody tr').count()) === 2 ? true : undefined,
  );
});

it('runs to the length, and its total is still that of `ar-lens score`', { timeout: 90_000 }, async () => {
  const length = view.getByLabel('Tokens that a run adds');
  await length.fill(String(LENGTH));
  await length.press('Tab');
  await press('Run');
  const text = await settled(6 + LENGTH);
  // log-probabilities within 1e-4 nats
  expect(Math.abs((await modelBits()) - (await bitsByScore(text))) * Math.LN2).toBeLessThan(1e-4);
});

it(
  'searches with a beam as `ar-lens sample --beam` does, and draws its lattice',
  { timeout: 90_000 },
  async () => {
    const fill = async (name: string, value: string) => {
      await view.getByLabel(name).fill(value);
      await view.getByLabel(name).press('Tab');
    };
    await fill('Hypotheses that the beam keeps', '3');
    await fill('Tokens that the beam adds', '6');
    const text = await written();
    await press('Search');
    await view.locator('.beam[data-beam="result"]').waitFor({ timeout: 30_000 });
    const found = await view.locator('.hypotheses tr[data-hypothesis]').evaluateAll((all) =>
      all.map((row) => ({
        text: row.querySelector('button.token')?.textContent ?? '',
        total: Number(row.querySelector('[data-figure]')?.getAttribute('data-figure')),
        count: Number(row.querySelector('[data-figure]')?.getAttribute('data-count')),
        score: Number(row.querySelector('[data-score]')?.getAttribute('data-score')),
      })),
    );
    expect(found.map(({ count }) => count)).toEqual([6, 6, 6]);
    const words = ['--length', '6', '--seed', '1', '--beam', '3', '--count', '3', '--length-penalty', '0.6'];
    const sample = await sampleOf(RUN, '--prompt', PROMPT + text, ...words);
    found.forEach(({ total, score }, at) => {
      expect(Math.abs(total - (sample.beam?.totals[at] ?? NaN))).toBeLessThan(1e-3);
      expect(Math.abs(score - (sample.beam?.scores[at] ?? NaN))).toBeLessThan(1e-3);
      expect(score).toBeCloseTo(total / (11 / 6) ** 0.6, 10);
    });
    expect(found[0]?.text.replaceAll('·', ' ').replaceAll('↵', '\n')).toBe(sample.text);
    // Every box of the lattice is there: along the first column, its left edge is inked where a box stands.
    const boxes = sample.beam?.lattice.filter(({ step }) => step === 1).length ?? 0;
    const lattice = view.locator('.lattice');
    await lattice.focus();
    await lattice.press('End'); // its outline is in the last column
    const runs = await until('the first column', () =>
      view.locator('.lattice canvas').evaluate(async (element) => {
        const canvas = element as HTMLCanvasElement;
        const outer = canvas.closest('.lattice') as HTMLElement;
        outer.scrollLeft = 0;
        outer.scrollTop = 0;
        await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
        const context = canvas.getContext('2d');
        const ratio = window.devicePixelRatio;
        const inked = (x: number, y: number) =>
          (context?.getImageData(Math.round(x * ratio), Math.round(y * ratio), 1, 1).data[3] ?? 0) > 64;
        // A box is filled from its top to its bottom; between two boxes nothing stands.
        let x = 0;
        while (x < canvas.width / ratio && !(inked(x, 40) && inked(x, 30) && inked(x, 54))) x++;
        const height = canvas.height / ratio;
        let [count, inside] = [0, false];
        for (let y = 20; y < height - 1; y++) {
          const here = inked(x + 6, y);
          if (here && !inside) count++;
          inside = here;
        }
        return count > 0 ? count : undefined;
      }),
    );
    expect(runs).toBe(Math.min(boxes, 9));
  },
);

it('makes a hypothesis a branch, and tells it from what was drawn', { timeout: 60_000 }, async () => {
  const text = await written();
  const branches = await view.locator('.branches tbody tr').count();
  await view.locator('.hypotheses button.token').first().click();
  const whole = await settled([...text].length + 6);
  expect(whole.startsWith(text)).toBe(true);
  await until('its branch', async () => {
    const rows = await view.locator('.branches').innerText();
    return rows.includes('6 by a beam') ? true : undefined;
  });
  expect(await view.locator('.branches tbody tr').count()).toBe(branches); // it goes on where a branch ended
  expect(Math.abs((await modelBits()) - (await bitsByScore(whole))) * Math.LN2).toBeLessThan(1e-3);
});

it('is shown in the four themes', { timeout: 120_000 }, async () => {
  await workbench.inEveryTheme('sampler', async () => {
    view = await webviewFrame(workbench.page, EXTENSION_ID, 'main.sampler');
  });
});

it('comes back with its tree after the window was reloaded', { timeout: 120_000 }, async () => {
  const text = await written();
  await workbench.untilKept();
  await workbench.page.reload();
  view = await webviewFrame(workbench.page, EXTENSION_ID, 'main.sampler', 60_000);
  expect(await settled(6 + LENGTH + 6)).toBe(text);
  await view.locator('.beam[data-beam="result"]').waitFor({ timeout: 30_000 });
  expect(await view.locator('.hypotheses tr[data-hypothesis]').count()).toBe(3);
  expect(await view.locator('.branches tbody tr').count()).toBe(2);
});

it('sends the sample to a new editor', { timeout: 60_000 }, async () => {
  const text = await written();
  await press('To Editor');
  await workbench.page.locator('.view-line', { hasText: '[AR Lens sample of' }).first().waitFor();
  const shown = await until('the sample in an editor', async () => {
    const lines = await workbench.page.locator('.view-lines').last().innerText();
    return lines.includes('AR') ? lines.replaceAll('\u00a0', ' ') : undefined;
  });
  expect(shown).toContain(`${PROMPT}${text}`.split('\n')[0]);
});
