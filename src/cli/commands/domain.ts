// Options that only one kind of model understands: asked of the other, they are refused and not ignored.
import { ArLensError } from '../../protocol/errors';

type Options = Readonly<Record<string, unknown>>;

export function forTextsOnly(options: Options): void {
  refuse(options, 'texts', 'images');
}

export function forImagesOnly(options: Options): void {
  refuse(options, 'images', 'texts');
}

function refuse(options: Options, wanted: string, got: string): void {
  const named = Object.entries(options).find(([, value]) => value !== undefined)?.[0];
  if (named === undefined) return;
  const option = `--${named.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new ArLensError('badInput', `${option}: expected a model of ${wanted}, got one of ${got}.`);
}
