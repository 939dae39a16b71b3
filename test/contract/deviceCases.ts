// The ops and gradients that every device must compute as tfjs's cpu backend does, at random shapes: elementwise,
// making and moving; deviceCasesReducing.ts has the rest.
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { exact, looseFunctions, rounding, sums, withGradients, type DeviceCase } from './deviceCasesCommon';
import type { Draw } from './deviceCasesDraw';
import { reducingCases } from './deviceCasesReducing';

const cases: DeviceCase[] = [];
const add = (name: string, tolerance: number, run: DeviceCase['run']) => cases.push({ name, tolerance, run });

// One array
const unary: [string, (x: Tensor) => Tensor, number?][] = [
  ['abs', tf.abs, exact],
  ['neg', tf.neg, exact],
  ['exp', tf.exp],
  ['square', tf.square, exact],
  ['sign', tf.sign, exact],
  ['floor', tf.floor, exact],
  ['ceil', tf.ceil, exact],
  ['round', tf.round, exact],
  ['relu', tf.relu, exact],
  ['relu6', tf.relu6, exact],
  ['elu', tf.elu],
  ['selu', tf.selu],
  ['sigmoid', tf.sigmoid],
  ['tanh', tf.tanh],
  ['softplus', tf.softplus, looseFunctions],
  ['erf', tf.erf, looseFunctions],
  ['leakyRelu', (x) => tf.leakyRelu(x, 0.3)],
  ['step', (x) => tf.step(x, 0.25), exact],
  ['clipByValue', (x) => tf.clipByValue(x, -0.7, 1.1), exact],
  ['sin', tf.sin],
  ['cos', tf.cos],
  ['atan', tf.atan],
  ['expm1', tf.expm1],
];
for (const [name, f, tolerance = rounding] of unary) {
  add(`${name} of awkward values`, tolerance, (draw) => f(draw.awkward()));
  if (name === 'leakyRelu')
    add(name, tolerance, (draw) => f(draw.tensor(draw.shape()))); // its gradient throws in tfjs
  else add(`${name}, gradient`, tolerance, (draw) => withGradients(draw, f, draw.tensor(draw.shape())));
}
for (const [name, f] of [
  ['log', tf.log],
  ['sqrt', tf.sqrt],
  ['rsqrt', tf.rsqrt],
  ['reciprocal', tf.reciprocal],
  ['log1p', tf.log1p],
] as const) {
  add(`${name} of awkward values`, looseFunctions, (draw) => f(draw.awkward()));
  add(`${name}, gradient`, sums, (draw) =>
    withGradients(draw, (x) => f(x), draw.tensor(draw.shape(), 'float32', 0.1, 3)),
  );
}
add('unary of int32', rounding, (draw) => {
  const x = draw.tensor(draw.shape(), 'int32');
  return [tf.abs(x), tf.neg(x), tf.square(x), tf.sign(x), tf.relu(x), tf.exp(x), tf.clipByValue(x, -1, 2)];
});

