// Training on images: batches drawn by the seed, losses over the held-out images, samples as pictures.
import type { ImageModel } from '../../families/imageFamily';
import { subpixelsOf } from '../../families/imageFamily';
import { writeFileAtomic } from '../../formats/atomicFile';
import { hash, integerAt } from '../../math/counterRng';
import { CompensatedSum } from '../../math/statistics';
import type { ImageSpec } from '../spec/spec';
import type { TrainingBatches } from '../training/optimizerLoop';
import { samplePath } from '../training/runFolder';
import type { MeanLoss, SampleEvent, TrainingTask } from '../training/task';
import { conditionOf, conditionPicture } from './conditions';
import { drawImages } from './drawImages';
import { levelsOf, type ImageData, type ImagePart } from './imageData';
import { saveImageDescription } from './imageFolder';
import { disposeBatch, imageBatch, readBy, scoredBatches } from './imageLoss';
import { pairGrid, pictureGrid } from './pictureGrid';
import { relative } from 'node:path';

export interface ImageParts {
  readonly spec: ImageSpec;
  readonly model: ImageModel;
  readonly data: ImageData;
}

const WHERE_STREAM = 0x696d6167;

export function imageTask({ spec, model, data }: ImageParts): TrainingTask {
  const { facts, quantizer, train, validation } = data;
  const size = subpixelsOf(facts);
  const partLoss = (part: ImagePart, signal: AbortSignal): Promise<MeanLoss> =>
    meanLoss({ spec, model, data }, part, signal);
  return {
    variables: model.variables,
    ...(model.fit ? {} : { batches: batchesOf({ spec, model, data }) }),
    unit: 'subpixel',
    likelihood: spec.family.likelihood,
    elements: train.indices.length * size,
    remarks: [
      `Images are ${facts.width} × ${facts.height} × ${facts.channels}, in ${facts.levels} levels by ${quantizer.how}.`,
    ],
    saveDescription: (folder) => saveImageDescription(folder, spec.family, spec.model, facts),
    fit: () => model.fit?.(),
    trainingLoss: (signal) => partLoss(train, signal),
    validationLoss: (signal) => partLoss(validation, signal),
    sample: (folder, step, signal) => sample({ spec, model, data }, folder, step, signal),
  };
}

function batchesOf({ spec, model, data }: ImageParts): TrainingBatches {
  const { batchSize, seed } = spec.train;
  const { facts, quantizer, train } = data;
  return {
    variables: model.variables,
    elements: batchSize * subpixelsOf(facts),
    prepare: async (step, batch) => {
      const positions = Int32Array.from({ length: batchSize }, (_, row) =>
        integerAt(seed, WHERE_STREAM ^ step, batch * batchSize + row, train.indices.length),
      );
      // Each batch has drawings of its own.
      const { levels, ...given } = await levelsOf(train, positions, quantizer, hash(step, batch, 1));
      const images = imageBatch(levels, facts, readBy(model, given));
      return {
        loss: (training) => model.loss(images, { training }),
        dispose: () => disposeBatch(images),
      };
    },
  };
}

/** The first images of a part, always the same; with sampleEachTime, always in the same drawing. */
async function meanLoss(
  { spec, model, data }: ImageParts,
  part: ImagePart,
  signal: AbortSignal,
): Promise<MeanLoss> {
  const { facts, quantizer } = data;
  const count = Math.min(spec.train.evaluateImages, part.indices.length);
  const read = (first: number, many: number) =>
    levelsOf(
      part,
      Int32Array.from({ length: many }, (_, at) => first + at),
      quantizer,
      0,
    );
  const nats = new CompensatedSum();
  for await (const { logProb } of scoredBatches(model, { ...facts, count }, read, signal)) {
    for (const value of logProb) nats.add(-value);
  }
  const elements = count * subpixelsOf(facts);
  return { nats: nats.value / elements, count: elements };
}

async function sample(
  { spec, model, data }: ImageParts,
  folder: string,
  step: number,
  signal: AbortSignal,
): Promise<SampleEvent> {
  const { sampleCount, sampleTemperature, seed } = spec.train;
  const { facts, quantizer, validation } = data;
  // The first held-out images', one after another: a sample at another step is given the same.
  const positions = Int32Array.from({ length: sampleCount }, (_, at) => at % validation.indices.length);
  const condition = facts.condition && (await levelsOf(validation, positions, quantizer, 0)).condition;
  const drawn = await drawImages(model, {
    count: sampleCount,
    seed,
    temperature: sampleTemperature,
    signal,
    ...(condition ? { condition } : {}),
  });
  const path = samplePath(folder, step, 'png');
  const picture = condition
    ? pairGrid(drawn.levels, facts, conditionPicture(condition, facts))
    : pictureGrid(drawn.levels, facts);
  await writeFileAtomic(path, picture);
  const words = conditionOf(facts)?.words;
  return {
    type: 'sample',
    step,
    prompt: '',
    text: relative(folder, path),
    seed,
    temperature: sampleTemperature,
    nll: -drawn.logProb.reduce((sum, value) => sum + value, 0),
    count: drawn.levels.length,
    ...(words === undefined ? {} : { given: words }),
  };
}
