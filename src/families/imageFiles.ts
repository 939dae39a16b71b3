// config.json of an image family: its hyper-parameters and the images it was made for, each checked against the
// family's own schema. Knows no family by name.
import { Value } from '@sinclair/typebox/value';
import type { Static, TObject } from '@sinclair/typebox';
import { ArLensError } from '../protocol/errors';
import type { ConditionFacts, ImageFacts, ImageFamilyFiles } from './imageFamily';

const LARGEST_SIDE = 4096;

/** Hyper-parameters under their own names, and `image` for the facts; nothing else of other programs reads these. */
export function imageFiles<S extends TObject>(
  modelType: string,
  schema: S,
  { takesCondition = false }: { readonly takesCondition?: boolean } = {},
): ImageFamilyFiles<Static<S>> {
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
      return { config: config, facts: factsOf(json['image'], takesCondition) };
    },
  };
}

function factsOf(image: unknown, takesCondition: boolean): ImageFacts {
  if (typeof image !== 'object' || image === null) throw badConfig('image', 'an object', image);
  const size = (key: string, least: number, most: number): number => {
    const value = (image as Readonly<Record<string, unknown>>)[key];
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw badConfig(`image.${key}`, `a whole number from ${least} to ${most}`, value);
  };
  const channels = size('channels', 1, 3);
  if (channels === 2) throw badConfig('image.channels', '1 or 3', channels);
  const facts = {
    height: size('height', 1, LARGEST_SIDE),
    width: size('width', 1, LARGEST_SIDE),
    channels,
    levels: size('levels', 2, 256),
  };
  const { condition } = image as { readonly condition?: unknown };
  if (condition === undefined) return facts;
  if (!takesCondition) throw badConfig('image.condition', 'none of this family', condition);
  return { ...facts, condition: conditionOf(condition, facts) };
}

function conditionOf(condition: unknown, { height, width }: ImageFacts): ConditionFacts {
  const given = (typeof condition === 'object' ? condition : null) as Readonly<
    Record<string, unknown>
  > | null;
  const number = (key: string, fits: (value: number) => boolean, expected: string): number => {
    const value = given?.[key];
    if (typeof value === 'number' && Number.isInteger(value) && fits(value)) return value;
    throw badConfig(`image.condition.${key}`, expected, value);
  };
  switch (given?.['kind']) {
    case 'shrunken': {
      const divides = (factor: number): boolean =>
        factor >= 2 && height % factor === 0 && width % factor === 0;
      return { kind: 'shrunken', factor: number('factor', divides, `a divisor of ${height} and ${width}`) };
    }
    case 'picture':
      return {
        kind: 'picture',
        channels: number('channels', (value) => value === 1 || value === 3, '1 or 3'),
      };
    case 'labels':
      return {
        kind: 'labels',
        labels: number('labels', (value) => value >= 2 && value <= 256, 'a whole number from 2 to 256'),
      };
    default:
      throw badConfig('image.condition.kind', '"shrunken", "picture" or "labels"', given?.['kind']);
  }
}

function badConfig(key: string, expected: string, got: unknown): ArLensError {
  return new ArLensError(
    'badInput',
    `config.json: ${key}: expected ${expected}, got ${JSON.stringify(got)}.`,
  );
}
