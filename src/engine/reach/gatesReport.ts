// The `gates` call: histograms of what one gated layer lets through, over an image or a batch of a run's images.
import { GateCounts, SATURATED, type GatePart } from '../../analysis/gates/gateHistogram';
import type { CallContext } from '../../protocol/calls';
import type { InspectProgress } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type { GatesParams, GatesReport } from '../../protocol/gates';
import { titleGiven } from '../images/conditions';
import type { LoadedImageModel } from '../images/imageFolder';
import { disposeBatch, imageBatch, readBy } from '../images/imageLoss';
import { pauseOf } from '../inspect/subject';
import { readImages, requireModelSize, runImages } from './runImages';

const IMAGES = 64;
const TOGETHER = 16;
const PARTS: readonly GatePart[] = ['tanh', 'sigma', 'product'];

export async function gatesReport(
  { family, model, facts, folder }: LoadedImageModel,
  params: GatesParams,
  { signal, progress }: CallContext<InspectProgress>,
): Promise<GatesReport> {
  const { gates } = model;
  if (!gates) throw new ArLensError('unsupported', `${family.title} has no gates.`);
  const { layer } = params;
  if (!Number.isInteger(layer) || layer < 1 || layer > gates.layers) {
    throw new ArLensError(
      'badInput',
      `layer: expected a whole number from 1 to ${gates.layers}, got ${layer}.`,
    );
  }
  const images = await runImages(folder, facts, params);
  try {
    requireModelSize(images, facts);
    const { indices, source } = images;
    const chosen = chosenOf(indices, params);
    const stacks = new Map<string, Map<GatePart, GateCounts>>();
    const pause = pauseOf(signal);
    for (let first = 0; first < chosen.length; first += TOGETHER) {
      const share = first / chosen.length;
      await progress({ done: first, of: chosen.length, doing: `layer ${layer} of ${gates.layers}`, share });
      const part = chosen.slice(first, first + TOGETHER);
      const { levels, ...given } = await readImages(images, part);
      const batch = imageBatch(levels, facts, readBy(model, given));
      const traces = await gates.trace(batch, layer - 1).finally(() => disposeBatch(batch));
      for (const { stack, filter, gate } of traces) {
        const counts = stacks.get(stack) ?? new Map(PARTS.map((each) => [each, new GateCounts(each)]));
        stacks.set(stack, counts);
        counts.get('tanh')?.add(filter);
        counts.get('sigma')?.add(gate);
        counts.get('product')?.add(filter.map((value, at) => value * (gate[at] as number)));
      }
      await pause();
    }
    return {
      family: family.id,
      title: titleGiven(family.title, facts),
      layer,
      layers: gates.layers,
      images: chosen.length,
      ...(params.image === undefined ? {} : { image: params.image }),
      available: indices.length,
      source,
      threshold: SATURATED,
      stacks: [...stacks].map(([stack, counts]) => ({
        stack,
        parts: [...counts.values()].map((each) => each.histogram()),
      })),
    };
  } finally {
    await images.close();
  }
}

function chosenOf(indices: Int32Array, { image, images = IMAGES }: GatesParams): Int32Array {
  if (image === undefined) return indices.subarray(0, Math.max(1, images));
  if (Number.isInteger(image) && image >= 0 && image < indices.length)
    return indices.subarray(image, image + 1);
  throw new ArLensError(
    'badInput',
    `image: expected a number from 0 to ${indices.length - 1}, got ${image}.`,
  );
}