// Two arrays
const binary: [string, (a: Tensor, b: Tensor) => Tensor, number?][] = [
  ['add', tf.add, exact],
  ['sub', tf.sub, exact],
  ['mul', tf.mul, exact],
  ['maximum', tf.maximum, exact],
  ['minimum', tf.minimum, exact],
  ['squaredDifference', tf.squaredDifference],
];
for (const [name, f, tolerance = rounding] of binary) {
  add(name, tolerance, (draw) => {
    const [a, b] = draw.broadcastShapes();
    return f(draw.tensor(a), draw.tensor(b));
  });
  add(`${name} of int32`, tolerance, (draw) => {
    const [a, b] = draw.broadcastShapes();
    return f(draw.tensor(a, 'int32'), draw.tensor(b, 'int32'));
  });
  add(`${name} of awkward values`, tolerance, (draw) => {
    const x = draw.awkward();
    return f(x, tf.reverse(x));
  });
  const sameShape = ['maximum', 'minimum', 'squaredDifference'].includes(name); // tfjs has no gradient of their broadcast
  add(`${name}, gradient`, sums, (draw) => {
    const [a, b] = draw.broadcastShapes();
    return withGradients(draw, f, draw.tensor(a), draw.tensor(sameShape ? a : b));
  });
}
for (const [name, f] of [
  ['div', tf.div],
  ['pow', tf.pow],
  ['floorDiv', tf.floorDiv],
  ['mod', tf.mod],
  ['atan2', tf.atan2],
] as const) {
  add(name, rounding, (draw) => {
    const [a, b] = draw.broadcastShapes();
    return f(draw.tensor(a, 'float32', 0.3, 2), draw.tensor(b, 'float32', 0.3, 2));
  });
  if (name !== 'floorDiv') {
    add(`${name}, gradient`, sums, (draw) => {
      const [a, b] = draw.broadcastShapes();
      const f2 = (x: Tensor, y: Tensor) => f(x, y);
      return withGradients(draw, f2, draw.tensor(a, 'float32', 0.3, 2), draw.tensor(b, 'float32', 0.3, 2));
    });
  }
}
add('int32 division', exact, (draw) => {
  const [a, b] = draw.broadcastShapes();
  return tf.div(draw.tensor(a, 'int32'), tf.add(tf.abs(draw.tensor(b, 'int32')), tf.scalar(1, 'int32')));
});
add('comparisons', exact, (draw) => {
  const [a, b] = draw.broadcastShapes();
  const dtype = draw.pick(['float32', 'int32', 'bool'] as const);
  const [x, y] = [draw.tensor(a, dtype), draw.tensor(b, dtype)];
  const all = [tf.equal, tf.notEqual, tf.less, tf.lessEqual, tf.greater, tf.greaterEqual].map((f) => f(x, y));
  const [p, q] = [draw.tensor(a, 'bool'), draw.tensor(b, 'bool')];
  return [...all, tf.logicalAnd(p, q), tf.logicalOr(p, q), tf.logicalNot(p), tf.logicalXor(p, q)];
});
add('comparisons of awkward values', exact, (draw) => {
  const x = draw.awkward();
  const y = tf.reverse(x);
  return [
    tf.equal(x, y),
    tf.notEqual(x, x),
    tf.less(x, y),
    tf.greaterEqual(x, y),
    tf.isNaN(x),
    tf.isInf(x),
    tf.isFinite(x),
  ];
});
add('where, gradient', exact, (draw) => {
  const shape = draw.shape(1, 4);
  const condition = draw.tensor(shape, 'bool');
  return withGradients(draw, (a, b) => tf.where(condition, a, b), draw.tensor(shape), draw.tensor(shape));
});
add('addN and prelu, gradient', sums, (draw) => {
  const shape = draw.shape();
  const [a, b, c] = [draw.tensor(shape), draw.tensor(shape), draw.tensor(shape)];
  return [
    ...withGradients(draw, (x, y, z) => tf.addN([x, y, z]), a, b, c),
    ...withGradients(draw, tf.prelu, a, b),
  ];
});

// Making and converting
add('cast', exact, (draw) => {
  const shape = draw.shape();
  const all = (['float32', 'int32', 'bool'] as const).map((from) => draw.tensor(shape, from, -3, 3));
  return all.flatMap((x) => (['int32', 'bool'] as const).map((to) => tf.cast(x, to)));
});
add('cast to float32', exact, (draw) => {
  const shape = draw.shape();
  return [
    tf.add(tf.cast(draw.tensor(shape, 'int32'), 'float32'), 0.5),
    tf.add(tf.cast(draw.tensor(shape, 'bool'), 'float32'), 0.5),
  ];
});
add('cast of awkward values', exact, (draw) => {
  const x = tf.tensor1d([
    ...(draw.limits.finite ? [] : [NaN, Infinity, -Infinity, 3e9, -3e9, 2147483648, 1e20]),
    ...(draw.limits.denormal ? [1e-42] : []),
    ...[0, 2.9, -2.9, 123456789],
  ]);
  return [tf.cast(x, 'int32'), tf.cast(x, 'bool')];
});
add('fill, zeros, ones, ranges', exact, (draw) => {
  const shape = draw.shape();
  const x = draw.tensor(shape, draw.pick(['float32', 'int32', 'bool'] as const));
  const made = [
    tf.fill(shape, 2.5),
    tf.fill(shape, 3, 'int32'),
    tf.zerosLike(x),
    tf.onesLike(x),
    tf.eye(4, 3),
  ];
  return [
    ...made,
    tf.range(0, 9),
    tf.range(3, -4),
    tf.range(0, 5, 2, 'int32'),
    tf.range(5, 0, -2),
    tf.linspace(0, 3, 7),
  ];
});
add('one hot', exact, (draw) => {
  const depth = draw.size() + 1;
  const ids = draw.ids(draw.shape(1, 3), depth + 1); // one id in depth + 1 is out of range: all off
  return [
    tf.oneHot(ids, depth),
    tf.oneHot(ids, depth, 2.5, -1, 'float32'),
    tf.oneHot(ids, depth, 1, 0, 'bool'),
  ];
});

