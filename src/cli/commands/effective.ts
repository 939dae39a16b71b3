// `ar-lens reach --effective`: what the output of a trained network is sensitive to, beside what it can see at all.
import { resolve } from 'node:path';
import { EFFECTIVE_MEASURES } from '../../protocol/effectiveMeasures';
import type { EffectiveMap, EffectiveReport } from '../../protocol/receptiveField';
import { ArLensError } from '../../protocol/errors';
import type { ReachReport } from '../../protocol/images';
import { given } from '../options';
import { count } from '../output';
import { callContext, type Session } from '../session';
import type { InspectOptions } from './inspect';

export interface EffectiveOptions extends InspectOptions {
  readonly file?: string;
  readonly images?: number;
}

export async function effectiveField(
  session: Session,
  options: EffectiveOptions,
  { domain, position, channel }: ReachReport,
): Promise<EffectiveReport> {
  const { model, file, images } = options;
  if (model === undefined || domain !== 'image')
    throw new ArLensError('badInput', '--effective: expected --model, a trained run on images, got none.');
  const [row = 0, column = 0] = position;
  return session.engine(options).effectiveField(
    {
      model: resolve(model),
      position: [row, column],
      ...given({ channel, images, file: file === undefined ? undefined : resolve(file) }),
    },
    callContext(session),
  );
}

export function effectiveJson(report: EffectiveReport): object {
  const { unit, measure, images, source, given: condition, here, everywhere, settings } = report;
  const { formula, unit: measuredIn } = EFFECTIVE_MEASURES[measure];
  const written = ({ values, pairs, areas, outside }: EffectiveMap): object => ({
    pairs,
    areas,
    outside,
    values: nested(values, settings.width, settings.channels),
  });
  return {
    unit,
    measure: { by: measure, formula, unit: measuredIn },
    images,
    source,
    given: condition,
    here: written(here),
    everywhere: written(everywhere),
  };
}

export async function writeEffective({ out }: Session, report: EffectiveReport): Promise<void> {
  const { unit, measure, seen, here, everywhere, source, given: condition } = report;
  const { formula, unit: measuredIn, note } = EFFECTIVE_MEASURES[measure];
  const told =
    condition === null ? '' : condition === 'class' ? ', each given its class' : ', without a class';
  const areas = ({ areas: found }: EffectiveMap): string =>
    found.map(({ share, count: inputs }) => `${share * 100} % in ${count(inputs)}`).join(', ');
  await out.line(`  effective: ${formula}, of ${count(seen)} ${unit}s read, over ${source}${told}`);
  await out.line(`    in ${measuredIn}. ${note}`);
  await out.line(`    this output    ${areas(here)} ${unit}s, over ${count(here.pairs)} images`);
  await out.line(
    `    any output     ${areas(everywhere)} ${unit}s, by where they lie, over ${count(everywhere.pairs)} pairs of an image and an output`,
  );
  const outside = here.outside + everywhere.outside;
  await out.line(
    `    outside of what is read: ${outside === 0 ? 'exactly 0' : `moved by ${count(outside)} inputs, a leak`}`,
  );
}

/** [H][W], or [H][W][channels]. */
function nested(values: Float32Array, width: number, channels: number): unknown[] {
  const pixels = Array.from({ length: values.length / channels }, (_, pixel): unknown =>
    channels === 1 ? values[pixel] : Array.from(values.subarray(pixel * channels, (pixel + 1) * channels)),
  );
  return Array.from({ length: pixels.length / width }, (_, row) =>
    pixels.slice(row * width, (row + 1) * width),
  );
}
