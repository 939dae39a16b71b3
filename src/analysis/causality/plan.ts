// How much there is to measure, and which inputs stand for all where all would be too many. Numbers only.

/** Positions to be computed: what is done counts up to what there is. */
export interface Work {
  done: number;
  readonly of: number;
}

const CHANGES = 3;

export function workOf(lengths: readonly number[], sampledLength: number | undefined, draws: number): Work {
  const whole = lengths.reduce((sum, length) => sum + CHANGES * length ** 2, 0);
  const few = CHANGES * sampledInputs(sampledLength ?? 0).length * (sampledLength ?? 0);
  return { done: 0, of: draws * whole + Math.min(draws, 2) * few };
}

/** Both sides of the middle, and of the last tile of the sizes that kernels work in; the two last ones. */
export function sampledInputs(length: number): number[] {
  const tile = (size: number): number => Math.floor((length - 1) / size) * size;
  const wanted = [Math.floor(length / 2), tile(64), tile(64) - 1, tile(16), length - 2, length - 1];
  return [...new Set(wanted)].filter((input) => input >= 0 && input < length).sort((a, b) => a - b);
}
