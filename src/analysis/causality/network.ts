// A model as something that can be perturbed: token ids in, numbers per output position out, in host memory.
// Two faces of one model: as it predicts, and as it trains (dropout on), because a mask can be lost in one of them only.
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Model } from '../../families/family';

export interface Responses {
  /** [rows, length, width] */
  readonly values: Float32Array;
  /** Differences up to this are rounding; 0: equal inputs give equal bits. */
  readonly noise: number;
}

export interface Network {
  readonly vocabulary: number;
  /** Numbers per output position. */
  readonly width: number;
  /** @param ids [rows, length] */
  respond(ids: Int32Array, rows: number, length: number): Promise<Responses>;
}

/** The logits of every position. */
export function predictingNetwork(model: Pick<Model, 'logits' | 'vocabulary'>): Network {
  return {
    vocabulary: model.vocabulary,
    width: model.vocabulary,
    respond: async (ids, rows, length) => {
      const logits = tidy(() => model.logits?.(tensor2d(ids, [rows, length], 'int32')));
      if (!logits) throw new Error('predictingNetwork: expected a model with logits, got one without');
      const values = Float32Array.from(await logits.data());
      logits.dispose();
      return { values, noise: 0 };
    },
  };
}

/**
 * The training path, which answers with one number for a whole row: its loss. Changing the target of position i alone
 * changes the loss by a difference of two logits of position i (the normaliser cancels), so that each position is
 * heard by itself. The numbers pass through a mean in single precision: hence the noise.
 */
export function trainingNetwork(model: Pick<Model, 'loss' | 'vocabulary'>, seed: number): Network {
  const V = model.vocabulary;
  const training = { seed, step: 1 };
  return {
    vocabulary: V,
    width: 1,
    respond: async (ids, rows, length) => {
      const values = new Float32Array(rows * length);
      let largest = 1;
      const loss = async (inputs: Int32Array, targets: Int32Array): Promise<number> => {
        const nats = tidy(() =>
          model.loss(
            {
              inputs: tensor2d(inputs, [1, length], 'int32'),
              targets: tensor2d(targets, [1, length], 'int32'),
            },
            { training },
          ),
        );
        const value = (await nats.data())[0] ?? NaN;
        nats.dispose();
        largest = Math.max(largest, Math.abs(value));
        return value;
      };
      // Rows are asked for one by one; equal ones once.
      const known = new Map<string, number>();
      for (let row = 0; row < rows; row++) {
        const inputs = ids.slice(row * length, (row + 1) * length);
        const same = known.get(inputs.join());
        if (same !== undefined) {
          values.copyWithin(row * length, same * length, (same + 1) * length);
          continue;
        }
        known.set(inputs.join(), row);
        const targets = Int32Array.from({ length }, (_, i) => (7 * i + 1) % V);
        const base = await loss(inputs, targets);
        for (let i = 0; i < length; i++) {
          const moved = targets.slice();
          moved[i] = ((targets[i] ?? 0) + 1) % V;
          values[row * length + i] = (await loss(inputs, moved)) - base;
        }
      }
      return { values, noise: 1e-5 * largest };
    },
  };
}
