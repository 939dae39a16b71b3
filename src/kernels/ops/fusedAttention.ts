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
      const dqkv = backend.make(qkv.shape, 'float32');
      backend.run('AttentionGrad', ...offsets(backend, qkv, dy, dqkv, probabilities), ...rest);
      return [dqkv];
    },
  ),
  define<Infos<fused.DecodeAttentionInputs>, fused.DecodeAttentionAttributes>(
    FusedKernel.decodeAttention,
    ({ qkv, keys, values }, { heads, keyHeads, position, scale }, backend) => {
      const name = FusedKernel.decodeAttention;
      const [batch = 0, limit = 0, keyWidth = 0] = keys.shape;
      const width = (qkv.shape.at(-1) ?? 0) - 2 * keyWidth;
      expectHeads(name, width, heads, keyHeads, keyWidth);
      expectSize(name, 'qkv', qkv, batch * (width + 2 * keyWidth));
      expectSize(name, 'keys', keys, batch * limit * keyWidth);
      expectSize(name, 'values', values, batch * limit * keyWidth);
      if (!Number.isInteger(position) || position < 0) {
        throw new Error(`${name}: expected a position from 0 on, got ${position}`);
      }
      const y = backend.make([batch, width], 'float32');
      const scores = backend.make([batch, heads, limit], 'float32');
      const places = offsets(backend, qkv, keys, values, y, scores);
      backend.run('DecodeAttention', ...places, batch, limit, heads, width, position, keyHeads, scale);
      backend.release(scores);
      return [y];
    },
  ),
];

function sizes(name: string, qkv: TensorInfo, attributes: fused.CausalAttentionAttributes) {
  const { heads, keyHeads, window, scale, dropout, seed, stream } = attributes;
  const [batch = 0, time = 0, columns = 0] = qkv.shape;
  const size = columns / (heads + 2 * keyHeads);
  const width = heads * size;
  expectSize(name, 'qkv', qkv, batch * time * columns);
  expectHeads(name, width, heads, keyHeads, keyHeads * size);
  expectRate(name, dropout);
  if (!Number.isInteger(window) || window < 0) {
    throw new Error(`${name}: expected a window of 0 or more positions, got ${window}`);
  }
  const rest = [batch, time, heads, width, dropout, seed >>> 0, stream >>> 0, keyHeads, window, scale];
  return { batch, time, width, heads, rest };
}

function expectHeads(name: string, width: number, heads: number, keyHeads: number, keyWidth: number): void {
  const size = width / heads;
  const grouped = keyHeads > 0 && heads % keyHeads === 0 && keyWidth === keyHeads * size;
  if (Number.isInteger(size) && size > 0 && grouped) return;
  throw new Error(
    `${name}: expected ${heads} heads that share ${keyHeads} heads of keys, got widths of ${width} and ${keyWidth}`,
  );
}
