// Mixtures of discretised logistics over the levels of a pixel's channels (Salimans, Karpathy, Chen, Kingma 2017,
// arXiv:1701.05517, equations 2 and 3). Levels stand for values from −1 to 1; the first bin takes all below it, the last all
// above. Pure, in double precision: σ(a) − σ(b) = σ(a) σ(−b) (1 − e^(b−a)), so that logarithms are taken of no difference.
import { logSumExp } from './information';
import { logSigmoid } from './normal';

/** As in the paper's code: no logistic is narrower than this, as a logarithm. */
export const LEAST_LOG_SCALE = -7;

export interface MixtureShape {
  readonly levels: number;
  /** 1 or 3. */
  readonly channels: number;
  readonly components: number;
}

/** Weight, and of each channel mean and scale, and how the means of later channels hang on earlier values. */
export function mixtureParameters({ channels: C, components: M }: MixtureShape): number {
  return M * (1 + 2 * C + (C * (C - 1)) / 2);
}

/**
 * One pixel's mixture after another. Parameters of a pixel: M weights (as logits), C · M means, C · M log-scales, and for
 * each pair of a channel and an earlier one (G–R, B–R, B–G) M coefficients, which count as their tanh.
 */
export class LogisticMixture {
  private readonly parameters: number;
  /** ln of each component's weight given the channels so far. */
  private readonly weights: Float64Array;
  private readonly shares: Float64Array;
  private readonly gradients: Float64Array;

  constructor(readonly shape: MixtureShape) {
    const { channels: C, components: M, levels } = shape;
    this.parameters = mixtureParameters(shape);
    this.weights = new Float64Array(M);
    this.shares = new Float64Array(Math.max(C, levels) * M);
    this.gradients = new Float64Array(2 * C * M);
  }

  /**
   * −ln p of pixel `pixel`, all its channels together.
   * @param gradient of it by its parameters: [pixels, parameters], written at the pixel's row
   */
  nats(params: Float32Array, pixel: number, levels: Int32Array, gradient: Float32Array): number {
    const { channels: C, components: M } = this.shape;
    const { weights, shares, gradients: slopes } = this;
    const at = pixel * this.parameters;
    const before = logSumExp(params, at, M);
    for (let m = 0; m < M; m++) {
      let total = (params[at + m] as number) - before;
      for (let c = 0; c < C; c++) {
        const level = levels[pixel * C + c] as number;
        const mean = this.mean(params, at, c, m, levels, pixel * C);
        const share = this.share(level, mean, params[at + (1 + C + c) * M + m] as number, c * M + m, slopes);
        shares[c * M + m] = share;
        total += share;
      }
      weights[m] = total;
    }
    const after = logSumExp(weights, 0, M);
    let pair = (1 + 2 * C) * M;
    for (let m = 0; m < M; m++) {
      const posterior = Math.exp((weights[m] as number) - after);
      gradient[at + m] = Math.exp((params[at + m] as number) - before) - posterior;
      for (let c = 0; c < C; c++) {
        gradient[at + (1 + c) * M + m] = -posterior * (slopes[2 * (c * M + m)] as number);
        gradient[at + (1 + C + c) * M + m] = -posterior * (slopes[2 * (c * M + m) + 1] as number);
      }
    }
    for (let c = 1; c < C; c++) {
      for (let earlier = 0; earlier < c; earlier++, pair += M) {
        const value = this.value(levels[pixel * C + earlier] as number);
        for (let m = 0; m < M; m++) {
          const bend = Math.tanh(params[at + pair + m] as number);
          gradient[at + pair + m] = (gradient[at + (1 + c) * M + m] as number) * value * (1 - bend * bend);
        }
      }
    }
    return -after;
  }

  /** ln p of each channel given those before it. @param out [pixels, C], written at the pixel's row */
  logProbs(params: Float32Array, pixel: number, levels: Int32Array, out: Float32Array): void {
    const { channels: C, components: M } = this.shape;
    const at = pixel * this.parameters;
    for (let m = 0; m < M; m++) this.weights[m] = params[at + m] as number;
    let before = logSumExp(this.weights, 0, M);
    for (let c = 0; c < C; c++) {
      this.condition(params, at, c, levels, pixel * C);
      const after = logSumExp(this.weights, 0, M);
      out[pixel * C + c] = after - before;
      before = after;
    }
  }

