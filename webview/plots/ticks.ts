// Round numbers for axes. Pure.

export type AxisScale = 'linear' | 'log';

/** About `count` values at 1, 2 or 5 times a power of ten inside [minimum, maximum]. */
export function linearTicks(minimum: number, maximum: number, count: number): number[] {
  const span = maximum - minimum;
  if (!(span > 0) || count < 1) return [];
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const first = Math.ceil(minimum / step - 1e-9);
  const last = Math.floor(maximum / step + 1e-9);
  // Multiplying whole numbers keeps 0.3 from becoming 0.30000000000000004 where it can.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** The powers of ten in [minimum, maximum]; with fewer than three of them, their 2- and 5-fold too. */
export function logTicks(minimum: number, maximum: number): number[] {
  const low = Math.floor(Math.log10(minimum));
  const high = Math.ceil(Math.log10(maximum));
  const powers = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  const inside = (ticks: number[]) => ticks.filter((tick) => tick >= minimum && tick <= maximum);
  const plain = inside(powers);
  return plain.length >= 3 ? plain : inside(powers.flatMap((power) => [power, 2 * power, 5 * power]));
}

/** Decimals that tell the ticks apart. */
export function tickDigits(ticks: readonly number[]): number {
  const [first = 0, second = first + 1] = ticks;
  return Math.max(0, Math.min(6, -Math.floor(Math.log10(second - first) + 1e-9)));
}
