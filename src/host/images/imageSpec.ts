// What a new spec of images says: a small gated PixelCNN that shows something within minutes on a laptop, in sizes and
// levels that suit the images. Every key can be changed. Pure.
import type { ImageSourceInfo } from '../../protocol/imageSets';
import { ArLensError } from '../../protocol/errors';

/** Larger images are brought to the second: a model of pixels takes long over many. */
const LARGEST_SIDE = 64;
const REDUCED_SIDE = 32;
const LARGEST_KERNEL = 5;
const LARGEST_FIRST_KERNEL = 7;

/** @param source as `data.source` says it @throws ArLensError where a single image would leave none to hold out */
export function imageSpec(source: string, images: ImageSourceInfo): object {
  if (images.images < 2) {
    throw new ArLensError(
      'badInput',
      `${source}: expected at least 2 images, one to learn from and one to hold out, got ${images.images}.`,
    );
  }
  const size = sizeOf(images);
  const { labels, classes } = images;
  const labelled = labels !== null;
  return {
    family: 'gatedPixelcnn',
    model: {
      layers: 4,
      width: 24,
      kernel: kernelWithin(size, LARGEST_KERNEL),
      firstKernel: kernelWithin(size, LARGEST_FIRST_KERNEL),
      ...(labelled ? { classes } : {}),
    },
    data: {
      source,
      ...(labelled ? { labels } : {}),
      ...(images.channels === 1 ? { levels: 2, quantize: 'sampleOnce' } : { levels: 4, quantize: 'round' }),
      ...(images.resized || size.height !== images.height || size.width !== images.width ? size : {}),
      validation: shareOf(images.images),
    },
    train: {
      steps: 500,
      batchSize: 16,
      learningRate: 0.003,
      warmupSteps: 50,
      weightDecay: 0.01,
      seed: 1337,
      evaluateEvery: 100,
      sampleEvery: 100,
    },
    device: 'auto',
  };
}

interface Size {
  readonly height: number;
  readonly width: number;
}

/** Proportions are kept. */
function sizeOf({ height, width }: Size): Size {
  const longest = Math.max(height, width);
  if (longest <= LARGEST_SIDE) return { height, width };
  const reduced = (side: number): number => Math.max(1, Math.round((side * REDUCED_SIDE) / longest));
  return { height: reduced(height), width: reduced(width) };
}

/** Odd, and no wider than the images. */
function kernelWithin({ height, width }: Size, largest: number): number {
  const side = Math.min(largest, height, width);
  return side % 2 === 1 ? side : side - 1;
}

/** A tenth; of a few images, as much as makes one. */
function shareOf(images: number): number {
  return images >= 10 ? 0.1 : Math.ceil(100 / images) / 100;
}
