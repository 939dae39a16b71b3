// What an attention map must look like: the colours that are drawn, and those that its weights should have. For pages of
// a view alone and for the view in VS Code.
import type { Frame, Page } from 'playwright-core';
import { expect } from 'vitest';

const frameOf = (place: Page | Frame): Frame => ('mainFrame' in place ? place.mainFrame() : place);

/** The colours at places (CSS pixels) of the canvas inside `selector`. */
export const coloursAt = (
  place: Page | Frame,
  selector: string,
  places: ReadonlyArray<readonly [number, number]>,
): Promise<number[][]> =>
  frameOf(place).evaluate(
    ({ within, points }) => {
      const context = document.querySelector<HTMLCanvasElement>(`${within} canvas`)?.getContext('2d');
      const ratio = window.devicePixelRatio;
      return points.map(([x = 0, y = 0]) =>
        Array.from(
          context?.getImageData(Math.round(x * ratio), Math.round(y * ratio), 1, 1).data ?? [],
        ).slice(0, 3),
      );
    },
    { within: selector, points: places.map(([x, y]) => [x, y]) },
  );

/** What tokens.css says: the colour of a weight on the square-root scale, and of what is masked. */
export const expectedColours = (place: Page | Frame, weights: readonly number[]): Promise<number[][]> =>
  frameOf(place).evaluate((all) => {
    const brush = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const probe = document.createElement('span');
    document.body.append(probe);
    const read = (token: string) => {
      probe.style.color = `var(--${token})`;
      if (brush === null) return [0, 0, 0];
      brush.fillStyle = getComputedStyle(probe).color;
      brush.fillRect(0, 0, 1, 1);
      return Array.from(brush.getImageData(0, 0, 1, 1).data).slice(0, 3);
    };
    const stops = Array.from({ length: 16 }, (_, i) => read(`ar-seq-${i}`));
    const masked = read('ar-future');
    probe.remove();
    return all.map((weight) => {
      if (Number.isNaN(weight)) return masked;
      const at = Math.sqrt(weight) * 15;
      const below = Math.min(14, Math.floor(at));
      return [0, 1, 2].map((channel) => {
        const [from, to] = [stops[below]?.[channel] ?? 0, stops[below + 1]?.[channel] ?? 0];
        return from + (to - from) * (at - below);
      });
    });
  }, weights);

export function expectSame(drawn: readonly number[][], expected: readonly number[][]): void {
  expect(drawn).toHaveLength(expected.length);
  drawn.forEach((colour, i) =>
    colour.forEach((value, channel) => {
      // 256 shades of a square root: a weight is at most half a shade away.
      expect(Math.abs(value - (expected[i]?.[channel] ?? NaN)), `place ${i}`).toBeLessThanOrEqual(3);
    }),
  );
}

/** Of a packed triangle; NaN above it. */
export const weightOf = (values: Float32Array, row: number, column: number) =>
  column > row ? NaN : (values[(row * (row + 1)) / 2 + column] ?? NaN);
