// What is measured of images: a training step of PixelCNN and of Gated PixelCNN, and sampling 28 × 28 images from them.
// Sizes stand here once; the peer's script is told them. Knows no peer.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImageFacts, ImageModel } from '../../families/imageFamily';
import { gatedPixelcnn } from '../../families/gatedPixelcnn/family';
import { pixelcnn } from '../../families/pixelcnn/family';
import { Rng } from '../../math/rng';
import { ArLensError } from '../../protocol/errors';
import { disposeBatch, imageBatch } from '../images/imageLoss';
import { drawImages } from '../images/drawImages';
import { OptimizerLoop } from '../training/optimizerLoop';
import { TRAIN } from './workload';

export const IMAGE_SIZES = {
  side: 28,
  layers: 8,
  gatedLayers: 4,
  width: 32,
  kernel: 3,
  firstKernel: 7,
  batchSize: 16,
  gatedBatch: 8,
} as const;

export interface ImageBenchmark {
  readonly name: string;
  readonly unit: 'ms/step' | 'images/s';
  /** In the unit; the best of a few. */
  readonly measure: (signal: AbortSignal) => Promise<number>;
}

const RUNS = 3;

export const IMAGE_BENCHMARKS: readonly ImageBenchmark[] = [
  ...[4, 256].map((levels) => step(`pixelcnnStep${levels}`, () => plainModel(levels), IMAGE_SIZES.batchSize)),
  ...[32, 120].map((width) => step(`gatedStep${width}`, () => gatedModel(width), IMAGE_SIZES.gatedBatch)),
  ...[1, 64].map((count) => sampling(`pixelcnnSample${count}`, () => plainModel(4), count)),
  ...[1, 64].map((count) => sampling(`gatedSample${count}`, () => gatedModel(IMAGE_SIZES.width), count)),
];

/** Forward, backward, clipping and AdamW of one batch. */
function step(name: string, build: () => ImageModel, batchSize: number): ImageBenchmark {
  return {
    name,
    unit: 'ms/step',
    measure: async (signal) => {
      const model = build();
      const { height, width, levels } = model.facts;
      const rng = new Rng(1);
      const pixels = Int32Array.from({ length: batchSize * height * width }, () => rng.integer(levels));
      const images = imageBatch(pixels, model.facts, null);
      const loop = new OptimizerLoop(
        {
          variables: model.variables,
          elements: pixels.length,
          prepare: () =>
            Promise.resolve({
              loss: (training) => model.loss(images, { training }),
              dispose: () => undefined,
            }),
        },
        { ...TRAIN, batchSize },
      );
      try {
        let done = 0;
        return await fastest(signal, () => loop.step(++done));
      } finally {
        loop.dispose();
        disposeBatch(images);
        model.dispose();
      }
    },
  };
}

/** So many images at once. */
function sampling(name: string, build: () => ImageModel, count: number): ImageBenchmark {
  return {
    name,
    unit: 'images/s',
    measure: async (signal) => {
      const model = build();
      try {
        return (1000 * count) / (await fastest(signal, () => drawImages(model, { count, seed: 2, signal })));
      } finally {
        model.dispose();
      }
    },
  };
}

function plainModel(levels: number): ImageModel {
  const { layers, width, kernel, firstKernel } = IMAGE_SIZES;
  return pixelcnn.build({ layers, width, kernel, firstKernel, residual: true }, factsOf(levels), 1);
}

function gatedModel(width: number): ImageModel {
  const { gatedLayers: layers, kernel, firstKernel } = IMAGE_SIZES;
  const config = { layers, width, kernel, firstKernel, classes: 0, labelDropout: 0 };
  return gatedPixelcnn.build(config, factsOf(2), 1);
}

function factsOf(levels: number): ImageFacts {
  return { height: IMAGE_SIZES.side, width: IMAGE_SIZES.side, channels: 1, levels };
}

/** Milliseconds. */
async function fastest(signal: AbortSignal, work: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let run = -1; run < RUNS; run++) {
    await nextTurn();
    if (signal.aborted) throw new ArLensError('cancelled', 'The benchmark was cancelled.');
    const began = performance.now();
    await work();
    if (run >= 0) least = Math.min(least, performance.now() - began);
  }
  return least;
}
