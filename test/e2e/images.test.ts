// Images in the real VS Code: a file opened from the explorer, a model trained on it, bits held against the command
// line's, pixels drawn one by one and shown again, and files that are wrong in one sentence.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Frame, Page } from 'playwright-core';
import { encodePng } from '../../src/formats/picture';
import { COMMANDS, EXTENSION_ID } from '../../src/host/ids';
import { until } from './driver/until';
import { policyOf, webviewFrame } from './driver/webviews';
import type { Workbench } from './driver/workbench';
import { headless } from './commandLine';
import { expectBits, expectFollowed, showInspector } from './imageBits';
import { openSession, titleOf, type Session } from './session';
import { showFromExplorer } from './views';

const IDX = 'neighbour.idx';
const SPEC = 'neighbour-gated.arlens.json';
const RUNS = '.arlens/runs/neighbour-gated';

const workspace = inject('workspace');
let session: Session;
let workbench: Workbench;
let page: Page;

beforeAll(async () => {
  const cut = readFileSync(path.join(workspace, IDX)).subarray(0, 1000);
  writeFileSync(path.join(workspace, 'cut.idx'), cut);
  writeFileSync(path.join(workspace, 'odd.idx'), 'no images here, but a text of some length');
  for (const name of ['pictures', 'alike', 'mixed'])
    mkdirSync(path.join(workspace, name), { recursive: true });
  const picture = (height: number, width: number, value: number) =>
    encodePng({ height, width }, 1, new Uint8Array(height * width).fill(value));
  writeFileSync(path.join(workspace, 'alike/one.png'), picture(8, 8, 255));
  writeFileSync(path.join(workspace, 'alike/two.png'), picture(8, 8, 0));
  writeFileSync(path.join(workspace, 'mixed/one.png'), picture(8, 8, 255));
  writeFileSync(path.join(workspace, 'mixed/two.png'), picture(4, 6, 0));
  const bomb = Buffer.from(picture(8, 8, 0));
  bomb.writeUInt32BE(60_000, 16);
  bomb.writeUInt32BE(60_000, 20);
  writeFileSync(path.join(workspace, 'bomb.png'), bomb);
  session = await openSession(inject('workbenchUrl'));
  ({ workbench } = session);
  ({ page } = workbench);
}, 120_000);
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await workbench.screenshot(`failed ${task.name}`.replaceAll(/\W+/g, '-'));
});
afterAll(async () => {
  await workbench.runCommand('View: Close All Editors');
  await session.close();
});

const press = (frame: Frame, label: string) =>
  frame.locator('vscode-button', { hasText: label }).first().click();
const viewOf = (view: string, state: string, timeout = 60_000): Promise<Frame> =>
  webviewFrame(page, EXTENSION_ID, `body[data-view="${view}"] main[data-state="${state}"]`, timeout);

const words = (frame: Frame): Promise<string> =>
  frame
    .locator('.large canvas')
    .getAttribute('aria-valuetext')
    .then((text) => text ?? '');

/** The middle of each pixel of the first pane, red. */
async function drawnPixels(frame: Frame, side: number): Promise<number[]> {
  return frame.evaluate((count) => {
    const canvas = document.querySelector<HTMLCanvasElement>('.large canvas');
    const { width = 0, height = 0 } = canvas ?? {};
    const data = canvas?.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
    const scale = height / count;
    return Array.from({ length: count * count }, (_, at) => {
      const [x, y] = [((at % count) + 0.5) * scale, (Math.floor(at / count) + 0.5) * scale];
      return data[4 * (Math.floor(y) * width + Math.floor(x))] ?? -1;
    });
  }, side);
}

describe('without a model of images', () => {
  it('a file is shown from the explorer, and what would score it is said', { timeout: 180_000 }, async () => {
    await showFromExplorer(workbench, IDX);
    const frame = await viewOf('images', 'result', 90_000);
    expect(await policyOf(frame)).not.toContain('unsafe');
    await frame.locator('.large canvas').waitFor();
    expect(await frame.locator('.ar-sub').innerText()).toMatch(
      /neighbour\.idx · 3.?000 images of 8 × 8 pixels, grey/,
    );
    expect(await frame.locator('.scoring p').innerText()).toContain('this workspace has none yet');
    expect(await frame.locator('.scoring vscode-button').innerText()).toBe('Train');
  });
});

