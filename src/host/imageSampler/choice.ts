// What a person chose in an image sampler: what a new one begins with, and what a view kept, trusted with nothing. Pure.
import type { ConditionSource } from '../../protocol/imageCondition';
import type { ImageSamplerSettings } from '../../protocol/imageSampler';
import type { ImageSamplerChoice } from '../../protocol/imageSamplerView';
import { isObject } from '../sampler/kept';

export const MOST_IMAGES = 64;
const FIRST: ImageSamplerSettings = { seed: 1, temperature: 1 };

export const newChoice = (run: string): ImageSamplerChoice => ({
  run,
  settings: FIRST,
  count: 1,
  perSecond: 100,
  image: 0,
});

export function readChoice(kept: unknown): ImageSamplerChoice | undefined {
  if (!isObject(kept) || typeof kept['run'] !== 'string' || kept['run'] === '') return undefined;
  const usual = newChoice(kept['run']);
  const count = within(kept['count'], 1, MOST_IMAGES) ?? usual.count;
  const image = within(kept['image'], 0, count - 1) ?? 0;
  const perSecond = within(kept['perSecond'], 0, 1_000_000) ?? usual.perSecond;
  return { run: usual.run, settings: readSettings(kept['settings']), count, perSecond, image };
}

/** Numbers out of range are left out: the engine says the rest. */
export function readSettings(kept: unknown): ImageSamplerSettings {
  if (!isObject(kept)) return FIRST;
  const topK = within(kept['topK'], 1, 256);
  const topP = number(kept['topP'], 0, 1);
  const label = kept['label'] === 'each' ? 'each' : within(kept['label'], 0, 1_000_000);
  const guidance = number(kept['guidance'], -100, 100);
  const condition = readCondition(kept['condition']);
  return {
    seed: within(kept['seed'], 0, 4_294_967_295) ?? FIRST.seed,
    temperature: number(kept['temperature'], 0, 100) ?? FIRST.temperature,
    ...(topK === undefined ? {} : { topK }),
    ...(topP === undefined || topP === 0 ? {} : { topP }),
    ...(label === undefined ? {} : { label }),
    ...(guidance === undefined || label === undefined ? {} : { guidance }),
    ...(condition === undefined ? {} : { condition }),
  };
}

/** Undefined where nothing of it is left: the run's own pictures, one after another. */
function readCondition(kept: unknown): ConditionSource | undefined {
  if (!isObject(kept)) return undefined;
  const file = typeof kept['file'] === 'string' && kept['file'].length <= 4096 ? kept['file'] : undefined;
  const image = within(kept['image'], 0, 1_000_000_000);
  if (file === undefined && image === undefined) return undefined;
  return { ...(file === undefined ? {} : { file }), ...(image === undefined ? {} : { image }) };
}
function number(value: unknown, least: number, most: number): number | undefined {
  return typeof value === 'number' && value >= least && value <= most ? value : undefined;
}

function within(value: unknown, least: number, most: number): number | undefined {
  return Number.isInteger(value) ? number(value, least, most) : undefined;
}
