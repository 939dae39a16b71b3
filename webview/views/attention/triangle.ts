// Reads a map's packed lower triangle: rows, entries, the strongest of a row, and the map as fewer dots. Pure.

export const rowStart = (row: number): number => (row * (row + 1)) / 2;

/** NaN for what is masked. */
export function weightAt(values: Float32Array, row: number, column: number): number {
  return column > row ? NaN : (values[rowStart(row) + column] ?? NaN);
}

export const rowOf = (values: Float32Array, row: number): Float32Array =>
  values.subarray(rowStart(row), rowStart(row + 1));

export interface Looked {
  readonly position: number;
  readonly weight: number;
}

/** The `count` positions a row looks at most, the strongest first; the nearer one where two are equal. */
export function strongest(values: Float32Array, row: number, count: number): Looked[] {
  return Array.from(rowOf(values, row), (weight, position) => ({ position, weight }))
    .filter(({ weight }) => !Number.isNaN(weight))
    .sort((a, b) => b.weight - a.weight || b.position - a.position)
    .slice(0, count);
}

/** `size` × `size` dots, each the largest weight under it; NaN where all is masked. */
export function dotsOf(values: Float32Array, length: number, size: number): Float32Array {
  const dots = new Float32Array(size * size).fill(NaN);
  for (let row = 0, at = 0; row < length; row++) {
    const top = Math.floor((row * size) / length) * size;
    for (let column = 0; column <= row; column++, at++) {
      const dot = top + Math.floor((column * size) / length);
      const weight = values[at] ?? NaN;
      if (!((dots[dot] ?? NaN) >= weight) && !Number.isNaN(weight)) dots[dot] = weight;
    }
  }
  return dots;
}
