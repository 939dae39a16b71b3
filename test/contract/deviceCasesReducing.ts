// The ops and gradients that every device must compute as tfjs's cpu backend does, at random shapes: reductions,
// indexing and products.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { exact, sums, withGradients, type DeviceCase } from './deviceCasesCommon';

const cases: DeviceCase[] = [];
const add = (name: string, tolerance: number, run: DeviceCase['run']) => cases.push({ name, tolerance, run });

// Reducing
const reductions: [string, (x: Tensor, axes: number[], keep: boolean) => Tensor][] = [
  ['sum', tf.sum],
  ['mean', tf.mean],
  ['max', tf.max],
  ['min', tf.min],
  ['prod', tf.prod],
];
for (const [name, f] of reductions) {
  const low = name === 'prod' ? 0.8 : -2;
  const high = name === 'prod' ? 1.2 : 2;
  add(`${name}, gradient`, sums, (draw) => {
    const shape = draw.shape(1, 5);
    const [axes, keep] = [draw.axes(shape.length), draw.uniform() < 0.5];
    return withGradients(draw, (x) => f(x, axes, keep), draw.tensor(shape, 'float32', low, high));
  });
  add(`${name} of int32 and of awkward values`, sums, (draw) => {
    const shape = draw.shape(1, 3);
    const x = draw.tensor(shape, 'int32', 0, 1);
    return [f(x, draw.axes(shape.length), false), f(draw.awkward(), [0], false)];
  });
}
add('sum and max of long axes', sums, (draw) => {
  const x = draw.tensor([9001, 3]);
  const y = tf.transpose(x);
  return [tf.sum(x), tf.sum(x, 0), tf.sum(y, 1), tf.mean(x), tf.max(x, 0), tf.min(y, 1), tf.max(x)];
});
add('all and any', exact, (draw) => {
  const shape = draw.shape(1, 4);
  const axes = draw.axes(shape.length);
  const x = draw.tensor(shape, 'bool');
  return [tf.all(x, axes), tf.any(x, axes, true)];
});
add('argMax, argMin', exact, (draw) => {
  const shape = draw.shape(1, 4);
  const axis = draw.int(0, shape.length - 1);
  const x = draw.tensor(shape, draw.pick(['float32', 'int32'] as const));
  return [tf.argMax(x, axis), tf.argMin(x, axis)];
});
add('cumsum, gradient', sums, (draw) => {
  const shape = draw.shape(1, 4);
  const axis = draw.int(0, shape.length - 1);
  const [exclusive, reverse] = [draw.uniform() < 0.5, draw.uniform() < 0.5];
  const x = draw.tensor(shape);
  const f = (y: Tensor) => tf.cumsum(y, shape.length - 1, exclusive, reverse); // along another axis tfjs's gradient has a wrong shape
  return [tf.cumsum(x, axis, exclusive, reverse), ...withGradients(draw, f, x)];
});
add('topk', exact, (draw) => {
  const shape = draw.shape(1, 3);
  const k = draw.int(1, shape.at(-1) ?? 1);
  const float = tf.topk(draw.tensor(shape), k);
  const ties = tf.topk(tf.cast(draw.tensor(shape, 'int32'), 'float32'), k);
  const whole = tf.topk(draw.tensor(shape, 'int32'), k);
  return [float, ties, whole].flatMap(({ values, indices }) => [values, indices]);
});
add('softmax, logSoftmax, logSumExp, gradient', sums, (draw) => {
  const x = draw.tensor(draw.shape(1, 4), 'float32', -20, 20);
  const f = [
    (y: Tensor) => tf.softmax(y),
    (y: Tensor) => tf.logSoftmax(y),
    (y: Tensor) => tf.logSumExp(y, -1),
  ];
  return f.flatMap((g) => withGradients(draw, g, x));
});
add('moments, normalisation, gradient', 1e-4, (draw) => {
  const f = (x: Tensor) => {
    const { mean, variance } = tf.moments(x, -1, true);
    return tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 0.1)));
  };
  return withGradients(draw, f, draw.tensor(draw.shape(1, 3)));
});

