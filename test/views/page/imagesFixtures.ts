// Made-up sets of images and scores for the Images view: what follows from a pixel's place and an image's number alone,
// so that a test can say what must be drawn.
import type { ImageCondition } from '../../../src/protocol/imageCondition';
import type { ImageModelInfo, ImageNats, Thumbnails } from '../../../src/protocol/imageSets';
import type { ImagesContent, ImagesLook, ImagesPoint } from '../../../src/protocol/imagesView';
import type { ViewState } from '../../../src/protocol/views';

export interface Fixture {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly levels: number;
  /** Images that are scored when the view opens. */
  readonly scored: number;
  readonly problem: string;
  readonly classes: number;
  /** Whether labels were found, and are used. */
  readonly labelled: boolean;
  readonly classNames: readonly string[];
  /** Whether pixels come column by column, and not in raster order. */
  readonly byColumns: boolean;
  readonly content: Partial<ImagesContent>;
  readonly condition?: ImageCondition;
}

const GREY = {
  images: 240,
  height: 12,
  width: 14,
  channels: 1,
  levels: 256,
  scored: 240,
  problem: '',
  classes: 0,
  labelled: true,
  classNames: [],
  byColumns: false,
  content: {},
};
const SERIAL = 7;
const RUNS = [
  { run: '/w/.arlens/runs/digits/a', label: 'digits 2026-11-25 10:00:00' },
  { run: '/w/.arlens/runs/gated/b', label: 'gated 2026-11-25 11:00:00' },
];

export const IMAGE_FIXTURES: Readonly<Record<string, Fixture>> = {
  result: GREY,
  rgb: { ...GREY, channels: 3, levels: 8 },
  binary: { ...GREY, levels: 2 },
  single: { ...GREY, images: 1, scored: 1 },
  scoring: { ...GREY, scored: 90, content: { scoring: { kind: 'working', done: 90 } } },
  stopped: { ...GREY, scored: 90, content: { scoring: { kind: 'stopped', done: 90 } } },
  unscored: {
    ...GREY,
    scored: 0,
    content: {
      runs: [],
      run: '',
      model: null,
      scoring: {
        kind: 'none',
        sentence: 'Scores need a model of images, and this workspace has none yet: train one on these.',
        button: { label: 'Train', command: 'arLens.trainOnFile', argument: '/w/digits.idx' },
      },
    },
  },
  refused: {
    ...GREY,
    scored: 0,
    problem:
      'digits.idx: expected images of 28 × 28, the only size that Pixel Transformer takes, because it has one learnt place for each sub-pixel, got 14 × 12.',
    content: {
      scoring: {
        kind: 'failed',
        sentence:
          'digits.idx: expected images of 28 × 28, the only size that Pixel Transformer takes, because it has one learnt place for each sub-pixel, got 14 × 12.',
      },
    },
  },
  labelled: { ...GREY, classes: 10 },
  named: { ...GREY, channels: 3, classes: 3, classNames: ['circles', 'mimetypes and more', 'squares'] },
  unlabelled: { ...GREY, classes: 10, labelled: false, content: { withLabels: false } },
  unfound: { ...GREY, classes: 10, labelled: false },
  conditioned: {
    ...GREY,
    condition: { kind: 'shrunken', words: 'its picture at 1/2 of its height and width' },
  },
  columns: { ...GREY, channels: 3, levels: 8, byColumns: true },
  many: { ...GREY, images: 60_000, scored: 60_000 },
};

/** bits/dim. The one with the most bits is not the first. */
export const bitsOf = (image: number): number => 1 + ((image * 37) % 101) / 50;

/** The class that an image is scored under; null without. */
export const labelOf = ({ classes, labelled }: Fixture, image: number): number | null =>
  classes === 0 || !labelled ? null : (image * 7) % classes;

/** A blob whose place follows from the image's number, from 0 to 1. */
export function shareOf(fixture: Fixture, image: number, row: number, column: number): number {
  const { height, width } = fixture;
  const [y, x] = [(2 + (image % 7)) / 10, (2 + (image % 5)) / 8];
  const distance = Math.hypot(row / height - y, column / width - x);
  return Math.max(0, 1 - 3 * distance);
}

const levelOf = (fixture: Fixture, image: number, at: number): number => {
  const pixel = Math.floor(at / fixture.channels);
  const [row, column] = [Math.floor(pixel / fixture.width), pixel % fixture.width];
  const share = shareOf(fixture, image + (at % fixture.channels), row, column);
  return Math.round(share * (fixture.levels - 1));
};

export function thumbnailsOf(fixture: Fixture, indices: readonly number[]): Thumbnails {
  const { height, width, channels, levels } = fixture;
  const size = height * width * channels;
  const pixels = new Uint8Array(indices.length * size);
  indices.forEach((image, place) => {
    for (let at = 0; at < size; at++)
      pixels[place * size + at] = Math.round((255 * levelOf(fixture, image, at)) / (levels - 1));
  });
  return { height, width, channels, pixels };
}

