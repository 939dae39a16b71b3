// What a new Sampler is set to, and settings read back from a stranger's hands. Pure.
import type { LengthRule } from '../../protocol/sample';
import type { BeamSettings, SamplerDocument, SamplerSettings } from '../../protocol/sampler';
import { isCount, isObject } from './kept';

export const DEFAULT_SETTINGS: SamplerSettings = {
  temperature: 0.8,
  topK: 40,
  topP: 0.95,
  repetitionPenalty: 1,
  seed: 1,
};

/** A length penalty of .6 lies in the middle of what Wu et al. (2016) found to do best. */
export const DEFAULT_BEAM: BeamSettings = { width: 4, length: 16, lengthPenalty: 0.6, lengthRule: 'gnmt' };

const RULES: readonly LengthRule[] = ['gnmt', 'power'];
const COMPARED: ReadonlyArray<SamplerDocument['compared']> = [
  'all',
  'penalty',
  'temperature',
  'topK',
  'topP',
  'minP',
];

export function readSettings(settings: unknown): SamplerSettings | undefined {
  if (!isObject(settings)) return undefined;
  const { temperature, topK, topP, minP, repetitionPenalty, seed } = settings;
  if (typeof temperature !== 'number' || typeof repetitionPenalty !== 'number' || !isCount(seed))
    return undefined;
  return {
    temperature,
    repetitionPenalty,
    seed,
    ...(typeof topK === 'number' ? { topK } : {}),
    ...(typeof topP === 'number' ? { topP } : {}),
    ...(typeof minP === 'number' ? { minP } : {}),
  };
}

export function readBeam(beam: unknown): BeamSettings | undefined {
  if (!isObject(beam)) return undefined;
  const { width, length, lengthPenalty } = beam;
  const lengthRule = RULES.find((rule) => rule === beam['lengthRule']);
  if (!isCount(width) || !isCount(length) || typeof lengthPenalty !== 'number' || !lengthRule)
    return undefined;
  return { width, length, lengthPenalty, lengthRule };
}

/** A comparison that is none is the first one: nothing a person made hangs on it. */
export function readCompared(compared: unknown): SamplerDocument['compared'] {
  return COMPARED.find((each) => each === compared) ?? 'all';
}

export function readStops(stop: unknown): readonly string[] | undefined {
  return Array.isArray(stop) && stop.every((text) => typeof text === 'string') ? stop : undefined;
}
