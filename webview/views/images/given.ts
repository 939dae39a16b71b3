// What a class-conditional model is told of each image, in words: its class, or none. Pure.
import type { ImagesContent } from '../../../src/protocol/imagesView';
import type { Gallery } from './gallery';

/** Under which probability the images are scored so far; '' by a model that has no classes. */
export function givenWords({ model, withLabels }: ImagesContent, gallery: Gallery): string {
  if (model === null || model.classes === 0 || gallery.scored === 0) return '';
  if (gallery.labelled) return 'each image given its class, p(x | class)';
  return withLabels
    ? 'without a class: no labels were found for these images'
    : 'without a class, whatever labels there are';
}