describe('from images to a model', () => {
  it('Train in the Images view writes a spec for them and trains it', { timeout: 240_000 }, async () => {
    await press(await viewOf('images', 'result'), 'Train');
    const training = await viewOf('training', 'result', 120_000);
    const written = path.join(workspace, 'neighbour.arlens.json');
    expect(JSON.parse(readFileSync(written, 'utf8'))).toMatchObject({
      family: 'gatedPixelcnn',
      data: { source: IDX, levels: 2 },
    });
    const status = () => training.locator('.ar-head .ar-sub').innerText();
    const stop = training.locator('vscode-button', { hasText: 'Stop' });
    await until('the end of the job', async () => {
      // A fast machine may have come to the end before anybody could press.
      if ((await stop.count()) > 0) {
        await stop
          .first()
          .click({ timeout: 5000 })
          .catch(() => undefined);
      }
      return /stopped|finished/.test(await status());
    });
    await workbench.runCommand('View: Close All Editors');
    // The stories that follow have a spec and a run of their own.
    rmSync(written);
    rmSync(path.join(workspace, '.arlens/runs/neighbour'), { recursive: true });
  });
});

describe('training', () => {
  it('of a spec of images shows bits/dim and its samples as pictures', { timeout: 240_000 }, async () => {
    await workbench.openFile(SPEC);
    await workbench.runCommand(titleOf(COMMANDS.train));
    const frame = await viewOf('training', 'result', 120_000);
    await until('a validation loss', () =>
      frame.locator('.figures [data-unit="bits/dim"]').first().isVisible(),
    );
    await until('a sample', async () => {
      const image = frame.locator('.sample img').first();
      return (
        (await image.count()) > 0 && (await image.evaluate((each: HTMLImageElement) => each.naturalWidth)) > 8
      );
    });
    expect(await frame.locator('.figures').innerText()).toContain('nats/image');
  });

  it('is stopped, and goes on from its checkpoint to its end', { timeout: 300_000 }, async () => {
    const frame = await viewOf('training', 'result');
    const status = () => frame.locator('.ar-head .ar-sub').innerText();
    const stop = frame.locator('vscode-button', { hasText: 'Stop' });
    // A fast machine may have come to the end before anybody could press.
    if ((await stop.count()) > 0)
      await stop
        .first()
        .click({ timeout: 5000 })
        .catch(() => undefined);
    await until('the end of the job', async () => /stopped|finished/.test(await status()), {
      timeout: 60_000,
    });
    if ((await status()).includes('stopped')) await press(frame, 'Resume');
    await until('the end of the run', async () => (await status()).includes('finished'), {
      timeout: 200_000,
    });
    await workbench.inEveryTheme('images-training');
  });
});

describe('with a run', () => {
  let run = '';
  /** Of each pixel of the first image, as the command line scores them. */
  let bits: number[] = [];
  let frame: Frame;
  beforeAll(() => {
    const [name = ''] = readdirSync(path.join(workspace, RUNS));
    run = path.join(RUNS, name);
  });

  it('the file is scored as ar-lens scores it', { timeout: 180_000 }, async () => {
    await showFromExplorer(workbench, IDX);
    frame = await viewOf('images', 'result');
    // Opened before there was a run: it is chosen here, as a person would.
    await frame.locator('vscode-dropdown').first().click();
    await frame.locator('vscode-option', { hasText: 'neighbour-gated' }).first().click();
    await until(
      'the scores of all images',
      async () =>
        (await frame.locator('.ledger[aria-label="Ledger of units"] h2').innerText()) === 'All images',
    );
    const expected = (await headless('score', '--model', run, '--file', IDX)) as {
      readonly bitsPerDim: number;
      readonly nll: number;
      readonly images: number;
      readonly perImage: ReadonlyArray<{ readonly bitsPerDim: number }>;
    };
    const shown = (row: string) =>
      frame
        .locator(`[data-row="${row}"] [data-figure]`)
        .evaluate((each) => Number(each.getAttribute('data-figure')));
    expect(await shown('bits/dim')).toBeCloseTo(expected.bitsPerDim, 6);
    expect(await shown('nats')).toBeCloseTo(expected.nll, 2);
    // Outliers first: the image with the most bits is the first of the grid.
    const most = expected.perImage.reduce(
      (best, one, image) => (one.bitsPerDim > (expected.perImage[best]?.bitsPerDim ?? 0) ? image : best),
      0,
    );
    const grid = frame.locator('.gallery .frame');
    await grid.focus();
    await grid.press('Home');
    const bits = expected.perImage[most]?.bitsPerDim ?? NaN;
    await until('the outlier', async () =>
      ((await grid.getAttribute('aria-valuetext')) ?? '').startsWith(
        `Image ${most + 1}, ${bits.toFixed(3)} bits/dim`,
      ),
    );
    await until('its own bits', async () => {
      const own = frame.locator('[data-row="image bits/dim"] [data-figure]');
      return Math.abs(Number(await own.getAttribute('data-figure')) - bits) < 1e-5;
    });
  });

  it('draws the pixels of the file, and the distribution of each', { timeout: 120_000 }, async () => {
    const stage = frame.locator('.large canvas');
    await frame.getByLabel('As in the file').check();
    await frame.getByLabel('not', { exact: true }).check(); // outlines lie over pixels
    await frame.locator('.gallery .frame').focus();
    await frame.locator('.gallery .frame').press('Home');
    await until('the first image', async () => (await frame.locator('.large h2').innerText()) === 'Image 1');
    await stage.focus();
    await stage.press('End');
    await stage.press('PageDown');
    await until('the last pixel', async () => (await words(frame)).startsWith('Row 8, column 8'));
    const file = readFileSync(path.join(workspace, IDX)).subarray(16, 16 + 64);
    const drawn = await drawnPixels(frame, 8);
    // The crosshair lies over the last row and column.
    const seen = (at: number) => at % 8 < 7 && at < 56;
    expect(drawn.filter((_, at) => seen(at))).toEqual([...file].filter((_, at) => seen(at)));
    const surprisal = Number(/([\d.]+) bits, rank/.exec(await words(frame))?.[1]);
    const { elements } = (await headless('score', '--model', run, '--file', IDX, '--elements')) as {
      readonly elements: ReadonlyArray<ReadonlyArray<readonly number[]>>;
    };
    bits = elements.flat(2).map((nats) => -nats / Math.LN2);
    expect(surprisal).toBeCloseTo(bits.at(-1) ?? NaN, 2);
    await frame.locator('.ar-levels canvas').waitFor();
    await frame.getByLabel('outlined', { exact: true }).check();
    await workbench.inEveryTheme('images');
  });

  it('says where the bits go', async () => expectBits(frame, bits));

  it('is followed by the Inspector, pixel by pixel', { timeout: 120_000 }, async () => {
    const besideBar = await showInspector(workbench);
    await expectFollowed(workbench, frame, besideBar, bits);
    await workbench.runCommand('View: Show Explorer');
  });
});

