// What an image network really reads, against what its family declares: small images, every sub-pixel perturbed, several
// sets of random weights, and its own where there are any.
import { BitMatrix } from '../../analysis/bitMatrix';
import { compareConnectivity, type Comparison } from '../../analysis/causality/comparison';
import { measuredConnectivity } from '../../analysis/causality/measured';
import {
  allowedInImage,
  imageNetwork,
  measuredShape,
  randomizeImageWeights,
} from '../../analysis/reach/imageNetwork';
import type { GridShape } from '../../analysis/reach/subpixelSet';
import { subpixelsOf, type ImageFacts, type ImageModel } from '../../families/imageFamily';
import type { InspectProgress } from '../../protocol/engine';
import { pauseOf } from '../inspect/subject';
import type { ImageSubject } from './imageSubject';

export interface ImageCausality {
  readonly comparison: Comparison;
  readonly shape: GridShape;
  readonly draws: readonly string[];
}

interface Draw {
  readonly title: string;
  readonly seed: number;
  readonly open: () => { model: ImageModel; close: () => void };
}

const RANDOM_DRAWS = 3;
const LARGEST_MEASURED = 150;

export async function imageCausality(
  subject: ImageSubject,
  signal: AbortSignal,
  onDraw: (progress: InspectProgress) => Promise<void> = () => Promise.resolve(),
): Promise<ImageCausality> {
  const { family, config, facts } = subject;
  const small = measuredShape(facts);
  // Where a model takes one size only, what is measured in full has to be small itself.
  const own = family.takesAnySize || subpixelsOf(facts) <= LARGEST_MEASURED;
  const shape = family.takesAnySize || !own ? small : facts;
  const graph = family.taps(config, { ...facts, ...shape });
  const size = shape.height * shape.width * shape.channels;
  const measured = new BitMatrix(size, size);
  const draws = own ? imageDraws(subject) : randomDraws(subject, { ...facts, ...small });
  for (const [index, { title, seed, open }] of draws.entries()) {
    await onDraw({ done: index, of: draws.length, doing: title, share: index / draws.length });
    const { model, close } = open();
    try {
      const network = imageNetwork(model, shape, facts.levels);
      measured.or(await measuredConnectivity(network, size, { seed, pause: pauseOf(signal) }));
    } finally {
      close();
    }
  }
  return {
    comparison: compareConnectivity(allowedInImage(graph, shape), measured),
    shape,
    draws: draws.map(({ title }) => title),
  };
}

/** Fresh random weights, and the model's own first where it has any; a family without weights is measured once. */
export function imageDraws(subject: ImageSubject): Draw[] {
  const { model, weights } = subject;
  const own: Draw[] =
    weights === 'own' || model.variables.length === 0
      ? [{ title: 'its own weights', seed: 9, open: () => ({ model, close: () => undefined }) }]
      : [];
  if (model.variables.length === 0) return own;
  return [...own, ...randomDraws(subject, subject.facts)];
}

function randomDraws({ family, config }: ImageSubject, facts: ImageFacts): Draw[] {
  return Array.from({ length: RANDOM_DRAWS }, (_, index): Draw => {
    const seed = index + 1;
    return {
      title: `random weights, seed ${seed}`,
      seed,
      open: () => {
        const random = family.build(config, facts, seed);
        randomizeImageWeights(random, seed);
        return { model: random, close: () => random.dispose() };
      },
    };
  });
}
