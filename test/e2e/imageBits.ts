// What the story of images says of one image of 8 × 8 grey pixels: where its bits go, and what the Inspector makes of its
// crosshair; held against the bits that the command line scores.
import type { Frame } from 'playwright-core';
import { expect } from 'vitest';
import { until } from './driver/until';
import type { Workbench } from './driver/workbench';
import { viewIn } from './views';

const SIDE = 8;
/** Of a region. */
const REGION = 4;

const sum = (values: readonly number[]) => values.reduce((total, each) => total + each, 0);
const figure = (frame: Frame, place: string): Promise<number> =>
  frame.locator(`${place} [data-figure]`).first().getAttribute('data-figure').then(Number);

/** @param bits of each pixel; the crosshair is in the last one, with all of them behind it */
export async function expectBits(frame: Frame, bits: readonly number[]): Promise<void> {
  expect(await figure(frame, '[data-row="bits so far"]')).toBeCloseTo(sum(bits), 3);
  const means: number[] = [];
  for (let row = 0; row + REGION <= SIDE; row++)
    for (let column = 0; column + REGION <= SIDE; column++) {
      const rows = Array.from({ length: REGION }, (_, at) => (row + at) * SIDE + column);
      means.push(sum(rows.flatMap((from) => bits.slice(from, from + REGION))) / REGION ** 2);
    }
  expect(await figure(frame, '[aria-label="Least likely regions"]')).toBeCloseTo(Math.max(...means), 4);
  expect(await figure(frame, '[aria-label="Most likely regions"]')).toBeCloseTo(Math.min(...means), 4);
}

/** With room for it in the side bar. */
export async function showInspector(workbench: Workbench): Promise<Frame> {
  await workbench.runCommand('View: Show AR Lens');
  for (const pane of ['Runs', 'Likelihood']) await workbench.togglePane(pane);
  return viewIn(workbench, 'inspector', 'result');
}

/** The crosshair goes along the last row, and the Inspector with it, but while it is pinned. */
export async function expectFollowed(
  workbench: Workbench,
  images: Frame,
  inspector: Frame,
  bits: readonly number[],
): Promise<void> {
  const stage = images.locator('.large canvas');
  const at = (column: number) =>
    until(`the pixel of column ${column}`, async () => {
      const place = await inspector.locator('.what .ar-note').innerText();
      return place === `Row ${SIDE}, column ${column}`;
    });
  await stage.press('Home');
  await at(1);
  const own = bits[(SIDE - 1) * SIDE] ?? NaN;
  expect(await figure(inspector, '[data-name="surprisal"]')).toBeCloseTo(own, 4);
  const probabilities = await inspector
    .locator('.top tr[data-id]')
    .evaluateAll((rows) => rows.map((row) => Math.exp(Number(row.getAttribute('data-log-prob')))));
  expect(probabilities).toHaveLength(2);
  expect(sum(probabilities)).toBeCloseTo(1, 5);
  await workbench.inEveryTheme('inspector-pixel');
  await inspector.getByRole('button', { name: /^Pin:/ }).click();
  await inspector.getByRole('button', { name: /^Pinned/ }).waitFor();
  await stage.press('ArrowRight');
  await images.locator('.reading h2', { hasText: 'column 2' }).waitFor();
  await at(1);
  await inspector.getByRole('button', { name: /^Pinned/ }).click();
  await at(2);
}
