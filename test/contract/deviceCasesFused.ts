// The fused kernels as cases: what src/nn computes on a device (fused there) against its plain composition on cpu.
import type { Rank, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { gated } from '../../src/nn/activation';
import { causalAttention } from '../../src/nn/causalAttention';
import { crossEntropy } from '../../src/nn/crossEntropy';
import { dropout } from '../../src/nn/dropout';
import { embedding } from '../../src/nn/embedding';
import { globalNorm } from '../../src/nn/globalNorm';
import { layerNorm } from '../../src/nn/layerNorm';
import { linear } from '../../src/nn/linear';
import { rmsNorm } from '../../src/nn/rmsNorm';
import { rope } from '../../src/nn/rope';
import { sums, withGradients, type DeviceCase } from './deviceCasesCommon';
import type { Draw } from './deviceCasesDraw';

/** Sizes on both sides of every tile and vector width. */
const size = (draw: Draw) => draw.pick([1, 2, 5, 8, 13, 16, 17, 31, 32, 33, 65, 100]);

export const fusedCases: readonly DeviceCase[] = [
  {
    name: 'linear, gradient',
    tolerance: sums,
    run(draw) {
      const [m, n, k] = [size(draw), size(draw), size(draw)];
      const transposeW = draw.uniform() < 0.5;
      const activation = draw.pick(['none', 'geluNew'] as const);
      const weights = draw.tensor(transposeW ? [n, k] : [k, n], 'float32', -1, 1);
      const inputs = [draw.tensor([m, k], 'float32', -1, 1), weights, draw.tensor([n])];
      const f = (x: Tensor, w: Tensor, b?: Tensor) =>
        linear(x as Tensor2D, w as Tensor2D, (b as Tensor1D | undefined) ?? null, { activation, transposeW });
      return withGradients(draw, f, ...(draw.uniform() < 0.7 ? inputs : inputs.slice(0, 2)));
    },
  },
  {
    name: 'linear of sizes that are packed and cut, gradient',
    tolerance: 5e-5,
    run(draw) {
      const [m, n, k] = [draw.int(150, 300), draw.int(60, 140), draw.int(250, 520)];
      const inputs = [
        draw.tensor([m, k], 'float32', -1, 1),
        draw.tensor([k, n], 'float32', -0.2, 0.2),
        draw.tensor([n]),
      ];
      const f = (x: Tensor, w: Tensor, b: Tensor) =>
        linear(x as Tensor2D, w as Tensor2D, b as Tensor1D, { activation: 'geluNew' });
      return withGradients(draw, f, ...inputs);
    },
  },
  {
    name: 'layerNorm, gradient',
    tolerance: 5e-5,
    run(draw) {
      const [m, c] = [size(draw), size(draw) + 1];
      const f = (x: Tensor, gain: Tensor, bias: Tensor) =>
        layerNorm(x as Tensor2D, gain as Tensor1D, bias as Tensor1D, 1e-2);
      return withGradients(draw, f, draw.tensor([m, c]), draw.tensor([c]), draw.tensor([c]));
    },
  },
  {
    name: 'causal attention, gradient',
    tolerance: sums,
    run(draw) {
      const [batch, time, heads, d] = [
        draw.int(1, 3),
        draw.pick([1, 2, 7, 16, 33, 70]),
        draw.int(1, 3),
        draw.pick([1, 3, 8, 17, 32]),
      ];
      const rate = draw.pick([0, 0, 0.3]);
      const choice = { rate, seed: draw.int(0, 2 ** 31), stream: draw.int(0, 9) };
      const f = (qkv: Tensor) => causalAttention(qkv as Tensor2D, { batch, heads, dropout: choice });
      return withGradients(draw, f, draw.tensor([batch * time, 3 * heads * d]));
    },
  },
  {
    name: 'causal attention with shared keys in a window, gradient',
    tolerance: sums,
    run(draw) {
      const [batch, time, keyHeads] = [draw.int(1, 3), draw.pick([1, 2, 7, 33, 70, 130]), draw.int(1, 3)];
      const [group, d, window] = [
        draw.int(1, 3),
        draw.pick([1, 3, 8, 17, 32]),
        draw.pick([1, 2, 9, 64, 200]),
      ];
      const options = { batch, heads: keyHeads * group, keyHeads, window, scale: 0.3 };
      const f = (qkv: Tensor) => causalAttention(qkv as Tensor2D, options);
      return withGradients(draw, f, draw.tensor([batch * time, keyHeads * (group + 2) * d]));
    },
  },
  {
    name: 'rmsNorm, gradient',
    tolerance: 5e-5,
    run(draw) {
      const [m, c] = [size(draw), size(draw) + 1];
      const f = (x: Tensor, gain: Tensor) => rmsNorm(x as Tensor2D, gain as Tensor1D, 1e-2);
      return withGradients(draw, f, draw.tensor([m, c]), draw.tensor([c]));
    },
  },
  {
    name: 'rope, gradient',
    tolerance: sums,
    run(draw) {
      const [batch, time, heads, half] = [
        draw.int(1, 3),
        size(draw),
        draw.int(1, 4),
        draw.pick([1, 3, 8, 17]),
      ];
      const rest = draw.pick([0, 1, 5]);
      const [start, turned] = [draw.int(0, 3), draw.int(1, heads)];
      const tables = {
        cos: draw.tensor<Rank.R2>([time + 4, half], 'float32', -1, 1),
        sin: draw.tensor<Rank.R2>([time + 4, half], 'float32', -1, 1),
      };
      const f = (x: Tensor) => rope(x as Tensor2D, tables, { batch, heads, turned, start });
      return withGradients(draw, f, draw.tensor([batch * time, heads * (2 * half + rest)]));
    },
  },
  {
    name: 'gated product, gradient',
    tolerance: sums,
    run(draw) {
      const shape = [size(draw), size(draw)];
      const f = (gate: Tensor, up: Tensor) => gated(gate as Tensor2D, up as Tensor2D);
      return withGradients(draw, f, draw.tensor(shape, 'float32', -30, 30), draw.tensor(shape));
    },
  },
  {
    name: 'cross entropy, gradient',
    tolerance: sums,
    run(draw) {
      const [m, v] = [size(draw), size(draw) + 1];
      const targets = draw.ids([m], v) as Tensor1D;
      const f = (logits: Tensor) => crossEntropy(logits as Tensor2D, targets);
      return withGradients(draw, f, draw.tensor([m, v], 'float32', -30, 30));
    },
  },
  {
    name: 'embedding, gradient',
    tolerance: sums,
    run(draw) {
      const [batch, time, c, v] = [draw.int(1, 4), size(draw), size(draw), size(draw)];
      const ids = draw.ids([batch, time], v) as Tensor2D;
      const start = draw.int(0, 3);
      const f = (wte: Tensor, wpe: Tensor) => embedding(wte as Tensor2D, wpe as Tensor2D, ids, start);
      return withGradients(draw, f, draw.tensor([v, c]), draw.tensor([time + 5, c]));
    },
  },
  {
    name: 'dropout, gradient',
    tolerance: 1e-6,
    run(draw) {
      const choice = {
        rate: draw.pick([0.1, 0.5, 0.937]),
        seed: draw.int(0, 2 ** 31),
        stream: draw.int(0, 99),
      };
      return withGradients(draw, (x) => dropout(x, choice), draw.tensor([draw.int(1, 40000)]));
    },
  },
  {
    name: 'global norm',
    tolerance: 1e-6,
    run(draw) {
      return globalNorm([draw.tensor([draw.int(1, 20000)]), draw.tensor([3, 4]), draw.tensor([])]);
    },
  },
];