export function natsOf(fixture: Fixture, image: number): ImageNats {
  const { height, width, channels, levels } = fixture;
  const size = height * width * channels;
  const all = Array.from({ length: size }, (_, at) => at);
  return {
    height,
    width,
    channels,
    levels,
    label: labelOf(fixture, image),
    level: Uint8Array.from(all, (at) => levelOf(fixture, image, at)),
    condition: fixture.condition
      ? { channels, pixels: Uint8Array.from(all, (at) => (Math.floor(at / width) < height / 2 ? 30 : 210)) }
      : null,
    logProb: Float32Array.from(all, (at) => -Math.LN2 * ((at + image) % 13)),
    entropy: Float32Array.from(all, (at) => Math.LN2 * (1 + (at % 3))),
    rank: Uint16Array.from(all, (at) => 1 + (at % levels)),
    order: fixture.byColumns
      ? Int32Array.from(all, (step) => {
          const pixel = Math.floor(step / channels);
          return ((pixel % height) * width + Math.floor(pixel / height)) * channels + (step % channels);
        })
      : null,
  };
}

export function lookOf(fixture: Fixture, image: number): ImagesLook {
  const scored = fixture.content.model !== null && fixture.problem === '';
  const nats = scored ? natsOf(fixture, image) : null;
  const { problem } = fixture;
  return { serial: SERIAL, image, pixels: thumbnailsOf(fixture, [image]), nats, problem };
}

export function pointOf(fixture: Fixture, image: number, row: number, column: number): ImagesPoint {
  const { channels, levels } = fixture;
  const logProb = new Float32Array(channels * levels);
  for (let c = 0; c < channels; c++) {
    const middle = ((row * 5 + column * 3 + c * 2) % levels) + 0.5;
    const weights = Array.from({ length: levels }, (_, level) =>
      Math.exp(-(((level - middle) / (levels / 6)) ** 2)),
    );
    const sum = weights.reduce((total, one) => total + one, 0);
    weights.forEach((weight, level) => (logProb[c * levels + level] = Math.log(weight / sum)));
  }
  const nats = natsOf(fixture, image);
  const from = (row * fixture.width + column) * channels;
  return {
    serial: SERIAL,
    image,
    row,
    column,
    channels,
    levels,
    logProb,
    label: nats.label,
    level: nats.level.slice(from, from + channels),
    entropy: nats.entropy.slice(from, from + channels),
    rank: nats.rank.slice(from, from + channels),
  };
}

export function bitsPart(fixture: Fixture) {
  const bits = Float32Array.from({ length: fixture.scored }, (_, image) => bitsOf(image));
  const labels = Array.from(bits, (_, image) => labelOf(fixture, image));
  return {
    serial: SERIAL,
    from: 0,
    bits,
    labels: labelOf(fixture, 0) === null ? null : Int32Array.from(labels, Number),
  };
}

export function imagesContent(fixture: Fixture): ImagesContent {
  const { images, height, width, channels, levels, classes, classNames } = fixture;
  const model: ImageModelInfo = {
    family: 'gatedPixelcnn',
    title: 'Gated PixelCNN',
    device: 'simd, avx512',
    likelihood: 'exact',
    height,
    width,
    channels,
    levels,
    classes,
    classNames,
    takesAnySize: true,
    quantize: levels === 2 ? 'threshold' : 'round',
    condition: fixture.condition ?? null,
  };
  const bits = Array.from({ length: images }, (_, image) => bitsOf(image));
  const mean = bits.reduce((sum, one) => sum + one, 0) / images;
  const nll = mean * images * height * width * channels * Math.LN2;
  return {
    source: 'file:///w/digits.idx',
    file: 'digits.idx',
    set: { images, height, width, channels, files: 1 },
    runs: RUNS,
    run: RUNS[0]?.run ?? '',
    model,
    withLabels: true,
    scoring: {
      kind: 'result',
      summary: {
        family: model.family,
        model: RUNS[0]?.run ?? '',
        device: model.device,
        unit: 'subpixel',
        likelihood: 'exact',
        images,
        height,
        width,
        channels,
        levels,
        quantize: model.quantize,
        given: classes === 0 ? null : labelOf(fixture, 0) === null ? 'no class' : 'class',
        condition: fixture.condition ?? null,
        labelSource: labelOf(fixture, 0) === null ? null : '/w/digits-labels.idx',
        nll,
        bitsPerDim: mean,
        standardError: images === 1 ? null : 0.0123,
      },
    },
    serial: SERIAL,
    ...fixture.content,
  };
}

const button = { label: 'Show Log-Probs', command: 'arLens.showLogProbs', argument: '/w/digits.idx' };

export const IMAGES_STATES: Readonly<Record<string, () => ViewState<ImagesContent>>> = {
  empty: () => ({ kind: 'empty', sentence: 'Opening the images was cancelled.', button }),
  working: () => ({ kind: 'working', doing: 'Opening digits.idx', cancel: true }),
  failed: () => ({
    kind: 'failed',
    sentence: '/w/digits.idx: byte 4: expected a file of 7840016 bytes, got 100 bytes.',
    button,
  }),
  ...Object.fromEntries(
    Object.entries(IMAGE_FIXTURES).map(([name, fixture]) => [
      name,
      () => ({ kind: 'result' as const, content: imagesContent(fixture) }),
    ]),
  ),
};
