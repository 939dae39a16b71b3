// Which class each image of a set has, from an IDX file of labels or from the folders that pictures lie in: read alike
// where a model is trained and where it scores. Knows no model and no pixels.
import { basename, dirname } from 'node:path';
import { findFiles } from '../../data/corpus';
import type { ImageSet, ImageSource } from '../../data/images';
import { openIdx, type IdxFile } from '../../formats/idx';
import { ArLensError } from '../../protocol/errors';

export type Labelled = Pick<ImageSet, 'labels' | 'classes' | 'classNames' | 'labelSource'>;

/** `data.labels` of pictures whose classes are the folders they lie in. */
export const FOLDERS = 'folders';

export const UNLABELLED: Labelled = { labels: null, classes: 0, classNames: [], labelSource: null };
const OTHERWISE = 'Name the labels of these very images, or go without labels.';
const MOST_SAID = 6;

/** @throws ArLensError where the file is no list of labels, or not one for each of `count` images */
export async function fileLabels(
  { labels = '', workspace, base }: ImageSource,
  count: number,
): Promise<Labelled> {
  if (labels === FOLDERS) {
    throw new ArLensError(
      'badInput',
      'data.labels: expected an IDX file of labels, got "folders", which is for pictures.',
    );
  }
  const [path = ''] = await findFiles({ source: labels, workspace, base }, 'data.labels');
  const file: IdxFile = await openIdx(path);
  try {
    if (file.dimensions.length > 0) {
      throw new ArLensError(
        'badInput',
        `${path}: expected labels, one byte each, got [${[file.count, ...file.dimensions].join(', ')}].`,
      );
    }
    if (file.count !== count) {
      throw new ArLensError(
        'badInput',
        `${path}: expected ${count} labels, one for each image, got ${file.count}.`,
        OTHERWISE,
      );
    }
    const read = Int32Array.from(await file.read(0, count));
    const classes = read.reduce((most, label) => Math.max(most, label), -1) + 1;
    return { labels: read, classes, classNames: [], labelSource: path };
  } finally {
    await file.close();
  }
}

/**
 * The class of each picture by the name of its folder: its place among `classNames`, or among the names there are.
 * Pictures of which none lies in a folder of `classNames` have no classes.
 * @throws ArLensError where some do and some do not
 */
export function folderLabels(
  paths: readonly string[],
  { labels, classNames }: Pick<ImageSource, 'labels' | 'classNames'>,
): Labelled {
  if (labels === undefined) return UNLABELLED;
  if (labels !== FOLDERS) {
    throw new ArLensError(
      'badInput',
      `data.labels: expected "folders" for pictures, got ${JSON.stringify(labels)}.`,
    );
  }
  const folders = paths.map((path) => basename(dirname(path)));
  const names = classNames ?? [...new Set(folders)].sort();
  const read = Int32Array.from(folders, (folder) => names.indexOf(folder));
  const stranger = read.indexOf(-1);
  if (stranger >= 0) {
    if (read.every((label) => label === -1)) return UNLABELLED;
    throw new ArLensError(
      'badInput',
      `labels: expected pictures in folders named as the classes (${someOf(names)}), got ${paths[stranger]}.`,
      OTHERWISE,
    );
  }
  return { labels: read, classes: names.length, classNames: names, labelSource: FOLDERS };
}

/** @throws ArLensError where a label is of no class of the model; a model without classes reads none */
export function requireClasses(
  set: Pick<ImageSet, 'labels' | 'classes'>,
  classes: number,
  place: string,
): void {
  if (classes === 0 || set.classes <= classes) return;
  throw new ArLensError(
    'badInput',
    `${place}: expected classes below model.classes (${classes}), got class ${set.classes - 1}.`,
    OTHERWISE,
  );
}

function someOf(names: readonly string[]): string {
  const more = names.length > MOST_SAID ? ` and ${names.length - MOST_SAID} more` : '';
  return `${names.slice(0, MOST_SAID).join(', ')}${more}`;
}
