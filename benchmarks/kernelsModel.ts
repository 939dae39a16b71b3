// A GPT of nanoGPT's CPU configuration over the fused kernels, as small as a benchmark needs: the tape of tfjs with
// custom gradients, one multi-tensor AdamW. It is no model of the product; src/nn and src/families hold those.
import {
  customGrad,
  engine,
  tensor1d,
  tensor2d,
  tidy,
  variable,
  variableGrads,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type {
  GradSaveFunc,
  NamedAttrMap,
  NamedTensorMap,
  Scalar,
  Tensor,
  Variable,
} from '@tensorflow/tfjs-core';
import { FusedKernel } from '../src/kernels/fusedKernels';

export const config = { layers: 4, heads: 4, width: 128, time: 64, batch: 12, vocabulary: 65 };
const { layers, heads, width, time, batch, vocabulary } = config;
const rows = batch * time;

function kernel(name: string, inputs: Record<string, Tensor | undefined>, attributes: object = {}): Tensor[] {
  return engine().runKernel(name, inputs as NamedTensorMap, attributes as NamedAttrMap);
}

/** One op with its own gradient: `forward` gives outputs and what to keep, `backward` the gradients of the inputs. */
function op(
  inputs: Tensor[],
  forward: (save: GradSaveFunc) => Tensor,
  backward: (dy: Tensor, saved: Tensor[]) => Tensor[],
): Tensor {
  return customGrad((...args) => {
    const save = args.at(-1) as unknown as GradSaveFunc;
    return { value: forward(save), gradFunc: (dy: Tensor, saved: Tensor[]) => backward(dy, saved) };
  })(...inputs);
}

function linear(
  x: Tensor,
  w: Tensor,
  b: Tensor | undefined,
  activation: 'none' | 'geluNew',
  transposeW = false,
): Tensor {
  const attributes = { activation, transposeW, hasBias: b !== undefined };
  return op(
    b ? [x, w, b] : [x, w],
    (save) => {
      const [y, u] = kernel(FusedKernel.linear, { x, w, b }, attributes);
      save(u ? [x, w, u] : [x, w]);
      return y as Tensor;
    },
    (dy, [x, w, u]) => kernel(FusedKernel.linearGrad, { dy, x, w, u }, attributes),
  );
}

function layerNorm(x: Tensor, gain: Tensor, bias: Tensor): Tensor {
  return op(
    [x, gain, bias],
    (save) => {
      const [y, mean, rstd] = kernel(FusedKernel.layerNorm, { x, gain, bias }, { epsilon: 1e-5 });
      save([x, gain, mean as Tensor, rstd as Tensor]);
      return y as Tensor;
    },
    (dy, [x, gain, mean, rstd]) => kernel(FusedKernel.layerNormGrad, { dy, x, gain, mean, rstd }),
  );
}

function attention(qkv: Tensor): Tensor {
  const attributes = { heads, dropout: 0, seed: 0, stream: 0 };
  return op(
    [qkv],
    (save) => {
      const [y, probabilities] = kernel(FusedKernel.causalAttention, { qkv }, attributes);
      save([qkv, probabilities as Tensor]);
      return y as Tensor;
    },
    (dy, [qkv, probabilities]) =>
      kernel(FusedKernel.causalAttentionGrad, { dy, qkv, probabilities }, attributes),
  );
}

function embedding(wte: Tensor, wpe: Tensor, ids: Tensor): Tensor {
  return op(
    [wte, wpe],
    () => kernel(FusedKernel.embedding, { wte, wpe, ids }, { startPosition: 0 })[0] as Tensor,
    (dx) => kernel(FusedKernel.embeddingGrad, { dx, ids }, { vocabulary, positions: time, startPosition: 0 }),
  );
}

function crossEntropy(logits: Tensor, targets: Tensor): Tensor {
  return op(
    [logits],
    (save) => {
      const [loss, logSumExp] = kernel(FusedKernel.crossEntropy, { logits, targets });
      save([logits, logSumExp as Tensor]);
      return loss as Tensor;
    },
    (dloss, [logits, logSumExp]) =>
      kernel(FusedKernel.crossEntropyGrad, { logits, targets, logSumExp, dloss }),
  );
}

/** A model with its optimiser; `step` trains once on a fixed batch and returns the loss in nats. */
export function makeTrainer(random: () => number): { step: () => number; variables: Variable[] } {
  const variables: Variable[] = [];
  const make = (shape: number[], fill?: number) => {
    const size = shape.reduce((product, n) => product * n, 1);
    const values = Float32Array.from(
      { length: size },
      () => fill ?? 0.04 * (random() + random() + random() - 1.5),
    );
    const flat = tidy(() => variable(tensor1d(values).reshape(shape)));
    variables.push(flat);
    return flat;
  };
  const [wte, wpe] = [make([vocabulary, width]), make([time, width])];
  const blocks = Array.from({ length: layers }, () => ({
    ...{ gain1: make([width], 1), bias1: make([width], 0), gain2: make([width], 1), bias2: make([width], 0) },
    ...{
      wqkv: make([width, 3 * width]),
      bqkv: make([3 * width], 0),
      wo: make([width, width]),
      bo: make([width], 0),
    },
    ...{
      wf: make([width, 4 * width]),
      bf: make([4 * width], 0),
      wp: make([4 * width, width]),
      bp: make([width], 0),
    },
  }));
  const [gain, bias] = [make([width], 1), make([width], 0)];
  const whole = () => Int32Array.from({ length: rows }, () => Math.floor(random() * vocabulary));
  const ids = tensor2d(whole(), [batch, time], 'int32');
  const targets = tensor1d(whole(), 'int32');
  const moments = variables.map((v) => [zerosLike(v), zerosLike(v)] as const);
  const decay = variables.map((v) => (v.rank > 1 ? 0.1 : 0));

  const loss = (): Scalar => {
    let x = embedding(wte, wpe, ids).reshape([rows, width]);
    for (const k of blocks) {
      const qkv = linear(layerNorm(x, k.gain1, k.bias1), k.wqkv, k.bqkv, 'none').reshape([
        batch,
        time,
        3 * width,
      ]);
      x = x.add(linear(attention(qkv).reshape([rows, width]), k.wo, k.bo, 'none'));
      x = x.add(linear(linear(layerNorm(x, k.gain2, k.bias2), k.wf, k.bf, 'geluNew'), k.wp, k.bp, 'none'));
    }
    return crossEntropy(linear(layerNorm(x, gain, bias), wte, undefined, 'none', true), targets).mean();
  };

  let count = 0;
  const step = () =>
    tidy(() => {
      const { value, grads } = variableGrads(loss, variables);
      const ordered = variables.map((v) => grads[v.name] as Tensor);
      const named = (letter: string, tensors: readonly Tensor[]) =>
        Object.fromEntries(tensors.map((tensor, i) => [`${letter}${i}`, tensor]));
      const [norm] = kernel(FusedKernel.globalNorm, named('g', ordered));
      const gradientScale = Math.min(1, 1 / ((norm as Tensor).dataSync()[0] ?? 1));
      const rates = { learningRate: 1e-3, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 };
      kernel(
        FusedKernel.adamW,
        {
          ...{ ...named('p', variables), ...named('g', ordered) },
          ...{
            ...named(
              'm',
              moments.map(([m]) => m),
            ),
            ...named(
              'v',
              moments.map(([, v]) => v),
            ),
          },
        },
        { ...rates, step: ++count, decay, gradientScale },
      );
      return value.dataSync()[0] ?? NaN;
    });
  return { step, variables };
}
