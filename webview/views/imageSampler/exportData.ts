// What the image sampler shows, as data: the levels drawn, a column an image, and how they were chosen.
import type { GivenConditions } from '../../../src/protocol/imageCondition';
import type { ImageSamplerContent } from '../../../src/protocol/imageSamplerView';
import { toCsv, toJson, type DataColumn } from '../../ui/copyAsData';
import type { DrawnImages } from './drawing';
import { channelWord } from './words';

export function levelsCsv(content: ImageSamplerContent, drawn: DrawnImages): string {
  return toCsv(levelTable(content, drawn));
}

export function allJson(
  content: ImageSamplerContent,
  drawn: DrawnImages,
  given: GivenConditions | null,
): string {
  const { choice, model, next, under, label } = content;
  const about = {
    run: choice.run,
    label,
    model,
    settings: choice.settings,
    steps: drawn.steps,
    under,
    ...(given === null ? {} : { given: { ...given, pixels: undefined } }),
    images: Array.from(drawn.nats, (nats) => ({
      nats,
      count: drawn.steps,
      of: 'sub-pixels',
      badge: model.likelihood,
    })),
    ...(next === null ? {} : { next: { row: next.row, column: next.column, channel: next.channel } }),
  };
  const levels = Array.from({ length: model.levels }, (_, level) => level);
  return toJson(about, {
    drawn: levelTable(content, drawn),
    ...(next === null
      ? {}
      : {
          distribution: [
            { name: 'level', values: levels },
            { name: `log-probability (nats, 1 sub-pixel, ${model.likelihood})`, values: next.logProb },
            { name: 'probability drawn from', values: next.probability },
          ],
        }),
  });
}

function levelTable({ model }: ImageSamplerContent, drawn: DrawnImages): DataColumn[] {
  const { width, channels, levels } = model;
  const size = drawn.levels.length / drawn.count;
  const all = Array.from({ length: size }, (_, at) => at);
  const pixel = (at: number) => Math.floor(at / channels);
  return [
    { name: 'row', values: all.map((at) => Math.floor(pixel(at) / width)) },
    { name: 'column', values: all.map((at) => pixel(at) % width) },
    { name: 'channel', values: all.map((at) => channelWord(channels, at % channels)) },
    ...Array.from({ length: drawn.count }, (_, image) => ({
      name: `image ${image + 1} (level of ${levels})`,
      values: all.map((at) => {
        const level = drawn.levels[image * size + at] ?? -1;
        return level < 0 ? null : level;
      }),
    })),
  ];
}
