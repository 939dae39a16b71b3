// The `effectiveField` call: what an output of a trained network is sensitive to, over images of a file or of the run's own.
import { EffectiveMean, effectiveAreas, movedOutside } from '../../analysis/effective/effectiveField';
import { inputGradients } from '../../analysis/effective/inputGradients';
import { Closure } from '../../analysis/reach/closure';
import type { GridShape } from '../../analysis/reach/subpixelSet';
import { subpixelsOf } from '../../families/imageFamily';
import { integerAt } from '../../math/counterRng';
import type { CallContext } from '../../protocol/calls';
import type { InspectProgress } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type { EffectiveMap, EffectiveParams, EffectiveReport } from '../../protocol/receptiveField';
import { titleGiven } from '../images/conditions';
import { readBy } from '../images/imageLoss';
import type { LoadedImageModel } from '../images/imageFolder';
import { pauseOf } from '../inspect/subject';
import { outputOf } from './fieldReport';
import { readImages, requireModelSize, runImages } from './runImages';

const IMAGES = 64;
/** Numbers of a batch's logits that are held at once, with what the way back needs. */
const LARGEST_LOGITS = 1_000_000;
const OUTPUT_STREAM = 0x6f757470;

export async function effectiveReport(
  { family, model, facts, folder }: LoadedImageModel,
  params: EffectiveParams,
  { signal, progress }: CallContext<InspectProgress>,
): Promise<EffectiveReport> {
  const { position, channel, output } = outputOf(params, facts);
  const { sensitivity } = family;
  if (sensitivity === undefined) {
    throw new ArLensError(
      'unsupported',
      `${family.title} gives no derivative by its pixels, and so no effective field.`,
    );
  }
  const closure = new Closure(family.taps(model.config as Parameters<typeof family.taps>[0], facts), facts);
  const images = await runImages(folder, facts, params);
  const { set, indices, source, quantizer } = images;
  try {
    requireModelSize(images, facts);
    const size = subpixelsOf(facts);
    const chosen = indices.subarray(0, Math.max(1, params.images ?? IMAGES));
    const together = Math.max(1, Math.min(16, Math.floor(LARGEST_LOGITS / (size * facts.levels))));
    const sums = { here: newSum(facts, output), everywhere: newSum(facts, output) };
    const labelled = model.classes > 0 && set.labels !== null;
    const pause = pauseOf(signal);
    for (let first = 0; first < chosen.length; first += together) {
      const part = chosen.slice(first, first + together);
      const share = first / chosen.length;
      await progress({ done: first, of: chosen.length, doing: 'going back through the network', share });
      const { levels: pixels, ...read } = await readImages(images, part);
      const { labels, condition } = readBy(model, read);
      const given = { ...(labels ? { labels } : {}), ...(condition ? { condition } : {}) };
      const rows = part.length;
      // Another output of the same channel for each image.
      const drawn = Int32Array.from(
        { length: rows },
        (_, row) =>
          integerAt(quantizer.seed, OUTPUT_STREAM, first + row, size / facts.channels) * facts.channels +
          channel,
      );
      for (const [sum, outputs] of [
        [sums.here, new Int32Array(rows).fill(output)],
        [sums.everywhere, drawn],
      ] as const) {
        const batch = { shape: facts, levels: facts.levels, pixels, outputs, ...given };
        const gradients = await inputGradients(model, sensitivity, batch);
        for (const [row, each] of outputs.entries()) {
          const own = gradients.subarray(row * size, (row + 1) * size);
          sum.mean.add(own, each);
          sum.outside += movedOutside(own, closure.of(each));
        }
        await pause();
      }
    }
    return {
      family: family.id,
      title: titleGiven(family.title, facts),
      settings: { height: facts.height, width: facts.width, channels: facts.channels },
      position,
      channel,
      unit: facts.channels > 1 ? 'subpixel' : 'pixel',
      measure: sensitivity,
      seen: closure.of(output).indices().length,
      images: chosen.length,
      source,
      given: model.classes === 0 ? null : labelled ? 'class' : 'no class',
      here: mapOf(sums.here),
      everywhere: mapOf(sums.everywhere),
    };
  } finally {
    await images.close();
  }
}

interface Sum {
  readonly mean: EffectiveMean;
  outside: number;
}

const newSum = (shape: GridShape, around: number): Sum => ({
  mean: new EffectiveMean(shape, around),
  outside: 0,
});

function mapOf({ mean, outside }: Sum): EffectiveMap {
  const values = mean.mean();
  return { values, pairs: mean.pairs, areas: effectiveAreas(values), outside };
}