// Indexing
add('gather, gradient', sums, (draw) => {
  const shape = draw.shape(1, 4);
  const axis = draw.int(0, shape.length - 1);
  const ids = draw.ids(draw.shape(0, 2), shape[axis] ?? 1);
  return withGradients(draw, (x) => tf.gather(x, ids, axis), draw.tensor(shape));
});
add('gather with batch dimensions', exact, (draw) => {
  const [batch, length] = [draw.int(1, 4), draw.size()];
  const ids = draw.ids([batch, draw.size()], length) as tf.Tensor2D;
  return [
    tf.gather(draw.tensor([batch, length, 3]), ids, 1, 1),
    tf.gather(draw.tensor([batch, length], 'int32'), ids, 1, 1),
  ];
});
add('unsortedSegmentSum, gradient', sums, (draw) => {
  const rows = draw.size();
  const ids = draw.ids([rows], 4) as tf.Tensor1D;
  const f = (x: Tensor) => tf.unsortedSegmentSum(x, ids, 5);
  return withGradients(draw, f, draw.tensor([rows, ...draw.shape(0, 3)]));
});
add('unsortedSegmentSum of int32', exact, (draw) =>
  tf.unsortedSegmentSum(draw.tensor([9, 3], 'int32'), draw.ids([9], 4) as tf.Tensor1D, 5),
);
add('gatherND, scatterND', exact, (draw) => {
  const x = draw.tensor([5, 4, 3]);
  const ids = tf.tensor2d([0, 1, 4, 3, 2, 2], [3, 2], 'int32');
  return [tf.gatherND(x, ids), tf.scatterND(ids, draw.tensor([3, 2]), [5, 4, 2])];
});
add('multinomial', exact, (draw) => tf.multinomial(draw.tensor<tf.Rank.R2>([3, 7]), 20, 5));

// Products
add('matMul, gradient', sums, (draw) => {
  const [m, n, k] = [draw.size(), draw.size(), draw.size()];
  const [ta, tb] = [draw.uniform() < 0.5, draw.uniform() < 0.5];
  const batch = draw.pick([[], [1], [3], [2, 3]]);
  const [a, b] = [ta ? [k, m] : [m, k], tb ? [n, k] : [k, n]];
  const f = (x: Tensor, y: Tensor) => tf.matMul(x, y, ta, tb);
  return withGradients(draw, f, draw.tensor([...batch, ...a]), draw.tensor([...batch, ...b]));
});
add('matMul with a broadcast batch', sums, (draw) => {
  const [m, n, k] = [draw.size(), draw.size(), draw.size()];
  return [
    tf.matMul(draw.tensor([4, m, k]), draw.tensor([1, k, n])),
    tf.matMul(draw.tensor([m, k]), draw.tensor([3, n, k]), false, true),
  ];
});
add('large matMul', sums, (draw) => {
  const [m, n, k] = [draw.int(40, 140), draw.int(40, 140), draw.int(200, 600)];
  const [ta, tb] = [draw.uniform() < 0.5, draw.uniform() < 0.5];
  const [a, b] = [
    draw.tensor(ta ? [k, m] : [m, k], 'float32', -1, 1),
    draw.tensor(tb ? [n, k] : [k, n], 'float32', -1, 1),
  ];
  return tf.matMul(a, b, ta, tb);
});
add('fused matMul, gradient', sums, (draw) => {
  const [m, n, k] = [draw.size(), draw.size(), draw.size()];
  const activation = draw.pick(['linear', 'relu', 'elu', 'sigmoid', 'relu6'] as const);
  const inputs = [draw.tensor([m, k]), draw.tensor([k, n]), draw.tensor([n])];
  const f = (a: Tensor, b: Tensor, bias: Tensor) => tf.fused.matMul({ a: a, b: b, bias, activation });
  return activation === 'linear' || activation === 'relu'
    ? withGradients(draw, f, ...inputs)
    : f(inputs[0] as Tensor, inputs[1] as Tensor, inputs[2] as Tensor);
});
add('einsum, dot, outerProduct', sums, (draw) => {
  const [m, n, k] = [draw.size(), draw.size(), draw.size()];
  const [a, b] = [draw.tensor([m, k]), draw.tensor([k, n])];
  return [
    tf.einsum('ij,jk->ik', a, b),
    tf.dot(a, b),
    tf.outerProduct(draw.tensor<tf.Rank.R1>([m]), draw.tensor<tf.Rank.R1>([n])),
  ];
});
add('sum of nothing', exact, (draw) => tf.sum(draw.tensor([0, 3])));
add('empty dimensions', exact, (draw) => {
  const empty = draw.tensor([0, 3]);
  const made = [
    tf.add(empty, 1),
    tf.relu(empty),
    tf.concat([empty, draw.tensor([2, 3])]),
    tf.transpose(empty),
  ];
  return [
    ...made,
    tf.slice(draw.tensor([4]), [2], [0]),
    tf.matMul(empty, draw.tensor([3, 2])),
    tf.cast(empty, 'int32'),
  ];
});

export const reducingCases: readonly DeviceCase[] = cases;
