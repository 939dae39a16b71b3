// What the Images view shows, as data: a row an image, a row a sub-pixel, or all of it.
import type { ImageModelInfo } from '../../../src/protocol/imageSets';
import type { ImagesContent } from '../../../src/protocol/imagesView';
import { NATS_PER_BIT } from '../../../src/protocol/figure';
import { toCsv, toJson, type DataColumn } from '../../ui/copyAsData';
import { channelName, className } from '../../ui/pixelWords';
import { bitsHistogram, ledgerOf, rowsOf } from './figures';
import type { Gallery } from './gallery';
import { generationOf } from './generation';
import { givenWords } from './given';
import { analyse, subpixelsIn, type ImageAnalysis } from './analysis';
import type { Drawn } from './look';
import type { Settings } from './settings';

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

export function imagesCsv(content: ImagesContent, gallery: Gallery): string {
  return toCsv(imageTable(content, gallery));
}

export function pixelsCsv(content: ImagesContent, drawn: Drawn): string {
  return toCsv(pixelTable(content, drawn));
}

/** The least and the most likely regions of the image that is shown. */
export function regionsCsv(content: ImagesContent, drawn: Drawn, settings: Settings): string {
  const analysis = analyse(drawn, settings);
  return analysis === undefined ? '' : toCsv(regionTable(content, analysis));
}

export function allJson(
  content: ImagesContent,
  gallery: Gallery,
  drawn: Drawn | undefined,
  settings: Settings,
): string {
  const analysis = drawn && analyse(drawn, settings);
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
          ledger: rowsOf(ledger).map(({ how, figure }) => ({ how, ...figure })),
        }),
    ...(drawn === undefined ? {} : { image: drawn.look.image }),
    ...(analysis === undefined ? {} : { regionSide: Number(analysis.side), channel: settings.channel }),
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
    ...(analysis === undefined
      ? {}
      : {
          regions: regionTable(content, analysis),
          pixelHistogram: [
            { name: 'from (bits)', values: analysis.bins.counts.map((_, bin) => bin * analysis.bins.step) },
            { name: 'pixels', values: analysis.bins.counts },
          ],
        }),
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
  const { order, before } = generationOf(nats, 'all');
  const stepOf = new Int32Array(order.length);
  order.forEach((subpixel, step) => (stepOf[subpixel] = step));
  return [
    ...places,
    { name: 'step of the model’s order', values: stepOf },
    { name: `level (of ${nats.levels})`, values: nats.level },
    {
      name: `surprisal (bits over 1 sub-pixel, ${badge})`,
      values: Array.from(nats.logProb, (value) => -value / NATS_PER_BIT),
    },
    {
      name: `bits so far (over all sub-pixels to this step, ${badge})`,
      values: Array.from(stepOf, (step) => before[step + 1] ?? null),
    },
    { name: 'per-context entropy (bits)', values: Array.from(nats.entropy, (value) => value / NATS_PER_BIT) },
    { name: 'rank', values: nats.rank },
  ];
}

function regionTable({ model }: ImagesContent, analysis: ImageAnalysis): DataColumn[] {
  const { least, most } = analysis;
  const regions = [...least, ...most];
  const over = (value: string) => `${value} over the region’s sub-pixels, ${model?.likelihood ?? 'none'}`;
  const subpixels = regions.map((region) => subpixelsIn(region, analysis));
  return [
    { name: 'kind', values: regions.map((_, at) => (at < least.length ? 'least likely' : 'most likely')) },
    { name: 'place', values: regions.map((_, at) => 1 + (at < least.length ? at : at - least.length)) },
    { name: 'first row', values: regions.map(({ row }) => row) },
    { name: 'last row', values: regions.map(({ row, side }) => row + side - 1) },
    { name: 'first column', values: regions.map(({ column }) => column) },
    { name: 'last column', values: regions.map(({ column, side }) => column + side - 1) },
    { name: 'sub-pixels', values: subpixels },
    { name: `bits (${over('sum')})`, values: regions.map(({ bits }) => bits) },
    {
      name: `bits/dim (${over('mean')})`,
      values: regions.map(({ bits }, at) => bits / (subpixels[at] ?? NaN)),
    },
  ];
}
