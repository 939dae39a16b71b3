// The likelihood of pixels under mixtures of discretised logistics, as a differentiable op. It is computed on the host in
// double precision on every device: a few numbers for each pixel, whose tails float32 would lose.
import { mul, reshape, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { LogisticMixture, type MixtureShape } from '../math/logisticMixture';
import { fusedOp, output } from './fused';

/**
 * −ln p of each pixel, its channels together.
 * @param params [N, P] as LogisticMixture has them
 * @param levels int32 [N, C] in any shape
 * @returns nats [N]
 */
export function mixtureNats(params: Tensor2D, levels: Tensor, shape: MixtureShape): Tensor1D {
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

/** ln p of each channel given those before it. @returns [N · C] in host memory */
export function mixtureLogProbs(params: Float32Array, levels: Int32Array, shape: MixtureShape): Float32Array {
  const mixture = new LogisticMixture(shape);
  const out = new Float32Array(levels.length);
  for (let pixel = 0; pixel < levels.length / shape.channels; pixel++) {
    mixture.logProbs(params, pixel, levels, out);
  }
  return out;
}

/** ln p of every level of every channel given the channels before it. @returns [N · C · K] in host memory */
export function mixtureLevels(params: Float32Array, levels: Int32Array, shape: MixtureShape): Float32Array {
  const mixture = new LogisticMixture(shape);
  const { channels: C, levels: K } = shape;
  const N = levels.length / C;
  const out = new Float32Array(N * C * K);
  const P = params.length / N;
  for (let pixel = 0; pixel < N; pixel++) {
    for (let channel = 0; channel < C; channel++) {
      const at = pixel * C;
      mixture.levelLogProbs(params, pixel * P, channel, levels, at, out, (at + channel) * K);
    }
  }
  return out;
}
