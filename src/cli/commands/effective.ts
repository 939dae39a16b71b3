// `ar-lens reach --effective`: what the output of a trained network is sensitive to, beside what it can see at all.
import { resolve } from 'node:path';
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
  const { unit, images, source, given: condition, here, everywhere, settings } = report;
  const written = ({ values, pairs, areas }: EffectiveMap): object => ({
    pairs,
    areas,
    values: nested(values, settings.width, settings.channels),
  });
  return { unit, images, source, given: condition, here: written(here), everywhere: written(everywhere) };
}

export async function writeEffective({ out }: Session, report: EffectiveReport): Promise<void> {
  const { unit, seen, here, everywhere, source, given: condition } = report;
  const told =
    condition === null ? '' : condition === 'class' ? ', each given its class' : ', without a class';
  const areas = ({ areas: found }: EffectiveMap): string =>
    found.map(({ share, count: inputs }) => `${share * 100} % in ${count(inputs)}`).join(', ');
  await out.line(`  effective: mean |∂ log p / ∂x|, of ${count(seen)} ${unit}s read, over ${source}${told}`);
  await out.line(`    this output    ${areas(here)} ${unit}s, over ${count(here.pairs)} images`);
  await out.line(
    `    any output     ${areas(everywhere)} ${unit}s, by where they lie, over ${count(everywhere.pairs)} pairs of an image and an output`,
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
