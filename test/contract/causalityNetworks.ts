// Networks for the causality checks: one small attention model with a fault planted in it, and random networks that
// do exactly what a random tap graph declares. Knows no check.
import { Type } from '@sinclair/typebox';
import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '../../src/analysis/causality/network';
import type {
  Causality,
  Decoder,
  Family,
  Model,
  NamedVariable,
  TapGraph,
  Taps,
} from '../../src/families/family';
import type { Rng } from '../../src/math/rng';
import { dropoutPlain, dropoutSeed } from '../../src/nn/dropout';
import { recomputingDecoder } from '../../src/engine/sampling/recomputingDecoder';
import { logSoftmaxRows } from './familyChecks';

export const FAULTS = [
  'none',
  'mask off by one',
  'non-strict where strict is due',
  'mask of −1e4 added before scaling',
  'mask of −1e9 added before scaling',
  'mask dropped when dropout is on',
  'positions wrapped',
  'normalisation over the sequence',
  'a packed batch that looks into its neighbour',
  'mask off by one beyond 40 positions',
] as const;
export type Fault = (typeof FAULTS)[number];

const [C, H] = [8, 2];

/** One attention layer with a residual and a head; `fault` says what is wrong with it. */
export function plantedFamily(fault: Fault, causality: Causality = 'shifted'): Family {
  const strict = causality === 'strict';
  return {
    id: 'planted',
    title: `A network with this fault: ${fault}`,
    domain: 'text',
    likelihood: 'exact',
    causality,
    references: [],
    schema: Type.Object({}),
    example: {},
    taps: () => graphOf({ kind: 'causal', ...(strict ? { strict } : {}) }),
    nodeOf: () => 'output',
    build: (_, facts, from) =>
      plantedModel(fault, strict, facts.vocabulary, typeof from === 'number' ? from : 1),
    files: { toConfig: () => ({}), fromConfig: () => null },
  };
}

export function graphOf(taps: Taps): TapGraph {
  return { nodes: [{ id: 'output', title: 'Attention', inputs: [{ from: 'input', taps }], parameters: 0 }] };
}

function plantedModel(
  fault: Fault,
  strict: boolean,
  V: number,
  seed: number,
): Model<Record<string, unknown>> {
  const shapes: Record<string, [number, number]> = {
    embed: [V, C],
    position: [64, C],
    query: [C, C],
    key: [C, C],
    value: [C, C],
    head: [C, V],
  };
  const variables = Object.entries(shapes).map(([name, shape], index): NamedVariable => {
    const values = tf.tidy(() => tf.variable(tf.randomNormal(shape, 0, 0.4, 'float32', 100 * seed + index)));
    return { name, variable: values, decays: true };
  });
  const named = Object.fromEntries(variables.map(({ name, variable }) => [name, variable as tf.Tensor2D]));
  const weight = (name: string) => named[name] as tf.Tensor2D;
  const times = (x: tf.Tensor3D, name: string): tf.Tensor3D => {
    const [B, T, K] = x.shape;
    const w = weight(name);
    return tf.reshape(tf.matMul(tf.reshape<tf.Rank.R2>(x, [B * T, K]), w), [B, T, w.shape[1]]);
  };

  const forward = (ids: tf.Tensor2D, training?: { seed: number; step: number }): tf.Tensor3D => {
    const packed = fault === 'a packed batch that looks into its neighbour';
    const [rows, length] = ids.shape;
    const [B, T] = packed ? [1, rows * length] : [rows, length];
    const positions = tf.slice(weight('position'), [0, 0], [length, C]);
    const embedded = tf.reshape(tf.gather(weight('embed'), tf.reshape<tf.Rank.R1>(ids, [rows * length])), [
      rows,
      length,
      C,
    ]);
    let x = tf.reshape<tf.Rank.R3>(tf.add(embedded, positions), [B, T, C]);
    if (fault === 'normalisation over the sequence') x = tf.sub(x, tf.mean(x, 1, true));
    // Strict: everything moves one to the right, so that output i sees inputs < i.
    if (strict && fault !== 'non-strict where strict is due') {
      x = tf.concat3d([tf.zeros([B, 1, C]), tf.slice(x, [0, 0, 0], [B, T - 1, C])], 1);
    }
    if (fault === 'positions wrapped') {
      const last = tf.slice(x, [0, T - 1, 0], [B, 1, C]);
      x = tf.add(x, tf.concat3d([last, tf.slice(x, [0, 0, 0], [B, T - 1, C])], 1));
    }
    const heads = (y: tf.Tensor3D): tf.Tensor4D =>
      tf.transpose(tf.reshape(y, [B, T, H, C / H]), [0, 2, 1, 3]);
    const raw = tf.matMul<tf.Tensor4D>(heads(times(x, 'query')), heads(times(x, 'key')), false, true);
    const scale = 1 / Math.sqrt(C / H);
    const finite = { 'mask of −1e4 added before scaling': -1e4, 'mask of −1e9 added before scaling': -1e9 };
    const closed = (finite as Partial<Record<Fault, number>>)[fault];
    const far = fault === 'mask off by one beyond 40 positions' && T > 40;
    const ahead = fault === 'mask off by one' || far ? 1 : 0;
    const open = fault === 'mask dropped when dropout is on' && training !== undefined;
    const mask = maskOf(T, ahead, open, closed ?? -Infinity);
    const scores = closed === undefined ? tf.add(tf.mul(raw, scale), mask) : tf.mul(tf.add(raw, mask), scale);
    let probabilities = tf.softmax(scores as tf.Tensor4D);
    if (training) {
      const choice = { rate: 0.2, seed: dropoutSeed(training.seed, training.step), stream: 0 };
      probabilities = dropoutPlain(probabilities, choice);
    }
    const seen = tf.reshape<tf.Rank.R3>(
      tf.transpose(tf.matMul<tf.Tensor4D>(probabilities, heads(times(x, 'value'))), [0, 2, 1, 3]),
      [B, T, C],
    );
    return tf.reshape(times(tf.add(x, seen), 'head'), [rows, length, V]);
  };

  const model: Model<Record<string, unknown>> = {
    config: {},
    contextLength: 64,
    vocabulary: V,
    variables,
    logits: (ids) => tf.tidy(() => forward(ids)),
    loss: ({ inputs, targets }, options) =>
      tf.tidy(() => {
        const logProb = tf.logSoftmax(forward(inputs, options?.training));
        const chosen = tf.sum(tf.mul(logProb, tf.oneHot(tf.cast(targets, 'int32'), V)), -1);
        return tf.neg(tf.mean<tf.Scalar>(chosen));
      }),
    logProb: async ({ inputs, targets }) => {
      const logits = tf.tidy(() => forward(inputs));
      const rows = logSoftmaxRows(Float32Array.from(await logits.data()), V);
      logits.dispose();
      const chosen = await targets.data();
      return Float32Array.from(chosen, (id, at) => rows[at * V + id] ?? NaN);
    },
    decoder: (): Decoder => recomputingDecoder(model),
    dispose: () => variables.forEach(({ variable }) => variable.dispose()),
  };
  return model;
}

