// The shapes that image families hand on, for diagrams: letters of docs/style.md, sizes of the data and the configuration.
import type { Axis } from './family';
import type { ImageFacts } from './imageFamily';

/** [B, H, W, C] of `features` each. @param halvings how often the sides were halved, rounded up */
export function featureShape(
  { height, width }: Pick<ImageFacts, 'height' | 'width'>,
  features: number,
  halvings = 0,
): readonly Axis[] {
  const side = (size: number): number => Math.ceil(size / 2 ** halvings);
  return [
    { letter: 'B' },
    { letter: 'H', size: side(height) },
    { letter: 'W', size: side(width) },
    { letter: 'C', size: features },
  ];
}

/** [B, H, W, C, K] of a model's logits. */
export function logitsShape(facts: ImageFacts): readonly Axis[] {
  return [...featureShape(facts, facts.channels), { letter: 'K', size: facts.levels }];
}
