// How pixels, channels and classes of images are named wherever they are met. Pure.
import type { ImageModelInfo } from '../../src/protocol/imageSets';

export const CHANNELS = ['red', 'green', 'blue'] as const;

/** The name of sub-pixel `channel` of a pixel. */
export const channelName = ({ channels }: { readonly channels: number }, channel: number): string =>
  channels === 1 ? 'grey' : (CHANNELS[channel] ?? 'channel');

/** @param row from 0, as `column` */
export const placeWords = (row: number, column: number): string => `Row ${row + 1}, column ${column + 1}`;

/** A folder's name where classes have names, else the number. */
export const className = (model: Pick<ImageModelInfo, 'classNames'> | null, label: number): string =>
  model?.classNames[label] ?? String(label);

/** '' without a class. */
export const classWords = (model: Pick<ImageModelInfo, 'classNames'> | null, label: number | null): string =>
  label === null ? '' : `class ${className(model, label)}`;

/** A level as it shows: 0 to 255. */
export const shownValue = (level: number, levels: number): number => Math.round((255 * level) / (levels - 1));

/** A pixel's colour as CSS. @param level of each of its channels */
export function pixelColour(level: ArrayLike<number>, levels: number): string {
  const value = (channel: number) =>
    shownValue(level[level.length === 1 ? 0 : channel] ?? 0, Math.max(2, levels));
  return `rgb(${value(0)} ${value(1)} ${value(2)})`;
}
