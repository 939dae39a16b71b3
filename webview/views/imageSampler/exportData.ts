// What the image sampler shows, as data: the levels drawn, a column an image, and how they were chosen.
import type { GivenConditions } from '../../../src/protocol/imageCondition';
import type { ImageSamplerContent, ImageStretch } from '../../../src/protocol/imageSamplerView';
import { toCsv, toJson, type DataColumn } from '../../ui/copyAsData';
import type { DrawnImages } from './drawing';
import { channelWord, placeOf } from './words';

export function levelsCsv(content: ImageSamplerContent, drawn: DrawnImages): string {
  return toCsv(levelTable(content, drawn));
}

export function branchesCsv(content: ImageSamplerContent): string {
  return toCsv(branchTable(content));
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
    steps: content.steps,
    drawnWith: content.turns,
    under,
    ...(given === null ? {} : { given: { ...given, pixels: undefined } }),
    images: Array.from({ length: drawn.count }, (_, image) => ({
      nats: drawn.natsOf(image),
      count: drawn.stepsOf(image),
      of: 'sub-pixels',
      badge: model.likelihood,
    })),
    ...(next === null ? {} : { next: { row: next.row, column: next.column, channel: next.channel } }),
  };
  const levels = Array.from({ length: model.levels }, (_, level) => level);
  return toJson(about, {
    drawn: levelTable(content, drawn),
    branches: branchTable(content),
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
  const { size } = drawn;
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

/** A row a stretch: where it hangs, what it begins with, and what it costs. */
function branchTable({ stretches, model, under }: ImageSamplerContent): DataColumn[] {
  const column = (name: string, of: (stretch: ImageStretch) => number | string | null): DataColumn => ({
    name,
    values: stretches.map(of),
  });
  const place = (stretch: ImageStretch) => placeOf(model, stretch.place);
  return [
    { name: 'stretch', values: stretches.map((_, index) => index) },
    column('parent', ({ parent }) => parent),
    column('branch', ({ branch }) => branch),
    column('first row', (stretch) => place(stretch).row),
    column('first column', (stretch) => place(stretch).column),
    column('first channel', (stretch) => channelWord(model.channels, place(stretch).channel)),
    column(`first level (of ${model.levels})`, ({ level }) => level),
    column('forced', ({ forced }) => (forced ? 1 : 0)),
    column('sub-pixels', ({ from, to }) => to - from),
    column(`cost (nats, its own sub-pixels, ${under}, ${model.likelihood})`, ({ nats }) => nats),
    column('seed', ({ settings }) => settings.seed),
    column('temperature', ({ settings }) => settings.temperature),
    column('top-k', ({ settings }) => settings.topK ?? null),
    column('top-p', ({ settings }) => settings.topP ?? null),
    column('class', ({ settings }) => settings.label ?? null),
    column('guidance', ({ settings }) => settings.guidance ?? null),
    column('name', ({ name }) => name ?? ''),
  ];
}