describe('the sampler', () => {
  it('draws pixel by pixel what ar-lens sample draws', { timeout: 180_000 }, async () => {
    const [name = ''] = readdirSync(path.join(workspace, RUNS));
    await workbench.openFile(SPEC);
    await workbench.runCommand(titleOf(COMMANDS.openSampler));
    const frame = await viewOf('imageSampler', 'result');
    const drawn = async () => (await frame.locator('.frame canvas').getAttribute('aria-valuetext')) ?? '';
    await press(frame, 'Step');
    await until('one pixel', async () => (await drawn()).includes('1 of 64 sub-pixels'));
    await press(frame, 'Go On');
    await until('all pixels', async () => (await drawn()).includes('Complete'));
    const sampled = (await headless('sample', '--model', path.join(RUNS, name), '--seed', '1')) as {
      readonly elements: ReadonlyArray<{ readonly id: number; readonly logProb: number }>;
    };
    const bits = sampled.elements.reduce((sum, { logProb }) => sum - logProb / Math.LN2, 0);
    const figure = frame.locator('.soFar [data-unit="bits"]').first();
    expect(Number(await figure.getAttribute('data-figure'))).toBeCloseTo(bits, 3);
    const pixels = await frame.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.frame canvas');
      const { width = 0, height = 0 } = canvas ?? {};
      const data = canvas?.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
      const scale = (height - 6) / 8;
      return Array.from({ length: 64 }, (_, at) => {
        const [x, y] = [3 + ((at % 8) + 0.5) * scale, 3 + (Math.floor(at / 8) + 0.5) * scale];
        return (data[4 * (Math.floor(y) * width + Math.floor(x))] ?? -1) > 127 ? 1 : 0;
      });
    });
    expect(pixels).toEqual(sampled.elements.map(({ id }) => id));
    await workbench.inEveryTheme('image-sampler');
  });

  it('shows what it drew where likelihoods are shown', { timeout: 120_000 }, async () => {
    const frame = await viewOf('imageSampler', 'result');
    const bits = Number(await frame.locator('.soFar [data-unit="bits"]').first().getAttribute('data-figure'));
    await press(frame, 'Log-Probs');
    const images = await until('the image with its bits', async () => {
      const found = await viewOf('images', 'result');
      return (await found.locator('.ar-sub').innerText()).includes('sampler-seed-1') ? found : undefined;
    });
    const own = images.locator('[aria-label="This image"] [data-unit="bits"]').first();
    await own.waitFor({ timeout: 30_000 });
    expect(Number(await own.getAttribute('data-figure'))).toBeCloseTo(bits, 3);
  });
});

describe('a folder of pictures', () => {
  it('is shown and scored as one set, and comes back after a reload', { timeout: 180_000 }, async () => {
    await workbench.runCommand('View: Close All Editors');
    await showFromExplorer(workbench, 'alike');
    const shown = async () => {
      const frame = await viewOf('images', 'result');
      await frame.locator('[data-row="bits/dim"]').waitFor({ timeout: 60_000 });
      return frame;
    };
    const frame = await shown();
    expect(await frame.locator('.ar-sub').innerText()).toContain('alike · 2 images of 8 × 8 pixels');
    const before = await frame.locator('[data-row="bits/dim"] [data-figure]').getAttribute('data-figure');
    await workbench.untilKept();
    await page.reload();
    const again = await shown();
    expect(await again.locator('[data-row="bits/dim"] [data-figure]').getAttribute('data-figure')).toBe(
      before,
    );
  });
});

