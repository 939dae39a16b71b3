// How fast each pair of channels turns with the position (RoPE: Su et al., arXiv 2104.09864), and the ways to stretch
// that to contexts longer than the trained one. Pure arithmetic, the same definitions as transformers'; knows no tensor.

/** Absent keys of `scaling` have been resolved: nothing here depends on a model's other settings. */
export interface RopeSettings {
  readonly theta: number;
  /** Channels of a head that turn. An odd number is rounded up to pairs, its exponents are not. */
  readonly size: number;
  readonly scaling?: RopeScaling;
}

export type RopeScaling =
  /** Positions are divided (Chen et al., arXiv 2306.15595). */
  | { readonly kind: 'linear'; readonly factor: number }
  /** The base grows with the length of the window, once that is past the original context ("NTK-aware"). */
  | { readonly kind: 'dynamic'; readonly factor: number; readonly originalContext: number }
  /** Slow pairs are interpolated, fast ones are not (Peng et al., arXiv 2309.00071). */
  | {
      readonly kind: 'yarn';
      readonly factor: number;
      readonly originalContext: number;
      readonly betaFast: number;
      readonly betaSlow: number;
      readonly attentionFactor: number;
      /** Whether the ramp's ends are whole channels. */
      readonly truncate: boolean;
    }
  /** By wavelength, as Llama 3.1 does (Grattafiori et al., arXiv 2407.21783). */
  | {
      readonly kind: 'llama3';
      readonly factor: number;
      readonly originalContext: number;
      readonly lowFrequencyFactor: number;
      readonly highFrequencyFactor: number;
    }
  /** A factor for each pair; one set up to the original context, another past it (Ding et al., arXiv 2402.13753). */
  | {
      readonly kind: 'longrope';
      readonly originalContext: number;
      readonly attentionFactor: number;
      readonly shortFactors: readonly number[];
      readonly longFactors: readonly number[];
    };

export interface RopeFrequencies {
  /** Radians per position of each pair, rounded to float32 as every implementation stores them. */
  readonly inverse: Float32Array;
  /** What cosines and sines are multiplied by. */
  readonly amplitude: number;
}

/** Whether the turning of a position depends on how long its window is. */
export function dependsOnLength({ scaling }: RopeSettings): boolean {
  return scaling?.kind === 'dynamic' || scaling?.kind === 'longrope';
}

/** Windows of lengths with equal keys turn alike. */
export function frequencyKey({ scaling }: RopeSettings, length: number): number {
  if (scaling?.kind === 'dynamic') return Math.max(length, scaling.originalContext);
  if (scaling?.kind === 'longrope') return length > scaling.originalContext ? 1 : 0;
  return 0;
}

/** @param length positions of the window: 1 + the last position */
export function ropeFrequencies(settings: RopeSettings, length: number): RopeFrequencies {
  const { theta, scaling } = settings;
  const plain = inverseFrequencies(settings, theta);
  switch (scaling?.kind) {
    case undefined:
      return { inverse: Float32Array.from(plain), amplitude: 1 };
    case 'linear':
      return { inverse: Float32Array.from(plain, (each) => each / scaling.factor), amplitude: 1 };
    case 'dynamic': {
      const { factor, originalContext } = scaling;
      const stretch = (factor * Math.max(length, originalContext)) / originalContext - (factor - 1);
      const base = theta * stretch ** (settings.size / (settings.size - 2));
      return { inverse: Float32Array.from(inverseFrequencies(settings, base)), amplitude: 1 };
    }
    case 'yarn':
      return { inverse: yarn(settings, scaling, plain), amplitude: scaling.attentionFactor };
    case 'llama3':
      return { inverse: Float32Array.from(plain, (each) => llama3(scaling, each)), amplitude: 1 };
    case 'longrope': {
      const factors = length > scaling.originalContext ? scaling.longFactors : scaling.shortFactors;
      const inverse = Float32Array.from(plain, (each, pair) => each / (factors[pair] ?? NaN));
      return { inverse, amplitude: scaling.attentionFactor };
    }
    default:
      return scaling satisfies never;
  }
}

/** YaRN's and LongRoPE's amplitude where a configuration names none. */
export function yarnAmplitude(factor: number, scale = 1): number {
  return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
}
export function longropeAmplitude(factor: number, originalContext: number): number {
  return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalContext));
}

/** Pairs of channels that turn. */
export function pairsOf({ size }: Pick<RopeSettings, 'size'>): number {
  return Math.ceil(size / 2);
}

function inverseFrequencies(settings: RopeSettings, base: number): Float64Array {
  return Float64Array.from({ length: pairsOf(settings) }, (_, pair) => base ** ((-2 * pair) / settings.size));
}

function yarn(
  { theta, size }: RopeSettings,
  scaling: Extract<RopeScaling, { kind: 'yarn' }>,
  plain: Float64Array,
): Float32Array {
  const { factor, originalContext, betaFast, betaSlow, truncate } = scaling;
  /** The channel that turns so many times within the original context. */
  const channel = (turns: number): number =>
    (size * Math.log(originalContext / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const low = Math.max(truncate ? Math.floor(channel(betaFast)) : channel(betaFast), 0);
  let high = Math.min(truncate ? Math.ceil(channel(betaSlow)) : channel(betaSlow), size - 1);
  if (low === high) high += 0.001;
  return Float32Array.from(plain, (each, pair) => {
    const interpolated = Math.min(1, Math.max(0, (pair - low) / (high - low)));
    return (each / factor) * interpolated + each * (1 - interpolated);
  });
}

function llama3(scaling: Extract<RopeScaling, { kind: 'llama3' }>, inverse: number): number {
  const { factor, originalContext, lowFrequencyFactor: low, highFrequencyFactor: high } = scaling;
  const turns = (originalContext * inverse) / (2 * Math.PI);
  if (turns < low) return inverse / factor;
  if (turns > high) return inverse;
  const smooth = (turns - low) / (high - low);
  return ((1 - smooth) * inverse) / factor + smooth * inverse;
}
