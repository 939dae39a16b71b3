// The likelihood of pixels under mixtures of discretised logistics. The loss is computed on the host in double precision
// beside the kernels that share its memory: a few numbers for each pixel. Elsewhere, and for the distribution over every
// level, the same out of tfjs's own ops.
import {
  add,
  cast,
  exp,
  expm1,
  log,
  logSumExp,
  maximum,
  mul,
  neg,
  reshape,
  slice,
  softplus,
  stack,
  step,
  sub,
  tanh,
  tensor1d,
  tensor2d,
  tidy,
  range,
} from '@tensorflow/tfjs-core';
import type { Rank, Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../kernels/fusedKernels';
import { LEAST_LOG_SCALE, LogisticMixture, type MixtureShape } from '../math/logisticMixture';
import { fusedOp, isFused, output } from './fused';

/**
 * −ln p of each pixel, its channels together.
 * @param params [N, P] as LogisticMixture has them
 * @param levels int32 [N, C] in any shape
 * @returns nats [N]
 */
export function mixtureNats(params: Tensor2D, levels: Tensor, shape: MixtureShape): Tensor1D {
  if (!isFused(FusedKernel.linear)) return mixtureNatsPlain(params, levels, shape);
  const [N, P] = params.shape;
  return fusedOp<Tensor1D>(
    [params],
    (save) => {
      const mixture = new LogisticMixture(shape);
      const values = params.dataSync<'float32'>();
      const chosen = levels.dataSync<'int32'>();
      const gradient = new Float32Array(N * P);
      const nats = new Float32Array(N);
      for (let pixel = 0; pixel < N; pixel++) nats[pixel] = mixture.nats(values, pixel, chosen, gradient);
      save([tensor2d(gradient, [N, P])]);
      return tensor1d(nats);
    },
    (dy, saved) => [tidy(() => mul(output<Tensor2D>(saved, 0), reshape(dy, [N, 1])))],
  );
}

export function mixtureNatsPlain(params: Tensor2D, levels: Tensor, shape: MixtureShape): Tensor1D {
  return tidy(() => {
    const mixture = new PlainMixture(params, levels, shape);
    for (let c = 0; c < shape.channels; c++) mixture.condition(c);
    const total: Tensor1D = logSumExp(mixture.weights, 1);
    return neg(total);
  });
}

/**
 * ln p of every level of every channel given the channels before it.
 * @param levels [N, C] in any shape; of float32 levels it is differentiable in them, too
 * @returns [N, C, K]
 */
export function mixtureLevels(params: Tensor2D, levels: Tensor, shape: MixtureShape): Tensor3D {
  return tidy(() => {
    const mixture = new PlainMixture(params, levels, shape);
    const channels: Tensor2D[] = [];
    for (let c = 0; c < shape.channels; c++) {
      channels.push(mixture.levels(c));
      mixture.condition(c);
    }
    return stack(channels, 1) as Tensor3D;
  });
}

/** ln p of each channel given those before it. @returns [N · C] in host memory */
export function mixtureLogProbs(params: Float32Array, levels: Int32Array, shape: MixtureShape): Float32Array {
  const mixture = new LogisticMixture(shape);
  const out = new Float32Array(levels.length);
  for (let pixel = 0; pixel < levels.length / shape.channels; pixel++) {
    mixture.logProbs(params, pixel, levels, out);
  }
  return out;
}

const LEAST_INVERSE = 1e-30;

/** Channel by channel, as tensors; leaves what it makes to the caller's tidy. */
class PlainMixture {
  /** ln of each component's weight times what the channels so far were given: [N, M]. */
  weights: Tensor2D;
  /** Levels as numbers, [N, C]. */
  private readonly levelNumbers: Tensor2D;

  constructor(
    private readonly params: Tensor2D,
    levels: Tensor,
    private readonly shape: MixtureShape,
  ) {
    const [N] = params.shape;
    this.levelNumbers = cast(reshape<Rank.R2>(levels, [N, shape.channels]), 'float32');
    const logits = this.part(0);
    this.weights = sub(logits, logSumExp(logits, 1, true));
  }

  /** Goes on as if channel c had its level. */
  condition(c: number): void {
    const level = reshape<Rank.R3>(this.column(c), [this.rows, 1, 1]);
    this.weights = add(this.weights, reshape<Rank.R2>(this.shares(c, level), this.weights.shape));
  }

  /** @returns [N, K] */
  levels(c: number): Tensor2D {
    const { levels: K } = this.shape;
    const every = reshape<Rank.R3>(range(0, K, 1, 'float32'), [1, 1, K]);
    const weights = sub<Tensor2D>(this.weights, logSumExp(this.weights, 1, true));
    const joint = add<Tensor3D>(
      reshape(weights, [this.rows, this.shape.components, 1]),
      this.shares(c, every),
    );
    return logSumExp(joint, 1);
  }

  /** ln of a level's share of each component's logistic. @param level [N or 1, 1, K] @returns [N, M, K] */
  private shares(c: number, level: Tensor3D): Tensor3D {
    const { channels: C, components: M, levels: K } = this.shape;
    const half = 1 / (K - 1);
    const wide = (x: Tensor2D): Tensor3D => reshape(x, [this.rows, M, 1]);
    // In float32 a bin of a logistic that is wider than any has no share at all, not 0 · −∞.
    const scale = maximum<Tensor2D>(this.part(1 + C + c), LEAST_LOG_SCALE);
    const inverse = wide(maximum<Tensor2D>(exp(neg(scale)), LEAST_INVERSE));
    const x = sub<Tensor3D>(sub(mul(level, 2 * half), 1), wide(this.mean(c)));
    // Steps in place of comparisons, which have no derivative: theirs is 0.
    const [belowLast, aboveFirst] = [step(sub<Tensor3D>(K - 1.5, level)), step(sub<Tensor3D>(level, 0.5))];
    const below = mul(logSigmoid(mul(add(x, half), inverse)), belowLast);
    const above = mul(logSigmoid(mul(sub(half, x), inverse)), aboveFirst);
    const inside = mul(belowLast, aboveFirst);
    const width = log(neg(expm1(mul(inverse, -2 * half)))); // [N, M, 1]
    return add(add(below, above), mul(width, inside));
  }

  /** @returns [N, M] */
  private mean(c: number): Tensor2D {
    const { channels: C, levels: K } = this.shape;
    let mean = this.part(1 + c);
    for (let earlier = 0; earlier < c; earlier++) {
      const bend = tanh(this.part(1 + 2 * C + (c * (c - 1)) / 2 + earlier));
      mean = add(mean, mul(bend, sub(mul(this.column(earlier), 2 / (K - 1)), 1)));
    }
    return mean;
  }

  /** M parameters of each pixel, [N, M]. */
  private part(index: number): Tensor2D {
    const { components: M } = this.shape;
    return slice(this.params, [0, index * M], [this.rows, M]);
  }

  private column(c: number): Tensor2D {
    return slice(this.levelNumbers, [0, c], [this.rows, 1]);
  }

  private get rows(): number {
    return this.params.shape[0];
  }
}

/** Not tfjs's own, whose gradient reads what a tidy has disposed by then. */
function logSigmoid(x: Tensor3D): Tensor3D {
  return neg(softplus(neg(x)));
}