// Moving
add('transpose, gradient', exact, (draw) => {
  const shape = draw.shape(1, 5);
  const order = draw.permutation(shape.length);
  return withGradients(draw, (x) => tf.transpose(x, order), draw.tensor(shape));
});
add('transpose of bool and int32', exact, (draw) => {
  const shape = draw.shape(1, 4);
  const order = draw.permutation(shape.length);
  return [tf.transpose(draw.tensor(shape, 'bool'), order), tf.transpose(draw.tensor(shape, 'int32'), order)];
});
add('reshape, expandDims, squeeze, flatten, gradient', exact, (draw) => {
  const shape = draw.shape(1, 4);
  const f = (x: Tensor) => tf.expandDims(tf.squeeze(tf.reshape(x, [1, -1])), -1);
  return withGradients(draw, f, draw.tensor(shape.concat(2)));
});
const inside = (draw: Draw, shape: number[]) => {
  const begin = shape.map((size) => draw.int(0, size - 1));
  return [begin, shape.map((size, d) => draw.int(1, size - (begin[d] ?? 0)))] as const;
};
add('slice, gradient', exact, (draw) => {
  const shape = draw.shape(1, 5);
  const [begin, size] = inside(draw, shape);
  return withGradients(draw, (x) => tf.slice(x, begin, size), draw.tensor(shape));
});
add('stridedSlice', exact, (draw) => {
  const shape = draw.shape(1, 4);
  const strides = shape.map(() => draw.pick([1, 2, 3, -1, -2]));
  const ends = shape.map((size, d) => ((strides[d] ?? 1) > 0 ? [0, size] : [size - 1, -size - 1]));
  const x = draw.tensor(shape, draw.pick(['float32', 'int32'] as const));
  return tf.stridedSlice(
    x,
    ends.map(([from = 0]) => from),
    ends.map(([, to = 0]) => to),
    strides,
  );
});
add('concat, stack, gradient', exact, (draw) => {
  const shape = draw.shape(1, 4);
  const axis = draw.int(0, shape.length - 1);
  const [a, b] = [draw.tensor(shape), draw.tensor(shape.with(axis, draw.size()))];
  const joined = withGradients(draw, (x, y) => tf.concat([x, y, x], axis), a, b);
  return [...joined, ...withGradients(draw, (x) => tf.stack([x, x], axis), a)];
});
add('unstack, split, gradient', exact, (draw) => {
  const shape = [draw.int(2, 3), draw.int(1, 4) * 2, draw.size()];
  const halves = (x: Tensor) => tf.concat(tf.split(x, 2, 1).reverse(), 1);
  const uneven = (x: Tensor) => tf.concat(tf.split(x, [1, (shape[1] ?? 2) - 1], 1).reverse(), 1);
  const x = draw.tensor(shape);
  const stacked = (y: Tensor) => tf.add(tf.unstack(y, 0)[0] as Tensor, 1);
  return [halves, uneven, stacked].flatMap((f) => withGradients(draw, f, x));
});
add('pad, gradient', exact, (draw) => {
  const shape = draw.shape(1, 4);
  const paddings = shape.map(() => [draw.int(0, 3), draw.int(0, 2)] as [number, number]);
  return withGradients(draw, (x) => tf.pad(x, paddings, 1.5), draw.tensor(shape));
});
add('tile, broadcastTo, gradient', sums, (draw) => {
  const shape = draw.shape(1, 3).map((size) => Math.min(size, 7));
  const reps = shape.map(() => draw.int(1, 3));
  const x = draw.tensor(shape);
  const narrow = shape.map((size) => (draw.uniform() < 0.5 ? 1 : size));
  return [
    ...withGradients(draw, (y) => tf.tile(y, reps), x),
    ...withGradients(draw, (y) => tf.broadcastTo(y, [2, ...shape]), draw.tensor(narrow)),
  ];
});
add('reverse, gradient', exact, (draw) => {
  const shape = draw.shape(1, 5);
  const axes = draw.axes(shape.length);
  return withGradients(draw, (x) => tf.reverse(x, axes), draw.tensor(shape));
});

export const deviceCases: readonly DeviceCase[] = [...cases, ...reducingCases];