/** [T, T] */
function maskOf(T: number, ahead: number, open: boolean, closed: number): tf.Tensor2D {
  const cells = Array.from({ length: T * T }, (_, at) =>
    open || (at % T) - Math.floor(at / T) <= ahead ? 0 : closed,
  );
  return tf.tensor2d(cells, [T, T]);
}

/** A graph of up to four nodes, each reading one or two before it through random taps. */
export function randomGraph(random: Rng): TapGraph {
  const names = ['input'];
  const count = 1 + random.integer(4);
  const nodes = Array.from({ length: count }, (_, index) => {
    const id = index === count - 1 ? 'output' : `node${index}`;
    const inputs = Array.from({ length: 1 + random.integer(2) }, () => ({
      from: names[random.integer(names.length)] ?? 'input',
      taps: randomTaps(random),
    }));
    names.push(id);
    return { id, title: id, inputs, parameters: 0 };
  });
  return { nodes };
}

function randomTaps(random: Rng): Taps {
  if (random.uniform() < 0.25) return { kind: 'pointwise' };
  return {
    kind: 'causal',
    ...(random.uniform() < 0.5 ? { window: 1 + random.integer(6) } : {}),
    ...(random.uniform() < 0.3 ? { strict: true } : {}),
  };
}

/** Reads exactly what `graph` declares, through random weights that differ at every distance. */
export function networkOfGraph(graph: TapGraph, vocabulary: number, random: Rng): Network {
  const width = 3;
  const table = Array.from({ length: vocabulary * width }, () => random.normal());
  const weights = new Map<string, number[]>();
  const weightsOf = (key: string): number[] => {
    const known = weights.get(key) ?? Array.from({ length: width * width }, () => random.normal());
    weights.set(key, known);
    return known;
  };
  const run = (ids: Int32Array): number[][] => {
    const values = new Map<string, number[][]>();
    values.set(
      'input',
      Array.from(ids, (id) => table.slice(id * width, (id + 1) * width)),
    );
    for (const node of graph.nodes) {
      const out = Array.from(ids, () => new Array<number>(width).fill(0));
      for (const [index, { from, taps }] of node.inputs.entries()) {
        for (let i = 0; i < ids.length; i++) {
          const last = taps.kind === 'causal' && taps.strict ? i - 1 : i;
          const reach = taps.kind === 'causal' ? (taps.window ?? ids.length) : 1;
          for (let k = Math.max(0, last - reach + 1); k <= last; k++) {
            const w = weightsOf(`${node.id} ${index} ${i - k}`);
            const read = values.get(from)?.[k] ?? [];
            out[i]?.forEach((_, c) => {
              const sum = read.reduce((total, value, d) => total + value * (w[c * width + d] ?? 0), 0);
              (out[i] as number[])[c] = (out[i]?.[c] ?? 0) + sum;
            });
          }
        }
      }
      values.set(
        node.id,
        out.map((row) => row.map((value) => (value > 0 ? value : 0.3 * value))),
      );
    }
    return values.get('output') ?? [];
  };
  return {
    vocabulary,
    width,
    respond: (ids, rows, length) => {
      const all = Array.from({ length: rows }, (_, row) =>
        run(ids.subarray(row * length, (row + 1) * length)),
      );
      return Promise.resolve({ values: Float32Array.from(all.flat(2)), noise: 0 });
    },
  };
}
