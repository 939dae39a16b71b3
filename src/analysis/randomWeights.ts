// Random weights for a model that is to be looked into: large enough that no dependency drowns in rounding.
// Knows no family: a model that is fitted in closed form is fitted to random elements instead.
import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { Model } from '../families/family';
import { Rng } from '../math/rng';

/** Half of what a table is fitted to uses the first few ids only, so that it has met all their contexts. */
export const FEW_IDS = 4;

/**
 * Makes every variable random. With `scale` 1 the activations of a usual network stay near 1 and its attention soft;
 * a large one makes scores so large that a finite number in place of −∞ in a mask is overruled, and its leak shows.
 */
export function randomizeWeights(
  model: Pick<Model, 'variables' | 'fit' | 'vocabulary'>,
  seed: number,
  scale = 1,
): void {
  const rng = new Rng(seed);
  if (model.fit) {
    const elements = new Int32Array(4000);
    for (let i = 1; i < elements.length; i++) {
      const used = i < elements.length / 2 ? model.vocabulary : Math.min(FEW_IDS, model.vocabulary);
      const jump = rng.uniform() < 0.6 ? 1 : rng.integer(used);
      elements[i] = ((elements[i - 1] ?? 0) + jump) % used;
    }
    model.fit(elements);
    return;
  }
  for (const { variable } of model.variables) {
    // 1.8 / √fan-in keeps a layer's output near its input; vectors (gains, biases) just vary.
    const deviation = variable.rank < 2 ? 0.4 : (1.8 * scale) / Math.sqrt(Math.min(...variable.shape));
    const values = Float32Array.from({ length: variable.size }, () => deviation * rng.normal());
    tidy(() => variable.assign(tensor(values, variable.shape)));
  }
}
