// The conditions of images that a model scores: its own means, or pictures that are named or lie beside the images, as its
// run's own spec has them or by the name that such files have. Knows no pixels; what is found is read by conditions.ts.
import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import type { ImageSet } from '../../data/images';
import type { ImageFacts } from '../../families/imageFamily';
import { ArLensError } from '../../protocol/errors';
import type { ImageSpec } from '../spec/spec';
import { channelsOf, conditionOf, ownConditions, pictureConditions, type Conditions } from './conditions';

/** The images that a model was trained on, and the pictures they were given. */
export type ConditionRule = ReadonlyArray<{ readonly images: string; readonly pictures: string }>;

export function conditionRule(spec: ImageSpec | undefined): ConditionRule {
  const { source, validation, condition } = spec?.data ?? {};
  const pairs = [
    { images: source, pictures: condition?.images },
    { images: typeof validation === 'string' ? validation : undefined, pictures: condition?.validation },
  ];
  return pairs.flatMap(({ images, pictures }) =>
    images === undefined || pictures === undefined ? [] : [{ images, pictures }],
  );
}

/** @param file absolute @returns the path of its pictures @throws ArLensError where none lie beside it */
export async function foundPictures(
  file: string,
  facts: Pick<ImageFacts, 'condition'>,
  rule: ConditionRule,
): Promise<string> {
  const name = basename(file);
  const said = rule
    .filter(({ images }) => basename(images) === name)
    .map(({ images, pictures }) => relative(dirname(images), pictures));
  for (const candidate of [...said, ...conditionNames(name)]) {
    // Only beside the images: what lies elsewhere is not looked at.
    if (basename(candidate) !== candidate || candidate === name) continue;
    const path = join(dirname(file), candidate);
    if ((await stat(path).catch(() => undefined)) !== undefined) return path;
  }
  const words = conditionOf(facts)?.words ?? 'a picture';
  throw new ArLensError(
    'notFound',
    `${file}: expected ${conditionNames(name)[0] ?? 'pictures'} beside it, because this model finds each image given ${words}, got none.`,
    'Put the pictures there, one for each image.',
  );
}

/** digits.idx has digits-condition.idx beside it, t10k-images-idx3-ubyte.gz t10k-conditions-idx3-ubyte.gz, pictures/ pictures-condition/. */
function conditionNames(images: string): string[] {
  const plain = images.replace(/\.gz$/, '');
  const extension = extname(plain);
  const stem = plain.slice(0, plain.length - extension.length);
  const renamed = plain.replace('images', 'conditions');
  const names = [...(renamed === plain ? [] : [renamed]), `${stem}-condition${extension}`];
  return names.flatMap((name) => [name, `${name}.gz`]);
}

/** How a set of pictures is opened, for as long as `work` takes. */
export type UsePictures = <T>(
  path: string,
  wanted: ReturnType<typeof channelsOf>,
  work: (set: ImageSet) => Promise<T>,
) => Promise<T>;

/**
 * The conditions of the images of a file for as long as `work` takes; null of a model that reads none.
 * @param named the pictures, where somebody says which
 */
export async function withConditions<T>(
  { facts, rule }: { readonly facts: ImageFacts; readonly rule: ConditionRule },
  { file, set, named }: { readonly file: string; readonly set: ImageSet; readonly named: string | undefined },
  use: UsePictures,
  work: (conditions: Conditions | null) => Promise<T>,
): Promise<T> {
  const { condition } = facts;
  if (!condition || condition.kind === 'shrunken') {
    if (named !== undefined) {
      const got = condition
        ? 'this model is given each image’s own small version'
        : 'this model is given nothing';
      throw new ArLensError('badInput', `condition: expected none, because ${got}, got a file.`);
    }
    if (!condition) return work(null);
    const { height, width, channels } = set;
    return work(ownConditions({ height, width, channels, levels: facts.levels }, condition.factor, file));
  }
  const path = named ?? (await foundPictures(resolve(file), facts, rule));
  return use(path, channelsOf(condition), (pictures) =>
    work(pictureConditions(pictures, condition, set, path)),
  );
}
