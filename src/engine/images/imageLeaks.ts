// Everything that a check of an image network's causality measures: its pairs in several shapes, as it predicts and as it
// trains, that its loss is made of those logits, and that no image reads another of its batch. Says what was measured.
import { BitMatrix } from '../../analysis/bitMatrix';
import { compareConnectivity, leaksOnly, type Comparison } from '../../analysis/causality/comparison';
import { measuredConnectivity, measuredRowLeaks, type RowLeak } from '../../analysis/causality/measured';
import { sampledInputs } from '../../analysis/causality/plan';
import { trainingLossError } from '../../analysis/checks/trainingLoss';
import { allowedInImage, imageNetwork, type ImageNetworkOptions } from '../../analysis/reach/imageNetwork';
import type { GridShape } from '../../analysis/reach/subpixelSet';
import type { ImageModel } from '../../families/imageFamily';
import { pauseOf } from '../inspect/subject';
import { drawsAt, imageCausality, placeName } from './imageCausality';
import type { ImageSubject } from './imageSubject';

export interface ImageLeaks {
  /** All that were found, a loss of other logits being one. */
  readonly leaks: number;
  /** The worst finding, or what all pairs of the small image say; no full stop. */
  readonly verdict: string;
  /** What was measured, with counts. */
  readonly how: string;
}

/** Images of a batch that may not read one another. */
const TOGETHER = 3;
const TRAINING = { seed: 11, step: 1 };
/** Where a model could be trained with dropout and has it off. */
const TRIED_DROPOUT = 0.25;
const LOSS_TOLERANCE = 1e-4;

export async function imageLeaks(subject: ImageSubject, signal: AbortSignal): Promise<ImageLeaks> {
  const rows = await batchLeaks(subject, 'predicting', signal);
  const alone = rows.leaks.length > 0 ? { rowsTogether: 1 } : {};
  const whole = await imageCausality(subject, { signal, ...alone });
  const others: Array<readonly [string, Comparison]> = [];
  for (const { shape, inputs } of otherShapes(subject, whole.shape)) {
    const comparison = await shapeLeaks(subject, shape, { signal, inputs, ...alone });
    others.push([shapeName(shape, inputs), comparison]);
  }
  const trained = subject.model.fit ? null : await trainingLeaks(subject, whole.shape, signal);
  const found: ReadonlyArray<readonly [leaks: number, verdict: string]> = [
    [whole.comparison.leaks.length, whole.comparison.verdict],
    ...others.map(
      ([name, { leaks, verdict }]) => [leaks.length, `in images of ${name}, ${verdict}`] as const,
    ),
    [trained?.comparison.leaks.length ?? 0, `while training, ${trained?.comparison.verdict ?? ''}`],
    [trained?.lossIsOther ? 1 : 0, 'the loss of a training step is not the mean of its logits’ nats'],
    [rows.leaks.length, batchVerdict(rows.leaks, whole.shape)],
    [
      trained?.rows.leaks.length ?? 0,
      `while training, ${batchVerdict(trained?.rows.leaks ?? [], whole.shape)}`,
    ],
  ];
  const count = (value: number): string => value.toLocaleString('en-US');
  const how = [
    `${whole.draws.length} sets of weights`,
    `all ${count(whole.comparison.pairs)} pairs of images of ${shapeName(whole.shape)}`,
    ...others.map(([name, { pairs }]) => `leaks alone in ${count(pairs)} pairs of ${name}`),
    trained === null
      ? 'no training path, being fitted'
      : `${count(trained.comparison.pairs)} pairs as it trains, ${trained.dropout}, its loss against its logits`,
    `${count(rows.pairs + (trained?.rows.pairs ?? 0))} pairs across ${TOGETHER} images of a batch`,
  ];
  return {
    leaks: found.reduce((sum, [leaks]) => sum + leaks, 0),
    verdict: found.find(([leaks]) => leaks > 0)?.[1] ?? whole.comparison.verdict,
    how: how.join('; '),
  };
}

interface OtherShape {
  readonly shape: GridShape;
  /** Sub-pixels that are changed; all when absent. */
  readonly inputs?: readonly number[];
}

/** A row, a column and a wide image where any size is taken; and the subject's own size, of which a few inputs stand for all. */
function otherShapes({ family, facts }: ImageSubject, small: GridShape): OtherShape[] {
  const { channels, height, width } = facts;
  const [long, wide] = channels === 1 ? [9, { height: 3, width: 8 }] : [5, { height: 2, width: 6 }];
  const any: OtherShape[] = family.takesAnySize
    ? [{ height: 1, width: long }, { height: long, width: 1 }, wide].map((sides) => ({
        shape: { ...sides, channels },
      }))
    : [];
  if (height === small.height && width === small.width) return any;
  return [...any, { shape: { height, width, channels }, inputs: sampledInputs(height * width * channels) }];
}

function shapeName({ height, width, channels }: GridShape, inputs?: readonly number[]): string {
  const name = `${width} × ${height} × ${channels}`;
  return inputs ? `${name}, ${inputs.length} of its inputs changed` : name;
}

