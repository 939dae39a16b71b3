// The `gates` call: histograms of what one gated layer lets through, over an image or a batch of a run's images.
import { GateCounts, SATURATED, type GatePart } from '../../analysis/gates/gateHistogram';
import { quantize } from '../../data/quantize';
import type { CallContext } from '../../protocol/calls';
import type { InspectProgress } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type { GatesParams, GatesReport } from '../../protocol/gates';
import type { LoadedImageModel } from '../images/imageFolder';
import { disposeBatch, imageBatch } from '../images/imageLoss';
import { pauseOf } from '../inspect/subject';
import { requireModelSize, runImages } from './runImages';

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
    const { set, indices, quantizer, source } = images;
    const chosen = chosenOf(indices, params);
    const stacks = new Map<string, Map<GatePart, GateCounts>>();
    const pause = pauseOf(signal);
    for (let first = 0; first < chosen.length; first += TOGETHER) {
      const share = first / chosen.length;
      await progress({ done: first, of: chosen.length, doing: `layer ${layer} of ${gates.layers}`, share });
      const part = chosen.slice(first, first + TOGETHER);
      const levels = quantize(await set.pixels(part), part, quantizer, 0);
      const labels = model.classes > 0 && set.labels ? part.map((index) => set.labels?.[index] ?? -1) : null;
      const batch = imageBatch(levels, facts, labels);
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
      title: family.title,
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