  /**
   * ln p of every level of one channel.
   * @param known [C] levels from `knownAt`: those of the channels before `channel` are read
   * @param out [levels] from `outAt`
   */
  levelLogProbs(
    params: ArrayLike<number>,
    at: number,
    channel: number,
    known: Int32Array,
    knownAt: number,
    out: Float32Array,
    outAt: number,
  ): void {
    const { channels: C, components: M, levels } = this.shape;
    const { weights, shares } = this;
    for (let m = 0; m < M; m++) weights[m] = params[at + m] as number;
    for (let c = 0; c < channel; c++) this.condition(params, at, c, known, knownAt);
    const total = logSumExp(weights, 0, M);
    for (let m = 0; m < M; m++) {
      const mean = this.mean(params, at, channel, m, known, knownAt);
      const logScale = params[at + (1 + C + channel) * M + m] as number;
      for (let level = 0; level < levels; level++) {
        shares[level * M + m] = (weights[m] as number) - total + this.share(level, mean, logScale);
      }
    }
    for (let level = 0; level < levels; level++) out[outAt + level] = logSumExp(shares, level * M, M);
  }

  /** Multiplies each component's weight by what it gave channel c. */
  private condition(
    params: ArrayLike<number>,
    at: number,
    c: number,
    levels: Int32Array,
    from: number,
  ): void {
    const { channels: C, components: M } = this.shape;
    for (let m = 0; m < M; m++) {
      const mean = this.mean(params, at, c, m, levels, from);
      const logScale = params[at + (1 + C + c) * M + m] as number;
      this.weights[m] = (this.weights[m] as number) + this.share(levels[from + c] as number, mean, logScale);
    }
  }

  private mean(
    params: ArrayLike<number>,
    at: number,
    c: number,
    m: number,
    levels: Int32Array,
    from: number,
  ): number {
    const { channels: C, components: M } = this.shape;
    let mean = params[at + (1 + c) * M + m] as number;
    for (let earlier = 0; earlier < c; earlier++) {
      const pair = (1 + 2 * C + (c * (c - 1)) / 2 + earlier) * M;
      mean += Math.tanh(params[at + pair + m] as number) * this.value(levels[from + earlier] as number);
    }
    return mean;
  }

  private value(level: number): number {
    return (2 * level) / (this.shape.levels - 1) - 1;
  }

  /**
   * ln of a level's share of a logistic.
   * @param slopes written at 2 · slot: by the mean, and by the log-scale
   */
  private share(level: number, mean: number, logScale: number, slot = 0, slopes?: Float64Array): number {
    const last = this.shape.levels - 1;
    const narrowest = logScale < LEAST_LOG_SCALE;
    const inverse = Math.exp(-(narrowest ? LEAST_LOG_SCALE : logScale));
    const x = this.value(level) - mean;
    const [low, high] = [(x - 1 / last) * inverse, (x + 1 / last) * inverse];
    const width = (2 / last) * inverse;
    let share = 0;
    let [byMean, byScale] = [0, 0];
    if (level < last) {
      share += logSigmoid(high);
      if (slopes) {
        const slope = sigmoid(-high);
        byMean -= slope * inverse;
        byScale -= slope * high;
      }
    }
    if (level > 0) {
      share += logSigmoid(-low);
      if (slopes) {
        const slope = sigmoid(low);
        byMean += slope * inverse;
        byScale += slope * low;
      }
    }
    if (level > 0 && level < last) {
      share += Math.log(-Math.expm1(-width));
      byScale -= width / Math.expm1(width);
    }
    if (slopes) {
      slopes[2 * slot] = byMean;
      slopes[2 * slot + 1] = narrowest ? 0 : byScale;
    }
    return share;
  }
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