interface ShapeOptions {
  readonly signal: AbortSignal;
  readonly inputs?: readonly number[] | undefined;
  readonly rowsTogether?: number;
}

/** With the first weights, its own where it has any, and the last. */
async function shapeLeaks(
  subject: ImageSubject,
  shape: GridShape,
  { signal, inputs, ...options }: ShapeOptions,
): Promise<Comparison> {
  const size = sizeOf(shape);
  const measured = new BitMatrix(size, size);
  await withDraws(subject, shape, async (model, seed) => {
    const network = imageNetwork(model, shape, subject.facts.levels);
    const asked = { seed, pause: pauseOf(signal), ...options, ...(inputs && { inputs }) };
    measured.or(await measuredConnectivity(network, size, asked));
  });
  return leaksIn(subject, shape, measured, (inputs?.length ?? size) * size);
}

/** Dropout and closed gates can hide a dependency: only what was seen counts. */
function leaksIn(subject: ImageSubject, shape: GridShape, measured: BitMatrix, pairs: number): Comparison {
  const { family, config, facts } = subject;
  const allowed = allowedInImage(family.taps(config, { ...facts, ...shape }), shape);
  const comparison = compareConnectivity(allowed, measured, (index) => placeName(shape, index));
  return {
    ...leaksOnly(comparison, pairs),
    ...(comparison.leaks.length > 0 && { verdict: comparison.verdict }),
  };
}

async function trainingLeaks(subject: ImageSubject, shape: GridShape, signal: AbortSignal) {
  const tried = withDropout(subject);
  const rows = await batchLeaks(tried, 'training', signal);
  const alone = rows.leaks.length > 0 ? { rowsTogether: 1 } : {};
  const size = sizeOf(shape);
  const measured = new BitMatrix(size, size);
  let worst = 0;
  await withDraws(tried, shape, async (model, seed) => {
    const network = imageNetwork(model, shape, subject.facts.levels, asItTrains(model));
    measured.or(await measuredConnectivity(network, size, { seed, pause: pauseOf(signal), ...alone }));
    const facts = { ...subject.facts, ...shape };
    worst = Math.max(
      worst,
      await trainingLossError(model, facts, { images: TOGETHER, seed, training: TRAINING }),
    );
  });
  const rate: unknown = Reflect.get(tried.config, 'dropout');
  return {
    rows,
    comparison: leaksIn(subject, shape, measured, size * size),
    lossIsOther: worst > LOSS_TOLERANCE,
    dropout: typeof rate === 'number' ? `dropout ${rate}` : 'without dropout, of which it has none',
  };
}

const asItTrains = ({ classes }: Pick<ImageModel, 'classes'>): ImageNetworkOptions => ({
  training: TRAINING,
  classes,
});

/** What another run of the same architecture would train with: no weight's shape depends on it. */
function withDropout(subject: ImageSubject): ImageSubject {
  if (Reflect.get(subject.config, 'dropout') !== 0) return subject;
  return { ...subject, config: { ...subject.config, dropout: TRIED_DROPOUT } };
}

/** Changes a few sub-pixels of each image of a batch; pairs are of an output and an input of another image. */
async function batchLeaks(
  subject: ImageSubject,
  path: 'predicting' | 'training',
  signal: AbortSignal,
): Promise<{ readonly leaks: readonly RowLeak[]; readonly pairs: number }> {
  const shape = { height: 3, width: 3, channels: subject.facts.channels };
  const size = sizeOf(shape);
  const inputs = [0, size >> 1, size - 1];
  const leaks: RowLeak[] = [];
  await withDraws(subject, shape, async (model, seed) => {
    const options = path === 'training' ? asItTrains(model) : {};
    const network = imageNetwork(model, shape, subject.facts.levels, options);
    leaks.push(
      ...(await measuredRowLeaks(network, TOGETHER, size, { seed, inputs, pause: pauseOf(signal) })),
    );
  });
  const different = new Map(leaks.map((leak) => [JSON.stringify(leak), leak]));
  return { leaks: [...different.values()], pairs: TOGETHER * (TOGETHER - 1) * size * inputs.length };
}

function batchVerdict(leaks: readonly RowLeak[], { channels }: GridShape): string {
  const [leak] = leaks;
  if (!leak) return 'no image of a batch depends on another';
  const place = (index: number): string => placeName({ height: 3, width: 3, channels }, index);
  const words = leaks.length === 1 ? '1 leak' : `${leaks.length} leaks`;
  return `${words} between images of a batch: output ${place(leak.output)} of image ${leak.row + 1} depends on input ${place(leak.input)} of image ${leak.otherRow + 1}`;
}

/** The first set of weights and the last. */
async function withDraws(
  subject: ImageSubject,
  shape: GridShape,
  work: (model: ImageModel, seed: number) => Promise<void>,
): Promise<void> {
  const draws = drawsAt(subject, shape);
  for (const { seed, open } of new Set([draws[0], draws.at(-1)].flatMap((draw) => draw ?? []))) {
    const { model, close } = open();
    await work(model, seed).finally(close);
  }
}

const sizeOf = ({ height, width, channels }: GridShape): number => height * width * channels;
