// Where the labels of images are that a model scores: as its run's own spec read those it was trained on, else by the
// name that such files have. Knows no pixels; what is found is read by imageLabels.
import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import type { ImageSource } from '../../data/images';
import type { ImageSpec } from '../spec/spec';
import { readRecord } from '../training/runRecord';
import { FOLDERS } from './imageLabels';

/** How the images that a model was trained on got their classes. */
export interface LabelRule {
  /** `data.source` and `data.labels` of its run's spec; absent where there is none. */
  readonly source?: string;
  readonly labels?: string;
  /** Of folders, in the order of the classes; empty where classes have numbers only. */
  readonly classNames: readonly string[];
}

export const NO_RULE: LabelRule = { classNames: [] };

/** @param folder the run's @param spec its own, if it has one */
export async function labelRule(folder: string, spec: ImageSpec | undefined): Promise<LabelRule> {
  if (spec === undefined) return NO_RULE;
  const { source, labels } = spec.data;
  const record = await readRecord(folder).catch(() => undefined);
  return { source, ...(labels === undefined ? {} : { labels }), classNames: record?.data.classNames ?? [] };
}

/** @param path of the images @returns what to open them with; nothing where no labels are found */
export async function foundLabels(
  path: string,
  { source, labels, classNames }: LabelRule,
): Promise<Pick<ImageSource, 'labels' | 'classNames'>> {
  // Pictures have their folders' classes, if any, and those only by the names that training knew them by.
  if (await arePictures(path))
    return labels === FOLDERS && classNames.length > 0 ? { labels, classNames } : {};
  const name = basename(path);
  const said =
    source !== undefined && labels !== undefined && labels !== FOLDERS && basename(source) === name;
  const beside = said ? [relative(dirname(source), labels)] : [];
  for (const candidate of [...beside, ...labelNames(name)]) {
    // Only beside the images: what lies elsewhere is not looked at.
    if (basename(candidate) !== candidate) continue;
    const info = await stat(join(dirname(path), candidate)).catch(() => undefined);
    if (info?.isFile() === true) return { labels: candidate };
  }
  return {};
}

async function arePictures(path: string): Promise<boolean> {
  if (/\.(png|jpe?g)$/i.test(path)) return true;
  const info = await stat(path).catch(() => undefined);
  return info?.isDirectory() === true;
}

/** t10k-images-idx3-ubyte.gz has t10k-labels-idx1-ubyte.gz beside it; digits.npy has digits-labels.idx. */
function labelNames(images: string): string[] {
  const plain = images.replace(/\.gz$/, '');
  const renamed = plain.replace('images', 'labels').replace(/idx[34]/, 'idx1');
  const stem = plain.slice(0, plain.length - extname(plain).length);
  const ownNames = /\.np[yz]$/.test(plain)
    ? [`${(renamed === plain ? `${stem}-labels` : renamed).replace(/\.np[yz]$/, '')}.idx`]
    : [...(renamed === plain ? [] : [renamed]), `${stem}-labels${extname(plain)}`];
  return ownNames.flatMap((name) => [name, `${name}.gz`]);
}
