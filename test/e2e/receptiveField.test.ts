// Receptive fields in the real VS Code: the builder without any model, a spec beside `ar-lens reach --json`, unsaved edits,
// the keyboard, every theme, and the panel again after a reload.
import type { Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { COMMANDS, EXTENSION_ID } from '../../src/host/ids';
import { until } from './driver/until';
import { policyOf, webviewFrame } from './driver/webviews';
import type { Workbench } from './driver/workbench';
import { commandLine, headless } from './commandLine';
import { openSession, titleOf, type Session } from './session';

const RESULT = 'main.receptiveField[data-state="result"]';
const SPEC = 'neighbour-plain.arlens.json';
const GATED = 'neighbour-gated.arlens.json';
const RUN = '.arlens/runs/neighbour-gated/run of images';

interface ReachJson {
  readonly allowed: number;
  readonly seen: number;
  readonly blind: number;
  readonly tooShallow: number;
  readonly image: { readonly height: number; readonly width: number };
}

interface GatesJson {
  readonly images: number;
  readonly available: number;
  readonly stacks: ReadonlyArray<{
    readonly parts: ReadonlyArray<{
      readonly part: string;
      readonly low: number;
      readonly high: number;
      readonly shut: number;
    }>;
  }>;
}

let session: Session;
let workbench: Workbench;
let page: Page;

beforeAll(async () => {
  session = await openSession(inject('workbenchUrl'));
  ({ workbench } = session);
  ({ page } = workbench);
}, 120_000);
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await workbench.screenshot(`failed field ${task.name}`.replaceAll(/\W+/g, '-'));
});
afterAll(async () => {
  await workbench.runCommand('View: Revert and Close Editor').catch(() => undefined);
  await workbench.runCommand('View: Close All Editors');
  await session.close();
});

const reach = async (...words: string[]): Promise<ReachJson> =>
  (await headless('reach', ...words)) as ReachJson;

const view = (): Promise<Frame> => webviewFrame(page, EXTENSION_ID, RESULT, 60_000);
const answer = async (frame: Frame) =>
  ((await frame.locator('.answer').textContent()) ?? '').replaceAll(/\s+/g, ' ');
/** The first stack's counts, as the legend has them. */
const counts = (frame: Frame): Promise<Record<string, number>> =>
  frame.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll('.legend tbody tr')].map((row) => [
        row.querySelector('th')?.textContent?.trim() ?? '',
        Number(row.querySelector('td')?.textContent?.replaceAll(/\D/g, '')),
      ]),
    ),
  );

