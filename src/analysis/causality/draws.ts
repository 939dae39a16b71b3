// Which weights a family's causality is measured with. One set can hide a leak: weights that are too small never
// overrule a finite number in a mask, weights that are too large make every attention pick a single position.
import type { Family, Model, TextFacts } from '../../families/family';
import { FEW_IDS, randomizeWeights } from '../randomWeights';
import type { Draw } from './causality';

/** The last ones overrule masks of −10⁴ and of −10⁹ added before scaling. */
const SCALES = [1, 1, 8, 64, 1e5];
const FITS = 2;

/** Random weights of an architecture; `own`, the weights somebody trained, come first where there are any. */
export function drawsOf(
  family: Pick<Family, 'build'>,
  config: Parameters<Family['build']>[0],
  facts: TextFacts,
  own?: Model,
  firstSeed = 1,
): Draw[] {
  const draws = SCALES.map((scale, index): Draw => {
    const seed = firstSeed + index;
    const title = scale === 1 ? `random weights, seed ${seed}` : `random weights × ${scale}, seed ${seed}`;
    // Every second one with few ids, in contexts that a fitted table has met.
    const inputs = index % 2 === 1 ? { alphabet: FEW_IDS } : {};
    return { title, seed, ...inputs, open: () => opened(family.build(config, facts, seed), seed, scale) };
  });
  if (!own) return draws;
  // A fitted table has no weights to scale.
  const random = own.fit ? draws.slice(0, FITS) : draws;
  return [
    {
      title: 'its own weights',
      seed: firstSeed + SCALES.length,
      open: () => ({ model: own, close: () => undefined }),
    },
    ...random,
  ];
}

function opened(model: Model, seed: number, scale: number): { model: Model; close: () => void } {
  randomizeWeights(model, seed, scale);
  return { model, close: () => model.dispose() };
}
