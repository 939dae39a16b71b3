// The images a spec or a command names, as one set of one size: an IDX file, a NumPy array, a picture, a folder or glob
// of pictures. Knows no model and no levels: 8-bit values, read where they lie where the file allows it.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { escapePath } from 'tinyglobby';
import { openIdx, readAt } from '../../formats/idx';
import { readNpy, readNpz } from '../../formats/npy';
import { openForReading } from '../../formats/openFile';
import { pictureKind } from '../../formats/picture';
import { ArLensError } from '../../protocol/errors';
import { findFiles } from '../../data/corpus';
import { recolour, type ImageSet, type ImageSource } from '../../data/images';
import { fileLabels, UNLABELLED } from './imageLabels';
import { openPictures } from './pictureSet';
import { resize } from '../../data/resize';

const LARGEST_ARRAY = 2 ** 30;
const MAX_PICTURES = 200_000;
const PICTURES = '**/*.{png,PNG,jpg,JPG,jpeg,JPEG}';

/** @throws ArLensError in one sentence for whatever is wrong with the files. */
export async function openImages(options: ImageSource): Promise<ImageSet> {
  const place = options.place ?? 'data.source';
  const paths = await imageFiles(options, place);
  const [first = ''] = paths;
  const kind = await kindOf(first);
  if (kind === 'picture') return openPictures(paths, options, place);
  if (paths.length > 1) {
    const got = `${paths.length} files, the first ${first}`;
    throw new ArLensError(
      'badInput',
      `${place}: expected pictures or a single IDX, .npy or .npz file, got ${got}.`,
    );
  }
  const { sha256, bytes } = options.withoutHash ? await sizeOf(first) : await hashOf(paths);
  const raw = kind === 'idx' ? await idxImages(first) : await arrayImages(first, bytes);
  try {
    const labelled = options.labels === undefined ? UNLABELLED : await fileLabels(options, raw.count);
    const set = { ...raw, ...labelled, files: 1, bytes, sha256 };
    return shaped(set, options);
  } catch (error) {
    await raw.close();
    throw error;
  }
}

async function imageFiles(options: ImageSource, place: string): Promise<string[]> {
  const isFolder = await stat(resolve(options.base, options.source)).then(
    (info) => info.isDirectory(),
    () => false,
  );
  const source = isFolder ? `${escapePath(options.source.replace(/\/+$/, ''))}/${PICTURES}` : options.source;
  const { workspace, base } = options;
  return findFiles({ source, workspace, base, maximumFiles: MAX_PICTURES }, place);
}

async function kindOf(path: string): Promise<'picture' | 'idx' | 'npy' | 'npz'> {
  const file = await openForReading(path, 'images');
  try {
    const head = await readAt(file, path, 0, Math.min(8, (await file.stat()).size));
    if (pictureKind(head)) return 'picture';
    if (head[0] === 0x93) return 'npy';
    if (head[0] === 0x50 && head[1] === 0x4b) return 'npz';
    if ((head[0] === 0 && head[1] === 0) || (head[0] === 0x1f && head[1] === 0x8b)) return 'idx';
  } finally {
    await file.close();
  }
  throw new ArLensError(
    'badInput',
    `${path}: expected PNG, JPEG, IDX (.gz too), .npy or .npz, got other bytes.`,
  );
}

type Raw = Pick<ImageSet, 'count' | 'height' | 'width' | 'channels' | 'pixels' | 'close'>;

async function idxImages(path: string): Promise<Raw> {
  const file = await openIdx(path);
  try {
    const { height, width, channels } = imageShape(file.dimensions, path);
    return {
      count: file.count,
      height,
      width,
      channels,
      pixels: (indices) =>
        gather(indices, height * width * channels, (first, many) => file.read(first, many)),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function arrayImages(path: string, bytes: number): Promise<Raw> {
  if (bytes > LARGEST_ARRAY) {
    throw new ArLensError(
      'badInput',
      `${path}: expected an array of at most ${LARGEST_ARRAY} bytes, got ${bytes}.`,
      'Save it as IDX, which is read where it lies.',
    );
  }
  const file = await openForReading(path, 'images');
  const content = await readAt(file, path, 0, bytes).finally(() => file.close());
  const { shape, values } = content[0] === 0x93 ? readNpy(content, path) : readNpz(content, path);
  const [count = 0, ...dimensions] = shape;
  const { height, width, channels } = imageShape(dimensions, path);
  if (count < 1) throw new ArLensError('badInput', `${path}: expected at least one image, got none.`);
  const size = height * width * channels;
  return {
    count,
    height,
    width,
    channels,
    pixels: (indices) =>
      gather(indices, size, (first, many) =>
        Promise.resolve(values.subarray(first * size, (first + many) * size)),
      ),
    close: () => Promise.resolve(),
  };
}

function imageShape(
  dimensions: readonly number[],
  path: string,
): { height: number; width: number; channels: number } {
  const [height = 0, width = 0, channels = 1] = dimensions;
  const fits = dimensions.length >= 2 && dimensions.length <= 3 && (channels === 1 || channels === 3);
  if (fits && height >= 1 && width >= 1 && height <= 4096 && width <= 4096)
    return { height, width, channels };
  const got = dimensions.length === 0 ? 'a list of labels' : `[images, ${dimensions.join(', ')}]`;
  throw new ArLensError(
    'badInput',
    `${path}: expected images [images, height, width] or with 1 or 3 channels, got ${got}.`,
  );
}

/** Reads runs of neighbours at once: a whole file in order is a few reads. */
async function gather(
  indices: ArrayLike<number>,
  size: number,
  read: (first: number, count: number) => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const out = new Uint8Array(indices.length * size);
  for (let at = 0; at < indices.length;) {
    const first = indices[at] as number;
    let many = 1;
    while (at + many < indices.length && indices[at + many] === first + many) many++;
    out.set(await read(first, many), at * size);
    at += many;
  }
  return out;
}

/** The set in the size and channels that were asked for. */
function shaped(set: ImageSet, { resizing, channels = set.channels }: ImageSource): ImageSet {
  const sameSize = !resizing || (resizing.height === set.height && resizing.width === set.width);
  if (sameSize && channels === set.channels) return set;
  const to = resizing ?? { height: set.height, width: set.width, fit: 'stretch', filter: 'nearest' };
  const size = to.height * to.width * channels;
  const from = set.height * set.width * set.channels;
  return {
    ...set,
    height: to.height,
    width: to.width,
    channels,
    pixels: async (indices) => {
      const raw = await set.pixels(indices);
      const out = new Uint8Array(indices.length * size);
      for (let image = 0; image < indices.length; image++) {
        const one = recolour(raw.subarray(image * from, (image + 1) * from), set.channels, channels);
        out.set(sameSize ? one : resize(one, set, channels, to), image * size);
      }
      return out;
    },
  };
}

async function sizeOf(path: string): Promise<{ sha256: string; bytes: number }> {
  return { sha256: '', bytes: (await stat(path)).size };
}

async function hashOf(paths: readonly string[]): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const path of paths) {
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  }
  return { sha256: hash.digest('hex'), bytes };
}
