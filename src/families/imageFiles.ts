// config.json of an image family: its hyper-parameters and the images it was made for, each checked against the
// family's own schema. Knows no family by name.
import { Value } from '@sinclair/typebox/value';
import type { Static, TObject } from '@sinclair/typebox';
import { ArLensError } from '../protocol/errors';
import type { ImageFacts, ImageFamilyFiles } from './imageFamily';

const LARGEST_SIDE = 4096;

/** Hyper-parameters under their own names, and `image` for the facts; nothing else of other programs reads these. */
export function imageFiles<S extends TObject>(modelType: string, schema: S): ImageFamilyFiles<Static<S>> {
  return {
    toConfig: (config, facts) => ({ model_type: modelType, ...config, image: { ...facts } }),
    fromConfig(json) {
      if (json['model_type'] !== modelType) return null;
      const config: Record<string, unknown> = {};
      for (const key of Object.keys(schema.properties)) if (key in json) config[key] = json[key];
      const wrong = Value.Errors(schema, config).First();
      if (wrong) {
        const key = wrong.path.slice(1) || 'the file';
        throw badConfig(key, wrong.message.replace(/^Expected /, ''), wrong.value);
      }
      return { config: config, facts: factsOf(json['image']) };
    },
  };
}

function factsOf(image: unknown): ImageFacts {
  if (typeof image !== 'object' || image === null) throw badConfig('image', 'an object', image);
  const size = (key: string, least: number, most: number): number => {
    const value = (image as Readonly<Record<string, unknown>>)[key];
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw badConfig(`image.${key}`, `a whole number from ${least} to ${most}`, value);
  };
  const channels = size('channels', 1, 3);
  if (channels === 2) throw badConfig('image.channels', '1 or 3', channels);
  return {
    height: size('height', 1, LARGEST_SIDE),
    width: size('width', 1, LARGEST_SIDE),
    channels,
    levels: size('levels', 2, 256),
  };
}

function badConfig(key: string, expected: string, got: unknown): ArLensError {
  return new ArLensError(
    'badInput',
    `config.json: ${key}: expected ${expected}, got ${JSON.stringify(got)}.`,
  );
}
