// The class that `ar-lens sample --class` names: by its number, or by the name that the run's record has for it.
import { resolve } from 'node:path';
import { ArLensError } from '../../protocol/errors';
import type { CommonOptions } from '../options';
import { callContext, type Session } from '../session';

const MOST_NAMES = 20;

/** A whole number is always a class's number; whether the model has it is for the engine to say. */
export async function classNumber(
  session: Session,
  options: CommonOptions & { readonly model: string },
  word: string,
): Promise<number> {
  if (/^[+-]?\d+$/.test(word)) return Number(word);
  const { classes, classNames } = await session
    .engine(options)
    .imageModel({ model: resolve(options.model) }, callContext(session));
  const label = classNames.indexOf(word);
  if (label >= 0) return label;
  const known =
    classes === 0
      ? 'none, because this model knows no classes'
      : `a whole number from 0 to ${classes - 1}${nameWords(classNames)}`;
  throw new ArLensError('badInput', `class: expected ${known}, got ${JSON.stringify(word)}.`);
}

function nameWords(names: readonly string[]): string {
  if (names.length === 0) return ', because its classes have no names';
  const more = names.length - MOST_NAMES;
  return ` or one of ${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