describe('a sampler of a spec without weights', () => {
  it(
    'branches where a pixel is clicked, and comes back after a reload with its branches',
    { timeout: 180_000 },
    async () => {
      await workbench.runCommand('View: Close All Editors');
      await workbench.openFile('toy-raster.arlens.json');
      await workbench.runCommand(titleOf(COMMANDS.openSampler));
      const frame = await viewOf('imageSampler', 'result');
      const far = async (each: Frame) =>
        (await each.locator('.frame canvas').getAttribute('aria-valuetext')) ?? '';
      const force = async (level: string) => {
        await frame.getByLabel('Level to force').fill(level);
        await frame.getByLabel('Level to force').press('Enter');
        await press(frame, 'Force');
      };
      await force('15');
      await until('the forced pixel', async () => (await far(frame)).includes('1 of 64 sub-pixels'));
      await press(frame, 'Go On');
      await until('all pixels', async () => (await far(frame)).includes('Complete'));
      // Back to the pixel at row 3, column 5, by a click on it, and on from there with another level.
      const picture = await frame.locator('.frame canvas').boundingBox();
      const side = ((picture?.height ?? 0) - 6) / 8;
      await frame.locator('.frame canvas').click({ position: { x: 3 + 4.5 * side, y: 3 + 2.5 * side } });
      await until('the pixel', async () => (await far(frame)).includes('20 of 64 sub-pixels'));
      await force('2');
      await until('another branch', async () => (await far(frame)).includes('21 of 64 sub-pixels'));
      const branches = (each: Frame) => each.locator('.branches tbody tr').allInnerTexts();
      await until('both branches', async () => (await branches(frame)).length === 2);
      const listed = await branches(frame);
      expect(listed[1]).toContain('r3 c5 = 2');
      const level = () =>
        frame.evaluate((cell) => {
          const canvas = document.querySelector<HTMLCanvasElement>('.frame canvas');
          const [x, y] = [3 + 4.5 * cell, 3 + 2.5 * cell].map((at) =>
            Math.floor(at * window.devicePixelRatio),
          );
          return canvas?.getContext('2d')?.getImageData(x ?? 0, y ?? 0, 1, 1).data[0];
        }, side);
      await until(
        'the level by hand on the canvas',
        async () => (await level()) === Math.round((255 * 2) / 15),
      );
      // Along the first branch again, whole, by keys alone; and to the second one.
      await frame.locator('.tree').focus();
      await frame.locator('.tree').press('ArrowUp');
      await until('the first branch', async () => (await far(frame)).includes('Complete'));
      await frame.locator('.tree').press('ArrowDown');
      await until('the second branch', async () => (await far(frame)).includes('21 of 64 sub-pixels'));
      await workbench.inEveryTheme('image-sampler-branches');
      const before = await far(frame);
      await workbench.untilKept();
      await page.reload();
      const again = await viewOf('imageSampler', 'result', 90_000);
      await until('the same drawing', async () => (await far(again)) === before);
      expect(await branches(again)).toEqual(listed);
    },
  );
});

describe('what is wrong', () => {
  it.each([
    ['cut.idx', 'expected a file of 192016 bytes, as its sizes 3000 × 8 × 8 say, got 1000 bytes.'],
    ['odd.idx', 'expected PNG, JPEG, IDX (.gz too), .npy or .npz, got other bytes.'],
    ['pictures', 'expected files that match'],
    ['mixed', 'expected pictures of one size, got 2: 8 × 8 (1, as one.png), 6 × 4 (1, as two.png).'],
    ['bomb.png', 'expected a picture of at most 16384 a side and 33554432 pixels, got 60000 × 60000.'],
  ])('with %s is said in one sentence', { timeout: 60_000 }, async (name, sentence) => {
    await workbench.runCommand('View: Close All Editors');
    await showFromExplorer(workbench, name);
    const frame = await viewOf('images', 'failed');
    expect(await frame.locator('main p').innerText()).toContain(sentence);
    expect(await frame.locator('main vscode-button').count()).toBe(1);
  });

  it('an image run cannot colour a text, and says what it shows instead', { timeout: 60_000 }, async () => {
    await workbench.runCommand('View: Close All Editors');
    await workbench.openFile(SPEC);
    await page.locator('.codelens-decoration a', { hasText: /^Annotate with…$/ }).click();
    await workbench.notification('has no words for a text').first().waitFor({ timeout: 30_000 });
    await workbench.dismissNotifications();
  });
});
