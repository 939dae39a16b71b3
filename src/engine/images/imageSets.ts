// The sets of images that a person looks at, kept open: their sizes, and slices of them small enough for a screen.
// Knows no model.
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { ImageSet, ImageSource } from '../../data/images';
import { resize } from '../../data/resize';
import { ArLensError } from '../../protocol/errors';
import type { ImageBitsParams, ImageSetInfo, Thumbnails, ThumbnailsParams } from '../../protocol/imageSets';
import { VersionedCache } from '../models/versionedCache';
import type { Conditions } from './conditions';
import { withConditions, type UsePictures } from './foundConditions';
import { foundLabels } from './foundLabels';
import { FOLDERS } from './imageLabels';
import { openImages } from './openImages';
import type { ScoringModel } from './scoreImages';

const MOST_SETS = 4;
/** Bytes of one answer. */
const LARGEST_SLICE = 2 ** 26;

type ScoredBy = Pick<ScoringModel, 'facts' | 'model' | 'labelRule' | 'conditionRule'>;
type Wanted = Pick<ImageSource, 'channels' | 'labels' | 'classNames' | 'resizing'>;

export class ImageSets {
  private readonly cache = new VersionedCache<ImageSet>({
    capacity: MOST_SETS,
    versionOf,
    make: openSet,
    dispose: (set) => void set.close(),
  });

  /** @param wanted channels, size and labels as a model or a spec wants them; what the images are, unlabelled, when absent */
  use<T>(path: string, wanted: Wanted, work: (set: ImageSet, version: string) => Promise<T>): Promise<T> {
    return this.cache.use(JSON.stringify([resolve(path), wanted]), work);
  }

  /** As a model scores them: in its channels, each with its class where there is one, and with what it is given. */
  async scored<T>(
    { path, withoutLabels = false }: Pick<ImageBitsParams, 'path' | 'withoutLabels'>,
    { facts, model, labelRule, conditionRule: rule }: ScoredBy,
    work: (set: ImageSet, version: string, conditions: Conditions | null) => Promise<T>,
  ): Promise<T> {
    const unlabelled = withoutLabels || model.classes === 0;
    const found = unlabelled ? {} : await foundLabels(await realOf(path), labelRule);
    return this.use(path, { channels: facts.channels, ...found }, async (set, version) => {
      let pictures = '';
      const use: UsePictures = (own, wanted, then) =>
        this.use(own, wanted, (given, ownVersion) => {
          pictures = `\n${own}\n${ownVersion}`;
          return then(given);
        });
      const images = { file: await realOf(path), set, named: undefined };
      return withConditions({ facts, rule }, images, use, (conditions) =>
        work(set, `${version}${pictures}`, conditions),
      );
    });
  }

  info(path: string): Promise<ImageSetInfo> {
    return this.use(path, {}, ({ count, height, width, channels, files }) =>
      Promise.resolve({ images: count, height, width, channels, files }),
    );
  }

  thumbnails({ path, indices, side }: ThumbnailsParams): Promise<Thumbnails> {
    return this.use(path, {}, async (set) => {
      const scale = Math.min(1, side / Math.max(set.height, set.width));
      const height = Math.max(1, Math.round(set.height * scale));
      const width = Math.max(1, Math.round(set.width * scale));
      const { channels, count } = set;
      if (indices.some((index) => !Number.isInteger(index) || index < 0 || index >= count)) {
        throw new ArLensError('badInput', `images: expected numbers from 0 to ${count - 1}, got another.`);
      }
      if (indices.length * set.height * set.width * channels > LARGEST_SLICE) {
        if (indices.length > 1) return this.oneByOne(indices, { path, side }, { height, width, channels });
      }
      const pixels = await set.pixels(indices);
      if (scale === 1) return { height, width, channels, pixels };
      const [from, to] = [set.height * set.width * channels, height * width * channels];
      const small = new Uint8Array(indices.length * to);
      const how = { height, width, fit: 'stretch', filter: 'area' } as const;
      for (let at = 0; at < indices.length; at++) {
        small.set(resize(pixels.subarray(at * from, (at + 1) * from), set, channels, how), at * to);
      }
      return { height, width, channels, pixels: small };
    });
  }

  /** Large pictures are never all unpacked at once. */
  private async oneByOne(
    indices: Int32Array,
    asked: { readonly path: string; readonly side: number },
    shape: { readonly height: number; readonly width: number; readonly channels: number },
  ): Promise<Thumbnails> {
    const size = shape.height * shape.width * shape.channels;
    const pixels = new Uint8Array(indices.length * size);
    for (let at = 0; at < indices.length; at++) {
      const one = await this.thumbnails({ ...asked, indices: indices.subarray(at, at + 1) });
      pixels.set(one.pixels, at * size);
    }
    return { ...shape, pixels };
  }
}

async function openSet(key: string): Promise<ImageSet> {
  const [path, wanted] = partsOf(key);
  const real = await realOf(path);
  const base = dirname(real);
  return openImages({
    source: basename(real),
    base,
    workspace: base,
    place: basename(path),
    withoutHash: true,
    ...wanted,
  });
}

/** A link beside the pictures may lead elsewhere: what a person opens is what it leads to. */
const realOf = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

async function versionOf(key: string): Promise<string> {
  const [path, { labels }] = partsOf(key);
  const beside =
    labels === undefined || labels === FOLDERS ? [] : [join(dirname(await realOf(path)), labels)];
  const versions = [path, ...beside].map(async (each) => {
    const info = await stat(each).catch(() => undefined);
    return info === undefined ? '-' : `${info.mtimeMs}:${info.size}:${info.ino}`;
  });
  return (await Promise.all(versions)).join(' ');
}

function partsOf(key: string): [path: string, wanted: Wanted] {
  return JSON.parse(key) as [string, Wanted];
}