describe('receptive fields', () => {
  it('open without any model, with the counts of a known blind spot', { timeout: 120_000 }, async () => {
    await workbench.runCommand(titleOf(COMMANDS.showReceptiveField));
    await workbench.pick('A stack put together here');
    const frame = await view();
    expect(await frame.locator('h1').textContent()).toBe('What does it really see?');
    expect(await policyOf(frame)).not.toContain('unsafe');
    expect(await counts(frame)).toMatchObject({
      seen: 192,
      blind: 55,
      'too shallow': 159,
      'allowed context': 406,
      future: 377,
    });
    // Of the plain stack's last allowed row right of the output: blind is hatched, and its gated neighbour's cell is solid.
    const inks = await frame.evaluate(() =>
      [...document.querySelectorAll<HTMLCanvasElement>('.grid canvas')].map((canvas) => {
        const pitch = Math.floor((canvas.clientWidth - 34) / 28);
        const ratio = window.devicePixelRatio;
        const at = [26 + 20 * pitch, 20 + 13 * pitch, pitch - 1, pitch - 1].map((each) => each * ratio);
        const [x = 0, y = 0, width = 1, height = 1] = at;
        const { data } = canvas.getContext('2d')?.getImageData(x, y, width, height) ?? { data: [] };
        return new Set(
          Array.from({ length: data.length / 4 }, (_, i) => Array.from(data.slice(4 * i, 4 * i + 3)).join()),
        ).size;
      }),
    );
    expect(inks[0]).toBeGreaterThan(2);
    expect(inks[1]).toBe(1);
    const order = frame.getByRole('group', { name: 'Order of generation over the grids' });
    await order.getByText('drawn').click();
    await until('the order in words', async () =>
      ((await frame.locator('.order').first().textContent()) ?? '').endsWith(
        'to (27, 27); 27 jumps, and the output is number 407 of 784 pixels.',
      ),
    );
    await workbench.screenshot('receptiveField-order.dark-modern');
    await order.getByText('hidden').click();
    await until('no order', async () => (await frame.locator('.order').count()) === 0);
  });

  it('follow the keyboard and the depth', { timeout: 60_000 }, async () => {
    const frame = await view();
    const grid = frame.locator('.grid').first();
    await grid.focus();
    await page.keyboard.press('ArrowUp');
    await until('the row above', async () => (await answer(frame)).includes(`of ${13 * 28 + 14} allowed`));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('PageDown');
    await until('a layer more', async () => (await answer(frame)).startsWith('At 9 layers'));
    const slider = frame.getByRole('slider', { name: /^Depth/ });
    await slider.fill('15');
    await until('all that can be seen', async () => (await counts(frame))['seen'] === 351);
  });

  it('of a spec are those of ar-lens reach, also of what is not saved', { timeout: 120_000 }, async () => {
    await workbench.openFile(SPEC);
    await workbench.runCommand(titleOf(COMMANDS.showReceptiveField));
    const frame = await webviewFrame(
      page,
      EXTENSION_ID,
      `${RESULT}:has(.ar-sub:has-text("${SPEC}"))`,
      60_000,
    );
    const said = await reach('--spec', SPEC, '--position', '3,2');
    const grid = frame.locator('.grid').first();
    await grid.focus();
    const { height } = said.image;
    for (let row = 0; row < height; row++) await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Home');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight'])
      await page.keyboard.press(key);
    await until('the output (3, 2)', async () =>
      ((await grid.getAttribute('aria-valuetext')) ?? '').startsWith('Output (3, 2)'),
    );
    expect(await counts(frame)).toMatchObject({
      seen: said.seen,
      blind: said.blind,
      'too shallow': said.tooShallow,
      'allowed context': said.allowed,
    });
    const before = await answer(frame);
    await page.locator('.monaco-editor .view-line', { hasText: '"layers": 3' }).first().waitFor();
    await workbench.runCommand('View: Focus First Editor Group');
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Control+f');
    await page.keyboard.type('"layers": 3');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    // A quote typed over a selection would be put around it.
    for (const key of ['ArrowRight', 'Backspace', '1']) await page.keyboard.press(key);
    await until('the edited spec', async () => {
      const now = await answer(frame);
      return now !== before && now.startsWith('At 1 layer ');
    });
  });

  it('are measured, and the spec’s mask pair by pair too', { timeout: 180_000 }, async () => {
    const frame = await webviewFrame(
      page,
      EXTENSION_ID,
      `${RESULT}:has(.ar-sub:has-text("${SPEC}"))`,
      60_000,
    );
    await frame.locator('.measured vscode-button', { hasText: 'Measure' }).click();
    await frame.locator('.measured li').first().waitFor({ timeout: 120_000 });
    expect(
      await frame.locator('.measured li').evaluateAll((items) => items.map((item) => item.dataset['agrees'])),
    ).toEqual(['true', 'true']);
    await workbench.openFile(SPEC);
    await workbench.runCommand(titleOf(COMMANDS.showCausalMask));
    const mask = await webviewFrame(page, EXTENSION_ID, 'main.causalMask[data-state="result"]', 60_000);
    expect(await mask.locator('.verdict').textContent()).toMatch(/declared = measured over 2,401 pairs/);
    expect(await mask.locator('.positions').textContent()).toBe('sub-pixels of an image');
  });

  it(
    'of a run of images come from its menu, with what its gates let through',
    { timeout: 240_000 },
    async () => {
      await commandLine('train', GATED, '--steps', '2', '--out', RUN);
      await workbench.discardAndClose();
      await workbench.runCommand('View: Close All Editors');
      await workbench.runCommand('View: Show AR Lens');
      await workbench.walkToRun('run of images');
      await workbench.pickFromMenu(
        workbench.treeRow('run of images').first(),
        titleOf(COMMANDS.showReceptiveField).replace(/^AR Lens: /, ''),
      );
      const frame = await webviewFrame(page, EXTENSION_ID, `${RESULT}:has(.gates)`, 60_000);
      await frame.locator('.gates vscode-button', { hasText: 'Look at the Gates' }).click();
      await frame.locator('.histograms figcaption').first().waitFor({ timeout: 60_000 });
      const gates = async (...words: string[]): Promise<GatesJson> =>
        (await headless('gates', '--model', RUN, '--layer', '1', ...words)) as GatesJson;
      const expectGates = async ({ stacks }: GatesJson) => {
        const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
        const wanted = stacks.flatMap(({ parts }) =>
          parts.map(({ part, low, high, shut }) =>
            part === 'product' ? `${percent(shut)} shut` : `${percent(low + high)} saturated`,
          ),
        );
        const words = await frame.locator('.gates figcaption .ar-label').allTextContents();
        expect(words.map((each) => each.split(':')[0])).toEqual(wanted);
      };
      const batch = await gates();
      expect(await frame.locator('.gates').textContent()).toContain(
        `over ${batch.images} of ${batch.available.toLocaleString('en')} images`,
      );
      await expectGates(batch);
      await workbench.screenshot('receptiveField-gates.dark-modern');
      await frame.locator('.gates vscode-dropdown[aria-label="Images of the gates"]').click();
      await frame.locator('.gates vscode-option', { hasText: 'one image' }).click();
      const number = frame.locator('.gates').getByLabel(/^Image of the gates/);
      await number.fill('3');
      await number.press('Enter');
      await until('the gates over image 3', async () =>
        ((await frame.locator('.gates').textContent()) ?? '').includes('over image 3 of'),
      );
      await expectGates(await gates('--image', '3'));
      await frame.locator('.effective vscode-button', { hasText: 'Compute the Effective Field' }).click();
      await frame.locator('.effective canvas').first().waitFor({ timeout: 120_000 });
      await frame.locator('.gates').scrollIntoViewIfNeeded();
      await workbench.screenshot('receptiveField-run.dark-modern');
    },
  );

  it('look right in every theme', { timeout: 120_000 }, async () => {
    await workbench.inEveryTheme('receptiveField');
  });
});
