// What the Images view shows, as data: a row an image, a row a sub-pixel, or all of it.
import type { ImageModelInfo } from '../../../src/protocol/imageSets';
import type { ImagesContent } from '../../../src/protocol/imagesView';
import { NATS_PER_BIT } from '../../../src/protocol/figure';
import { toCsv, toJson, type DataColumn } from '../../ui/copyAsData';
import { bitsHistogram, ledgerOf, rowsOf } from './figures';
import type { Gallery } from './gallery';
import { className, givenWords } from './given';
import { channelName } from './heat';
import type { Drawn } from './look';

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

export function imagesCsv(content: ImagesContent, gallery: Gallery): string {
  return toCsv(imageTable(content, gallery));
}

export function pixelsCsv(content: ImagesContent, drawn: Drawn): string {
  return toCsv(pixelTable(content, drawn));
}

export function allJson(content: ImagesContent, gallery: Gallery, drawn: Drawn | undefined): string {
  const ledger = ledgerOf(content, gallery);
  const about = {
    source: content.source,
    images: content.set,
    run: content.run,
    model: content.model,
    given: givenWords(content, gallery),
    ...(content.scoring.kind === 'result' ? { summary: content.scoring.summary } : {}),
    ...(ledger === undefined
      ? {}
      : {
          standardError: ledger.standardError,
          ledger: rowsOf(ledger).map(({ figure }) => figure),
        }),
    ...(drawn === undefined ? {} : { image: drawn.look.image }),
  };
  const bins = bitsHistogram(gallery);
  return toJson(about, {
    perImage: imageTable(content, gallery),
    histogram: [
      { name: 'from (bits/dim)', values: bins.map(({ from }) => from) },
      { name: 'to (bits/dim)', values: bins.map(({ to }) => to) },
      { name: 'images', values: bins.map(({ images }) => images) },
    ],
    ...(drawn === undefined ? {} : { pixels: pixelTable(content, drawn) }),
  });
}

function imageTable({ model, set }: ImagesContent, gallery: Gallery): DataColumn[] {
  const images = { name: 'image', values: Array.from({ length: gallery.images }, (_, image) => image) };
  if (model === null) return [images];
  const dimensions = set.height * set.width * model.channels;
  const over = `over ${dimensions} sub-pixels, ${model.likelihood}`;
  return [
    images,
    ...classColumns(model, gallery),
    { name: `bits/dim (${over})`, values: Array.from(gallery.bits, finite) },
    {
      name: `nats (${over})`,
      values: Array.from(gallery.bits, (bits) => finite(bits * dimensions * NATS_PER_BIT)),
    },
  ];
}

function classColumns(model: ImageModelInfo, gallery: Gallery): DataColumn[] {
  if (!gallery.labelled) return [];
  const labels = Array.from({ length: gallery.images }, (_, image) => gallery.label(image));
  const names = labels.map((label) => (label === null ? null : className(model, label)));
  return [
    { name: 'class', values: labels },
    ...(model.classNames.length === 0 ? [] : [{ name: 'class name', values: names }]),
  ];
}

function pixelTable({ model }: ImagesContent, { look }: Drawn): DataColumn[] {
  const { nats } = look;
  const { height, width, channels } = nats ?? look.pixels;
  const all = Array.from({ length: height * width * channels }, (_, at) => at);
  const pixel = (at: number) => Math.floor(at / channels);
  const places = [
    { name: 'row', values: all.map((at) => Math.floor(pixel(at) / width)) },
    { name: 'column', values: all.map((at) => pixel(at) % width) },
    { name: 'channel', values: all.map((at) => channelName({ channels }, at % channels)) },
  ];
  if (nats === null) return [...places, { name: 'value (of 255)', values: look.pixels.pixels }];
  const badge = model?.likelihood ?? 'none';
  return [
    ...places,
    { name: `level (of ${nats.levels})`, values: nats.level },
    {
      name: `surprisal (bits over 1 sub-pixel, ${badge})`,
      values: Array.from(nats.logProb, (value) => -value / NATS_PER_BIT),
    },
    { name: 'per-context entropy (bits)', values: Array.from(nats.entropy, (value) => value / NATS_PER_BIT) },
    { name: 'rank', values: nats.rank },
  ];
}
