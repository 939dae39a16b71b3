// In which unit a loss is quoted: bits or nats, per byte or per the model's own element. One factor from nats/element.
// Pure; the definitions are docs/definitions.md's.
import { NATS_PER_BIT } from '../../../src/protocol/figure';

export type LossUnit = string;

/** What an image's record calls an element. */
const SUBPIXEL = 'subpixel';

export interface UnitChoice {
  /** As shown: 'bits/byte', 'nats/character'. */
  readonly unit: LossUnit;
  /** Times nats per element. */
  readonly factor: number;
  /** What the denominator counts: 'byte', 'character', 'token'. */
  readonly per: string;
  /** How many of `per` one element is. */
  readonly perElement: number;
}

/** Of images: bits/dim, where a dimension is a sub-pixel, and the nats of a whole image. */
function imageUnits(dimensions: number): readonly UnitChoice[] {
  const own: UnitChoice[] = [
    { unit: 'bits/dim', factor: 1 / NATS_PER_BIT, per: 'sub-pixel', perElement: 1 },
    { unit: 'nats/dim', factor: 1, per: 'sub-pixel', perElement: 1 },
  ];
  if (!(dimensions > 0)) return own;
  return [...own, { unit: 'nats/image', factor: dimensions, per: 'image', perElement: 1 / dimensions }];
}

/**
 * What can be quoted, the unit people quote first: bits/byte for byte and token models (tokens do not compare
 * between tokenizers), bits/character for character models, bits/dim for images.
 * @param dimensions sub-pixels of an image, where they are known
 */
export function unitChoices(element: string, bytesPerElement: number, dimensions = 0): readonly UnitChoice[] {
  if (element === SUBPIXEL) return imageUnits(dimensions);
  const own: UnitChoice[] = [
    { unit: `bits/${element}`, factor: 1 / NATS_PER_BIT, per: element, perElement: 1 },
    { unit: `nats/${element}`, factor: 1, per: element, perElement: 1 },
  ];
  if (element === 'byte' || !(bytesPerElement > 0)) return own;
  const perByte: UnitChoice = {
    unit: 'bits/byte',
    factor: 1 / NATS_PER_BIT / bytesPerElement,
    per: 'byte',
    perElement: bytesPerElement,
  };
  return element === 'character' ? [...own, perByte] : [perByte, ...own];
}

/** The choice called `unit`, or the one people quote. */
export function chooseUnit(choices: readonly UnitChoice[], unit: string): UnitChoice {
  const found = choices.find((choice) => choice.unit === unit) ?? choices[0];
  if (found === undefined) throw new Error('chooseUnit: expected at least one unit, got none');
  return found;
}

/** 'bytes', for a count. */
export function plural(element: string): string {
  return element === SUBPIXEL ? 'sub-pixels' : `${element}s`;
}
