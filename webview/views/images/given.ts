// What a model is told of each image, in words: its class, or none, and the picture it is given. Pure.
import type { ImageModelInfo } from '../../../src/protocol/imageSets';
import type { ImagesContent } from '../../../src/protocol/imagesView';
import type { Gallery } from './gallery';

/** Under which probability the images are scored so far; '' by a model that is told nothing. */
export function givenWords(content: ImagesContent, gallery: Gallery): string {
  const words = conditionWords(content.model);
  const picture = words === '' || gallery.scored === 0 ? [] : [`each image ${words}`];
  const label = labelWords(content, gallery);
  return [...(label === '' ? [] : [label]), ...picture].join('; ');
}

/** 'given its picture at 1/4 of its height and width, p(x | picture)'; '' by a model that reads none. */
export const conditionWords = (model: ImageModelInfo | null): string =>
  model?.condition ? `given ${model.condition.words}, p(x | picture)` : '';

function labelWords({ model, withLabels }: ImagesContent, gallery: Gallery): string {
  if (model === null || model.classes === 0 || gallery.scored === 0) return '';
  if (gallery.labelled) return 'each image given its class, p(x | class)';
  return withLabels
    ? 'without a class: no labels were found for these images'
    : 'without a class, whatever labels there are';
}
