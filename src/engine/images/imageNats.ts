// One image under a model, sub-pixel by sub-pixel: levels, log-probabilities, entropies, ranks, and the distribution of a
// pixel a person points at. The last image's distributions are kept: pointing is then a look-up.
import { tidy } from '@tensorflow/tfjs-core';
import { logSoftmax } from '../../decoding/distribution';
import type { ImageSet } from '../../data/images';
import { quantize } from '../../data/quantize';
import { ArLensError } from '../../protocol/errors';
import type {
  ImageNats,
  ImageNatsParams,
  PixelDistribution,
  PixelDistributionParams,
} from '../../protocol/imageSets';
import { conditionPicture } from './conditions';
import { disposeBatch, imageBatch } from './imageLoss';
import type { ImageModels } from './imageModels';
import type { ImageSets } from './imageSets';
import { requireClasses } from './imageLabels';
import { requireSize } from './scoreImages';

interface Looked {
  readonly key: string;
  readonly nats: ImageNats;
  /** Nats [height, width, channels, levels] */
  readonly distributions: Float32Array;
}

export class ImageLooks {
  private last: Looked | undefined;

  constructor(
    private readonly models: ImageModels,
    private readonly sets: ImageSets,
  ) {}

  async nats(params: ImageNatsParams): Promise<ImageNats> {
    return (await this.look(params)).nats;
  }

  async distribution(params: PixelDistributionParams): Promise<PixelDistribution> {
    const { nats, distributions } = await this.look(params);
    const { row, column } = params;
    const { height, width, channels, levels } = nats;
    if (!(row >= 0 && row < height && column >= 0 && column < width)) {
      throw new ArLensError(
        'badInput',
        `pixel: expected one of ${width} × ${height}, got row ${row}, column ${column}.`,
      );
    }
    const from = (row * width + column) * channels;
    const to = from + channels;
    return {
      channels,
      levels,
      logProb: distributions.slice(from * levels, to * levels),
      label: nats.label,
      level: nats.level.slice(from, to),
      entropy: nats.entropy.slice(from, to),
      rank: nats.rank.slice(from, to),
    };
  }

  /** As this model sees the image, which need not be given anything for it. */
  levels({ subject, path, image }: Pick<ImageNatsParams, 'subject' | 'path' | 'image'>): Promise<Uint8Array> {
    return this.models.use(subject, (loaded) =>
      this.sets.use(path, { channels: loaded.facts.channels }, async (set) => {
        requireSize(set, loaded, path);
        requireImage(set, image);
        return Uint8Array.from(quantize(await set.pixels([image]), [image], loaded.quantizer, 0));
      }),
    );
  }

  private look({ subject, image, ...images }: ImageNatsParams): Promise<Looked> {
    const { path, withoutLabels = false } = images;
    return this.models.use(subject, (loaded, modelVersion) =>
      this.sets.scored(images, loaded, async (set, setVersion, conditions) => {
        const key = `${modelVersion}\n${setVersion}\n${path}\n${image}\n${withoutLabels}`;
        if (this.last?.key === key) return this.last;
        const { family, model, facts, quantizer } = loaded;
        requireSize(set, loaded, path);
        requireClasses(set, model.classes, 'labels');
        requireImage(set, image);
        const level = quantize(await set.pixels([image]), [image], quantizer, 0);
        const label = model.classes > 0 && set.labels ? set.labels.slice(image, image + 1) : null;
        const condition = (await conditions?.of([image], level)) ?? null;
        const batch = imageBatch(level, set, { labels: label, condition });
        const logits = tidy(() => model.logits(batch));
        const values = await logits.data().finally(() => {
          logits.dispose();
          disposeBatch(batch);
        });
        const shape = { height: set.height, width: set.width, channels: set.channels };
        const measured = measure(values as Float32Array, level, facts.levels);
        const { order } = family.taps(model.config as typeof family.example, { ...facts, ...shape });
        const nats = {
          ...shape,
          levels: facts.levels,
          label: label?.[0] ?? null,
          level: Uint8Array.from(level),
          condition: condition && conditionPicture(condition, facts),
          ...measured.columns,
          order: order ?? null,
        };
        this.last = { key, nats, distributions: measured.distributions };
        return this.last;
      }),
    );
  }
}

function requireImage({ count }: Pick<ImageSet, 'count'>, image: number): void {
  if (Number.isInteger(image) && image >= 0 && image < count) return;
  throw new ArLensError('badInput', `image: expected a number from 0 to ${count - 1}, got ${image}.`);
}

/** @param logits [sub-pixels, levels] @param level [sub-pixels] */
function measure(logits: Float32Array, level: Int32Array, levels: number) {
  const distributions = new Float32Array(logits.length);
  const logProb = new Float32Array(level.length);
  const entropy = new Float32Array(level.length);
  const rank = new Uint16Array(level.length);
  for (let at = 0; at < level.length; at++) {
    const own = logSoftmax(logits.subarray(at * levels, (at + 1) * levels));
    const here = own[level[at] as number] as number;
    let [nats, before] = [0, 1];
    for (let value = 0; value < levels; value++) {
      const each = own[value] as number;
      if (each > -Infinity) nats -= Math.exp(each) * each;
      if (each > here) before++;
    }
    distributions.set(own, at * levels);
    logProb[at] = here;
    entropy[at] = nats;
    rank[at] = before;
  }
  return { distributions, columns: { logProb, entropy, rank } };
}
