// What can be said of attention maps: entropies, means, rollout, small pictures. Pure, in double precision.
// A map of T positions is its lower triangle, row after row: what is masked is not there, so nobody can read it as 0.

/** Values of a map of `length` positions. */
export const triangleSize = (length: number): number => (length * (length + 1)) / 2;

/** Where row `i` begins; entry (i, j), j ≤ i, stands `j` further. */
export const rowStart = (i: number): number => (i * (i + 1)) / 2;

/** Takes the lower triangle of a [T, T] matrix, and the largest magnitude it left behind. */
export function lowerTriangle(
  square: Float32Array,
  length: number,
): { readonly values: Float32Array; readonly above: number } {
  const values = new Float32Array(triangleSize(length));
  let above = 0;
  for (let i = 0; i < length; i++) {
    values.set(square.subarray(i * length, i * length + i + 1), rowStart(i));
    for (let j = i + 1; j < length; j++) above = Math.max(above, Math.abs(square[i * length + j] ?? NaN));
  }
  return { values, above };
}

/** What lies before a sliding window of `window` positions, own one included, becomes NaN: masked, which is no 0. */
export function maskedBefore(
  values: ArrayLike<number>,
  length: number,
  window: number | undefined,
): Float32Array {
  const shown = Float32Array.from(values);
  if (window === undefined) return shown;
  for (let i = window; i < length; i++) shown.fill(NaN, rowStart(i), rowStart(i) + i - window + 1);
  return shown;
}

/**
 * How far the rollout up to each layer sees, from the layers' own windows: every layer reaches `window - 1` positions
 * further back than the one below it; one that sees all before it opens all above.
 */
export function rolloutWindows(
  windows: ReadonlyArray<number | undefined>,
): ReadonlyArray<number | undefined> {
  let reach: number | undefined = 1;
  return windows.map((window) => {
    reach = reach === undefined || window === undefined ? undefined : reach + window - 1;
    return reach;
  });
}

/** H of each row in bits; row i is at most its `entropyCeilings`. */
export function rowEntropies(values: ArrayLike<number>, length: number): Float64Array {
  const entropies = new Float64Array(length);
  for (let i = 0, at = 0; i < length; i++) {
    let bits = 0;
    for (let j = 0; j <= i; j++, at++) {
      const p = values[at] ?? 0;
      if (p > 0) bits -= p * Math.log2(p);
    }
    entropies[i] = Math.max(0, bits);
  }
  return entropies;
}

/** The most each row's entropy can be: log2 of the positions it may see, at most `window` of them. */
export function entropyCeilings(length: number, window = Infinity): Float64Array {
  return Float64Array.from({ length }, (_, i) => Math.log2(Math.min(i + 1, window)));
}

/** The mean of several maps, entry by entry. */
export function meanMap(maps: readonly ArrayLike<number>[]): Float64Array {
  const mean = new Float64Array(maps[0]?.length ?? 0);
  for (const map of maps)
    for (let at = 0; at < mean.length; at++) mean[at] = (mean[at] ?? 0) + (map[at] ?? 0);
  return mean.map((sum) => sum / maps.length);
}

/**
 * One layer more of attention rollout (Abnar and Zuidema 2020, arXiv 2005.00928): A' · R with A' = (A + I) / 2.
 * @param mean the layer's mean over heads
 * @param below the rollout up to the layer before; absent for the first
 */
export function rolloutStep(
  mean: ArrayLike<number>,
  length: number,
  below: Float64Array | undefined,
): Float64Array {
  const rolled = new Float64Array(triangleSize(length));
  for (let i = 0; i < length; i++) rollRow(rolled, mean, i, below);
  return rolled;
}

/** One row of `rolloutStep`, for those that must give way in between. */
export function rollRow(
  rolled: Float64Array,
  mean: ArrayLike<number>,
  i: number,
  below: Float64Array | undefined,
): void {
  const to = rowStart(i);
  for (let k = 0; k <= i; k++) {
    const weight = ((mean[to + k] ?? 0) + (k === i ? 1 : 0)) / 2;
    if (below === undefined) {
      rolled[to + k] = weight;
      continue;
    }
    if (weight === 0) continue;
    const from = rowStart(k);
    for (let j = 0; j <= k; j++) rolled[to + j] = (rolled[to + j] ?? 0) + weight * (below[from + j] ?? 0);
  }
}

/**
 * A map as `size` × `size` dots, each the largest weight under it, so that a thin diagonal survives; NaN where all is
 * masked. With as many dots as positions it is the map itself.
 */
export function smallMap(values: ArrayLike<number>, length: number, size: number): Float32Array {
  const small = new Float32Array(size * size).fill(NaN);
  const dotOf = Uint16Array.from({ length }, (_, position) => Math.floor((position * size) / length));
  for (let i = 0, at = 0; i < length; i++) {
    const row = (dotOf[i] ?? 0) * size;
    for (let j = 0; j <= i; j++, at++) {
      const dot = row + (dotOf[j] ?? 0);
      const seen = small[dot] ?? NaN;
      const p = values[at] ?? NaN;
      if (!(seen >= p) && !Number.isNaN(p)) small[dot] = p;
    }
  }
  return small;
}
