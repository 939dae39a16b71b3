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
  /** [sub-pixels, sub-pixels], in the order of generation. */
  readonly allowed: BitMatrix;
  readonly measured: BitMatrix;
  readonly shape: GridShape;
  readonly draws: readonly string[];
}

export interface ImageCausalityOptions {
  readonly signal: AbortSignal;
  readonly onDraw?: (progress: InspectProgress) => Promise<void>;
  /** Images that are perturbed; small ones when absent. */
  readonly shape?: GridShape;
  /** 1 where images of a batch are known to read one another. */
  readonly rowsTogether?: number;
}

const CHANNELS = ['R', 'G', 'B'];

/** Row and column, and of RGB the channel. */
export function placeName({ width, channels }: GridShape, index: number): string {
  const pixel = Math.floor(index / channels);
  const place = `(${Math.floor(pixel / width)}, ${pixel % width})`;
  return channels > 1 ? `${place} ${CHANNELS[index % channels] ?? index % channels}` : place;
}

export interface ImageDraw {
  readonly title: string;
  readonly seed: number;
  readonly open: () => { model: ImageModel; close: () => void };
}

const RANDOM_DRAWS = 3;
/** A condition holds a pixel's ReLUs closed, whatever pixel is changed: more sets of weights open them. */
const CONDITIONED_DRAWS = 6;
/** Sub-pixels of an image whose pairs are all measured. */
export const LARGEST_MEASURED = 150;

export async function imageCausality(
  subject: ImageSubject,
  { signal, onDraw = () => Promise.resolve(), ...asked }: ImageCausalityOptions,
): Promise<ImageCausality> {
  const { family, config, facts } = subject;
  const small = measuredShape(facts);
  // Where a model takes one size only, what is measured in full has to be small itself.
  const anySize = family.takesAnySize || subpixelsOf(facts) > LARGEST_MEASURED;
  const shape = asked.shape ?? (anySize ? small : facts);
  const { rowsTogether } = asked;
  const graph = family.taps(config, { ...facts, ...shape });
  const size = shape.height * shape.width * shape.channels;
  const measured = new BitMatrix(size, size);
  const draws = drawsAt(subject, shape);
  for (const [index, { title, seed, open }] of draws.entries()) {
    await onDraw({ done: index, of: draws.length, doing: title, share: index / draws.length });
    const { model, close } = open();
    try {
      const network = imageNetwork(model, shape, facts.levels);
      measured.or(
        await measuredConnectivity(network, size, {
          seed,
          ...(rowsTogether && { rowsTogether }),
          pause: pauseOf(signal),
        }),
      );
    } finally {
      close();
    }
  }
  const allowed = allowedInImage(graph, shape);
  return {
    comparison: compareConnectivity(allowed, measured, (index) => placeName(shape, index)),
    allowed,
    measured,
    shape,
    draws: draws.map(({ title }) => title),
  };
}

/** The draws for images of a shape: a model of one size has weights of its own for no other. */
export function drawsAt(subject: ImageSubject, shape: GridShape): ImageDraw[] {
  const { family, facts } = subject;
  const own = family.takesAnySize || (shape.height === facts.height && shape.width === facts.width);
  return own ? imageDraws(subject) : randomDraws(subject, { ...facts, ...shape });
}

/** Fresh random weights, and the model's own first where it has any; a family without weights is measured once. */
export function imageDraws(subject: ImageSubject): ImageDraw[] {
  const { model, weights } = subject;
  const own: ImageDraw[] =
    weights === 'own' || model.variables.length === 0
      ? [{ title: 'its own weights', seed: 9, open: () => ({ model, close: () => undefined }) }]
      : [];
  if (model.variables.length === 0) return own;
  return [...own, ...randomDraws(subject, subject.facts)];
}

function randomDraws({ family, config }: ImageSubject, facts: ImageFacts): ImageDraw[] {
  const draws = facts.condition ? CONDITIONED_DRAWS : RANDOM_DRAWS;
  return Array.from({ length: draws }, (_, index): ImageDraw => {
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
