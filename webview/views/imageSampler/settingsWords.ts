// What an image was drawn with, in words, whole or only what changed. Pure.
import type { ImageSamplerSettings } from '../../../src/protocol/imageSampler';

/** Another picture makes other trees: within one it is always the same. */
type Key = Exclude<keyof ImageSamplerSettings, 'condition'>;

const NAMES: ReadonlyArray<readonly [Key, string, string]> = [
  ['seed', 'seed', ''],
  ['temperature', 'temperature', ''],
  ['topK', 'top-k', 'no top-k'],
  ['topP', 'top-p', 'no top-p'],
  ['label', 'class', 'no class'],
  ['guidance', 'guidance', 'no guidance'],
];

/** 'seed 5, temperature 0.8'; with `before`, only what is not as it was. */
export function settingsWords(settings: ImageSamplerSettings, before?: ImageSamplerSettings): string {
  const words = NAMES.filter(([key]) =>
    before === undefined ? settings[key] !== undefined : settings[key] !== before[key],
  ).map(([key, name, without]) => {
    const value = settings[key];
    return value === undefined ? without : `${name} ${value === 'each' ? 'each in turn' : value}`;
  });
  return words.join(', ');
}

/** Temperature and cuts alone: what lies between a distribution and what is drawn from. */
export function cutWords({ seed, temperature, topK, topP }: ImageSamplerSettings): string {
  const cuts = {
    ...(topK === undefined ? {} : { topK }),
    ...(topP === undefined ? {} : { topP }),
  };
  return settingsWords({ seed, temperature, ...cuts }, { seed, temperature: NaN });
}

export const isSameSettings = (one: ImageSamplerSettings, other: ImageSamplerSettings): boolean =>
  settingsWords(one, other) === '';
