// A spec of images made ready: data, sizes, device, model, in the order in which a person can have got something wrong.
import type { TrainParams } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import { subpixelsOf, type ImageModel } from '../../families/imageFamily';
import { levelsOf, prepareImageData, type ImageData } from '../images/imageData';
import { conditionOf } from '../images/conditions';
import { imageFloors } from '../images/imageFloors';
import { disposeBatch, imageBatch, readBy } from '../images/imageLoss';
import { imageTask } from '../images/imageTask';
import { measuring, type DeviceSetting } from './deviceSetting';
import { requirePlacement } from '../webgpu/placement';
import { imageMemoryNeeded, imageSizeProblem } from '../spec/limits';
import type { ImageSpec } from '../spec/spec';
import type { Prepared } from './prepared';

export async function prepareImages(
  spec: ImageSpec,
  params: TrainParams,
  setting: DeviceSetting,
): Promise<Prepared> {
  const data = await prepareImageData(spec.data, {
    spec: params.spec,
    workspace: params.workspace,
    seed: spec.train.seed,
    classes: Number(spec.model['classes'] ?? 0),
  });
  try {
    const { facts } = data;
    const wrong = spec.family.factsProblem?.(spec.model, facts);
    if (typeof wrong === 'string') throw new ArLensError('badInput', `${params.spec}: ${wrong}.`);
    const tooLarge = imageSizeProblem(spec, facts);
    if (tooLarge !== undefined) throw new ArLensError('badInput', `${params.spec}: model: ${tooLarge}.`);
    const floors = await imageFloors(data, spec.train.evaluateImages, spec.data.knownFloor);
    const condition = conditionOf(facts);
    const device = await setting.context.device(spec.device, measuring(setting), spec.family);
    await requirePlacement(imageMemoryNeeded(spec, facts));
    const model = spec.family.build(spec.model, facts, spec.train.seed);
    await initialise(model, data, spec.train.batchSize);
    const rows = model.fit ? data.train.indices.length : spec.train.batchSize * spec.train.accumulate;
    return {
      task: imageTask({ spec, model, data }),
      device,
      facts: {
        batch: { rows, length: subpixelsOf(facts) },
        data: data.record,
        floors,
        ...(condition ? { given: condition.words } : {}),
      },
      dispose: async () => {
        model.dispose();
        await data.close();
      },
    };
  } catch (error) {
    await data.close();
    throw error;
  }
}

/** From the first images that train; a run that goes on puts its own weights over it. */
async function initialise(
  model: ImageModel,
  { train, facts, quantizer }: ImageData,
  batchSize: number,
): Promise<void> {
  if (!model.initialise) return;
  const first = Int32Array.from({ length: Math.min(batchSize, train.indices.length) }, (_, at) => at);
  const { levels, ...given } = await levelsOf(train, first, quantizer, 0);
  const batch = imageBatch(levels, facts, readBy(model, given));
  model.initialise(batch);
  disposeBatch(batch);
}
