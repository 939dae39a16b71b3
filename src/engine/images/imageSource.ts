// The `imageSource` call: what a new spec of some images should say of them. Their size, and the labels that lie with them.
// Knows no model and writes nothing.
import { stat } from 'node:fs/promises';
import type { ImageSet, ImageSource } from '../../data/images';
import { ArLensError } from '../../protocol/errors';
import type { ImageSourceInfo } from '../../protocol/imageSets';
import { foundLabels, NO_RULE } from './foundLabels';
import { FOLDERS } from './imageLabels';
import type { ImageSets } from './imageSets';

/** What pictures of several sizes are brought to. */
const ONE_SIZE = { height: 32, width: 32, fit: 'crop', filter: 'area' } as const;
/** More names than that, or hardly two pictures for each, are no classes. */
const MOST_CLASSES = 256;

/** @throws ArLensError in one sentence where the images cannot be read in any size */
export async function imageSource(path: string, sets: ImageSets): Promise<ImageSourceInfo> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  const shapeOf = (wanted: Pick<ImageSource, 'resizing'>) =>
    sets.use(path, wanted, ({ count: images, height, width, channels }) =>
      Promise.resolve({ images, height, width, channels, resized: wanted.resizing !== undefined }),
    );
  const shape = await shapeOf({}).catch((error: unknown) => {
    if (!isFolder) throw error;
    return shapeOf({ resizing: ONE_SIZE }).catch(() => {
      throw error;
    });
  });
  const resizing = shape.resized ? { resizing: ONE_SIZE } : {};
  const { labels } = isFolder ? { labels: FOLDERS } : await foundLabels(path, NO_RULE);
  const classes = labels === undefined ? 0 : await classesOf(path, { ...resizing, labels }, sets);
  return { ...shape, labels: classes > 0 ? (labels ?? null) : null, classes };
}

/** 0 where the labels are none of these images'. */
async function classesOf(
  path: string,
  wanted: Pick<ImageSource, 'labels' | 'resizing'>,
  sets: ImageSets,
): Promise<number> {
  const counted = ({ classes, count }: ImageSet): number =>
    classes > 1 && classes <= MOST_CLASSES && 2 * classes <= count ? classes : 0;
  return sets
    .use(path, wanted, (set) => Promise.resolve(counted(set)))
    .catch((error: unknown) => {
      if (error instanceof ArLensError) return 0;
      throw error;
    });
}
