// The fused attention kernels, as fusedKernels.ts declares them: whole sequences, their gradient, and one position
// over a cache.
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { FusedKernel } from '../fusedKernels';
import type * as fused from '../fusedKernels';
import { define } from './define';
import { expectRate, expectSize, offsets } from './fusedLayers';

type Infos<T> = { [Name in keyof T]: TensorInfo };

export const fusedAttentionKernels: KernelConfig[] = [
  define<Infos<fused.CausalAttentionInputs>, fused.CausalAttentionAttributes>(
    FusedKernel.causalAttention,
    ({ qkv }, attributes, backend) => {
      const { batch, time, width, heads, rest } = sizes(FusedKernel.causalAttention, qkv, attributes);
      const y = backend.make([batch, time, width], 'float32');
      const probabilities = backend.make([batch, heads, time, time], 'float32');
      backend.run('Attention', ...offsets(backend, qkv, undefined, y, probabilities), ...rest);
      return [y, probabilities];
    },
  ),
  define<Infos<fused.CausalAttentionGradInputs>, fused.CausalAttentionAttributes>(
    FusedKernel.causalAttentionGrad,
    ({ dy, qkv, probabilities }, attributes, backend) => {
      const name = FusedKernel.causalAttentionGrad;
      const { batch, time, width, heads, rest } = sizes(name, qkv, attributes);
      expectSize(name, 'dy', dy, batch * time * width);
      expectSize(name, 'probabilities', probabilities, batch * heads * time * time);
      const dqkv = backend.make([batch, time, 3 * width], 'float32');
      backend.run('AttentionGrad', ...offsets(backend, qkv, dy, dqkv, probabilities), ...rest);
      return [dqkv];
    },
  ),
  define<Infos<fused.DecodeAttentionInputs>, fused.DecodeAttentionAttributes>(
    FusedKernel.decodeAttention,
    ({ qkv, keys, values }, { heads, position }, backend) => {
      const name = FusedKernel.decodeAttention;
      const [batch = 0, limit = 0, width = 0] = keys.shape;
      expectHeads(name, width, heads);
      expectSize(name, 'qkv', qkv, 3 * batch * width);
      expectSize(name, 'keys', keys, batch * limit * width);
      expectSize(name, 'values', values, batch * limit * width);
      if (!Number.isInteger(position) || position < 0 || position >= limit) {
        throw new Error(`${name}: expected a position from 0 to ${limit - 1}, got ${position}`);
      }
      const y = backend.make([batch, width], 'float32');
      const scores = backend.make([batch, heads, limit], 'float32');
      const places = offsets(backend, qkv, keys, values, y, scores);
      backend.run('DecodeAttention', ...places, batch, limit, heads, width, position);
      backend.release(scores);
      return [y];
    },
  ),
];

function sizes(
  name: string,
  qkv: TensorInfo,
  { heads, dropout, seed, stream }: fused.CausalAttentionAttributes,
) {
  const [batch = 0, time = 0, tripled = 0] = qkv.shape;
  const width = tripled / 3;
  expectSize(name, 'qkv', qkv, batch * time * tripled);
  expectHeads(name, width, heads);
  expectRate(name, dropout);
  const rest = [batch, time, heads, width, dropout, seed >>> 0, stream >>> 0];
  return { batch, time, width, heads, rest };
}

function expectHeads(name: string, width: number, heads: number): void {
  if (Number.isInteger(width) && heads > 0 && width % heads === 0) return;
  throw new Error(`${name}: expected a width that ${heads} heads divide, got ${width}`);
}
