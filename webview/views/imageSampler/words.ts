// The image sampler in words: where it is, for headings and screen readers. Pure.
import type { GivenConditions } from '../../../src/protocol/imageCondition';
import type { ImageModelInfo } from '../../../src/protocol/imageSets';
import type { ImageSamplerContent } from '../../../src/protocol/imageSamplerView';
import type { DrawnImages } from './drawing';

export const channelWord = (channels: number, channel: number): string =>
  channels === 1 ? 'grey' : (['red', 'green', 'blue'][channel] ?? 'channel');

/** A class by its number, and by its folder's name where classes have names. */
export function classChoice({ classNames }: ImageModelInfo, label: number): string {
  const name = classNames[label];
  return name === undefined ? `class ${label}` : `${label} · ${name}`;
}

/** Of a sub-pixel, counted from 0. */
export function placeOf(
  { width, channels }: Pick<ImageModelInfo, 'width' | 'channels'>,
  place: number,
): { readonly row: number; readonly column: number; readonly channel: number } {
  const pixel = Math.floor(place / channels);
  return { row: Math.floor(pixel / width), column: pixel % width, channel: place % channels };
}

/** 'row 3, column 5', as a person counts. */
export function placeWords(model: ImageModelInfo, place: number): string {
  const { row, column, channel } = placeOf(model, place);
  const of = model.channels === 1 ? '' : `, ${channelWord(model.channels, channel)}`;
  return `row ${row + 1}, column ${column + 1}${of}`;
}

/** Where the pictures come from that images are given, and which of them. */
export function givenFrom({ source, indices }: GivenConditions): string {
  const shown = [...new Set(indices)];
  const [first = 0, second] = shown;
  if (second === undefined) return `${source}, number ${first + 1}`;
  return `${source}, numbers ${first + 1} to ${(shown.at(-1) ?? first) + 1}`;
}

export function nextWords({ next, step, steps, model }: ImageSamplerContent): string {
  if (step >= steps && steps > 0) return 'Complete';
  if (next === null) return 'Computing what comes next';
  const { row, column, channel } = next;
  const of = model.channels === 1 ? '' : `, ${channelWord(model.channels, channel)}`;
  return `Row ${row + 1}, column ${column + 1}${of}`;
}

export function imageWords(content: ImageSamplerContent, drawn: DrawnImages): string {
  const { choice, steps, under, model } = content;
  const given = model.condition === null ? '' : ` given ${model.condition.words}`;
  const drawnSteps = drawn.stepsOf(choice.image);
  const bits = drawn.natsOf(choice.image) / Math.LN2;
  const far = `${drawnSteps} of ${steps} sub-pixels`;
  const cost =
    drawnSteps === 0
      ? ''
      : `, ${bits.toFixed(2)} bits over ${drawnSteps} sub-pixels under ${under}${given}, ${model.likelihood}`;
  return `Image ${choice.image + 1} of ${choice.count}: ${far}${cost}; next: ${nextWords(content)}`;
}

/** Said aloud when a drawing begins, stops and ends, not with every pixel. */
export function spoken({ running, step, steps, label }: ImageSamplerContent): string {
  if (running) return `Drawing with ${label}.`;
  if (step >= steps && steps > 0) return `${label}: the images are complete.`;
  return step === 0
    ? `${label}: nothing is drawn yet.`
    : `${label}: paused at ${step} of ${steps} sub-pixels.`;
}

/** Which images a step draws, and which wait; '' where there is one image. */
export function togetherWords({ choice, standing, steps, together }: ImageSamplerContent): string {
  const { count, image } = choice;
  if (count === 1) return '';
  const here = standing[image] ?? 0;
  const abreast = together.length - 1;
  const ahead = standing.filter((each) => each > here && each < steps);
  const own = `image ${image + 1}`;
  const alone = `Back, branches and places move ${own} alone; the others stay as they are.`;
  if (here === steps) return alone;
  if (together.length === count) return `A step draws all ${count} images. ${alone}`;
  const who =
    abreast === 0
      ? `A step draws ${own} alone`
      : `A step draws ${own} and the ${abreast} that stand${abreast === 1 ? 's' : ''} at the same sub-pixel`;
  const meets = ahead.length === 0 ? '' : ', and those further on once it comes to them';
  return `${who}${meets}; the others stay as they are.`;
}
