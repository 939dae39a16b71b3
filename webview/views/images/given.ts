// What a class-conditional model is told of each image, in words: its class, or none. Pure.
import type { ImageModelInfo } from '../../../src/protocol/imageSets';
import type { ImagesContent } from '../../../src/protocol/imagesView';
import type { Gallery } from './gallery';

/** A folder's name where classes have names, else the number. */
export const className = (model: ImageModelInfo | null, label: number): string =>
  model?.classNames[label] ?? String(label);

/** '' without a class. */
export const classWords = (model: ImageModelInfo | null, label: number | null): string =>
  label === null ? '' : `class ${className(model, label)}`;

/** Under which probability the images are scored so far; '' by a model that has no classes. */
export function givenWords({ model, withLabels }: ImagesContent, gallery: Gallery): string {
  if (model === null || model.classes === 0 || gallery.scored === 0) return '';
  if (gallery.labelled) return 'each image given its class, p(x | class)';
  return withLabels
    ? 'without a class: no labels were found for these images'
    : 'without a class, whatever labels there are';
}
