// An image model as something that can be perturbed: levels of all sub-pixels in, the logits of
// each of them out. The measuring of sequences (causality/measured.ts) then serves images as it is.
import { tensor, tensor1d, tensor4d, tidy } from '@tensorflow/tfjs-core';
import { conditionFeatures, type ImageFacts, type ImageModel } from '../../families/imageFamily';
import { Rng } from '../../math/rng';
import { BitMatrix } from '../bitMatrix';
import type { Network } from '../causality/network';
import { maySee } from '../causality/declared';
import { Closure } from './closure';
import { fixedCondition } from './fixedCondition';
import { stepsOf } from './generation';
import type { LossOptions, TapGraph } from '../../families/family';
import type { GridShape } from './subpixelSet';

export interface ImageNetworkOptions extends LossOptions {
  /** Each image of a batch is given a class in turn; none when absent. */
  readonly classes?: number;
}

/**
 * @param model `facts` say which condition it reads: that is held fixed, whatever is perturbed
 * @param shape the images that are perturbed; `length` of a request is their sub-pixels
 * @param options as it trains: the same dropout and the same hidden labels at every request
 */
export function imageNetwork(
  model: Pick<ImageModel, 'logits'> & Partial<Pick<ImageModel, 'facts'>>,
  shape: GridShape,
  levels: number,
  { classes = 0, ...options }: ImageNetworkOptions = {},
): Network {
  const { height, width, channels } = shape;
  const { facts } = model;
  return {
    vocabulary: levels,
    width: levels,
    respond: async (ids, rows) => {
      const logits = tidy(() => {
        const pixels = tensor4d(ids, [rows, height, width, channels], 'int32');
        const labels = Int32Array.from({ length: rows }, (_, row) => row % Math.max(1, classes));
        const fixed = facts && fixedCondition(facts, shape, rows);
        const given = {
          ...(classes > 0 ? { labels: tensor1d(labels, 'int32') } : {}),
          ...(fixed ? { condition: tensor4d(fixed, [rows, height, width, conditionFeatures(facts)]) } : {}),
        };
        return model.logits({ pixels, ...given }, options);
      });
      const values = Float32Array.from(await logits.data());
      logits.dispose();
      return { values, noise: 0 };
    },
  };
}

/** What the taps declare and the order of generation allows, for every pair. [sub-pixels, sub-pixels] */
export function allowedInImage(graph: TapGraph, shape: GridShape): BitMatrix {
  const size = shape.height * shape.width * shape.channels;
  const closure = new Closure(graph, shape);
  const allowed = new BitMatrix(size, size);
  const step = stepsOf(graph);
  for (let output = 0; output < size; output++) {
    for (const input of closure.of(output).indices()) {
      if (maySee('strict', step(output), step(input))) allowed.set(output, input);
    }
  }
  return allowed;
}

/** Random weights that neither drown nor saturate: each layer's output is about as large as its input. */
export function randomizeImageWeights(model: Pick<ImageModel, 'variables'>, seed: number, scale = 1): void {
  const rng = new Rng(seed);
  for (const { variable } of model.variables) {
    const deviation = variable.rank < 2 ? 0.4 : (1.4 * scale) / Math.sqrt(variable.shape[0] ?? 1);
    const values = Float32Array.from({ length: variable.size }, () => deviation * rng.normal());
    tidy(() => variable.assign(tensor(values, variable.shape)));
  }
}

/** Images small enough to be perturbed everywhere, and large enough for every edge of a small kernel. */
export function measuredShape({ channels }: Pick<ImageFacts, 'channels'>): GridShape {
  return channels === 1 ? { height: 7, width: 7, channels } : { height: 4, width: 5, channels };
}
