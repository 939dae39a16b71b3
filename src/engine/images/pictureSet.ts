// A set of picture files: all decoded once, brought to one size where a spec says which, refused with a list where not.
import { stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { readAt } from '../../formats/idx';
import { openForReading } from '../../formats/openFile';
import { decodePicture, type Picture } from '../../formats/picture';
import { ArLensError } from '../../protocol/errors';
import { recolour, type ImageSet, type ImageSource } from '../../data/images';
import { resize } from '../../data/resize';
import { folderLabels } from './imageLabels';

const LARGEST_FILE = 2 ** 28;
/** All pictures of a set are held decoded. */
const LARGEST_SET = 2 ** 31 - 1;

export async function openPictures(
  paths: readonly string[],
  options: ImageSource,
  place: string,
): Promise<ImageSet> {
  const { resizing } = options;
  const hash = createHash('sha256');
  const decoded: Picture[] = [];
  let [bytes, held] = [0, 0];
  for (const path of paths) {
    const content = await readPictureFile(path);
    hash.update(content);
    bytes += content.length;
    const picture = decodePicture(content, path);
    const kept = resizing ? { ...picture, ...resized(picture, resizing) } : picture;
    held += kept.rgb.length;
    if (held > LARGEST_SET) {
      throw new ArLensError(
        'badInput',
        `${place}: expected pictures of at most ${LARGEST_SET} bytes in all when decoded, got more by ${path}.`,
        'Set data.height and data.width, or save the pictures as one IDX file, which is read where it lies.',
      );
    }
    decoded.push(kept);
  }
  const [{ height, width } = { height: 0, width: 0 }] = decoded;
  requireOneSize(decoded, paths, place);
  const channels = options.channels ?? (decoded.every(({ isGrey }) => isGrey) ? 1 : 3);
  const images = decoded.map(({ rgb }) => recolour(rgb, 3, channels));
  const size = height * width * channels;
  return {
    count: images.length,
    height,
    width,
    channels,
    ...folderLabels(paths, options),
    files: paths.length,
    bytes,
    sha256: hash.digest('hex'),
    pixels: (indices) => {
      const out = new Uint8Array(indices.length * size);
      for (let at = 0; at < indices.length; at++)
        out.set(images[indices[at] as number] as Uint8Array, at * size);
      return Promise.resolve(out);
    },
    close: () => Promise.resolve(),
  };
}

export async function readPictureFile(path: string): Promise<Uint8Array> {
  const { size } = await stat(path);
  if (size > LARGEST_FILE) {
    throw new ArLensError(
      'badInput',
      `${path}: expected a picture file of at most ${LARGEST_FILE} bytes, got ${size}.`,
    );
  }
  const file = await openForReading(path, 'a picture');
  return readAt(file, path, 0, size).finally(() => file.close());
}

function resized(
  picture: Picture,
  to: NonNullable<ImageSource['resizing']>,
): Pick<Picture, 'height' | 'width' | 'rgb'> {
  const rgb = resize(picture.rgb, picture, 3, to);
  return { height: to.height, width: to.width, rgb };
}

/** The sizes there are, most pictures first, each with one of them: what a person needs to decide. */
function requireOneSize(pictures: readonly Picture[], paths: readonly string[], place: string): void {
  const sizes = new Map<string, { count: number; example: string }>();
  for (const [index, { height, width }] of pictures.entries()) {
    const size = `${width} × ${height}`;
    const known = sizes.get(size);
    if (known) known.count++;
    else sizes.set(size, { count: 1, example: basename(paths[index] ?? '') });
  }
  if (sizes.size <= 1) return;
  const sorted = [...sizes].sort(([, a], [, b]) => b.count - a.count);
  const listed = sorted.slice(0, 8).map(([size, { count, example }]) => `${size} (${count}, as ${example})`);
  const more = sorted.length > 8 ? ` and ${sorted.length - 8} more sizes` : '';
  throw new ArLensError(
    'badInput',
    `${place}: expected pictures of one size, got ${sizes.size}: ${listed.join(', ')}${more}.`,
    'Set data.height and data.width to bring them to one size.',
  );
}
