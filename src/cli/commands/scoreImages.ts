// `ar-lens score` of images: in total for people, image by image and on wish pixel by pixel with --json.
import { resolve } from 'node:path';
import type { ScoredImagesProgress, ScoreImagesSummary } from '../../protocol/images';
import { NATS_PER_BIT } from '../../protocol/figure';
import { given, type CommonOptions } from '../options';
import { count, decimal, table } from '../output';
import { callContext, type Session } from '../session';

export interface ScoreImagesOptions extends CommonOptions {
  readonly model: string;
  readonly file: string;
  /** false: none, even where there are some. */
  readonly labels?: string | false;
  readonly elements?: boolean;
  readonly condition?: string;
}

export async function scoreImages(session: Session, options: ScoreImagesOptions): Promise<void> {
  const perImage: number[] = [];
  const classes: number[] = [];
  let first: number[] = [];
  const live = process.stderr.isTTY && !options.json;
  let size = 0;
  const summary = await session.engine(options).scoreImages(
    {
      model: resolve(options.model),
      file: resolve(options.file),
      ...labelParams(options.labels),
      ...given({ condition: options.condition && resolve(options.condition) }),
    },
    callContext<ScoredImagesProgress>(session, ({ done, images, logProb, labels }) => {
      if (labels !== null) classes.push(...labels);
      size = logProb.length / (done - perImage.length);
      if (first.length === 0) first = Array.from(logProb.subarray(0, size));
      for (let at = 0; at < logProb.length; at += size) {
        perImage.push(-logProb.subarray(at, at + size).reduce((total, value) => total + value, 0));
      }
      if (live) process.stderr.write(`\r\x1b[K${count(done)} of ${count(images)} images`);
    }),
  );
  if (live) process.stderr.write('\r\x1b[K');
  if (options.json)
    return writeJson(session, summary, { perImage, classes }, options.elements ? first : undefined);
  await writeTable(session, summary, perImage, options);
}

/** The sums first, then an image at a time: 60,000 images never exist as one string. */
async function writeJson(
  session: Session,
  summary: ScoreImagesSummary,
  { perImage, classes }: { readonly perImage: readonly number[]; readonly classes: readonly number[] },
  first: readonly number[] | undefined,
): Promise<void> {
  const dimensions = summary.height * summary.width * summary.channels;
  await session.out.write(
    `${JSON.stringify({ ...summary, count: summary.images * dimensions }).slice(0, -1)},"perImage":[`,
  );
  for (const [index, nll] of perImage.entries()) {
    const bitsPerDim = nll / NATS_PER_BIT / dimensions;
    const image = { nll, bitsPerDim, count: dimensions, class: classes[index] };
    await session.out.write(`${index === 0 ? '' : ','}${JSON.stringify(image)}`);
  }
  const elements = first && `,"elements":${JSON.stringify(nested(first, summary))}`;
  await session.out.line(`]${elements ?? ''}}`);
}

function labelParams(labels: string | false | undefined): { labels?: string; withoutLabels?: true } {
  if (labels === undefined) return {};
  if (labels === false) return { withoutLabels: true };
  return { labels: labels === 'folders' ? labels : resolve(labels) };
}

/** Of a model with classes: whether each image has its own. */
function givenRow(
  { given: condition, labelSource }: ScoreImagesSummary,
  unwanted: boolean,
): Array<[string, string, string]> {
  if (condition === null) return [];
  if (condition === 'class') return [['given', 'class', `p(x | class) of each image, by ${labelSource}`]];
  return [['given', 'no class', unwanted ? 'as --no-labels says' : 'no labels were found for these images']];
}

/** Of a model that is given a picture: no figure below is of the image alone. */
function conditionRow(
  { condition }: ScoreImagesSummary,
  file: string | undefined,
): Array<[string, string, string]> {
  if (!condition) return [];
  const from = condition.kind === 'shrunken' ? '' : `, of ${file ?? 'the file beside the images'}`;
  return [['given', 'picture', `p(x | ${condition.words})${from}`]];
}

/** [H][W][C] */
function nested(values: readonly number[], { height, width, channels }: ScoreImagesSummary): number[][][] {
  return Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => {
      const at = (row * width + column) * channels;
      return values.slice(at, at + channels);
    }),
  );
}

async function writeTable(
  session: Session,
  summary: ScoreImagesSummary,
  perImage: readonly number[],
  { file, labels, condition }: ScoreImagesOptions,
): Promise<void> {
  const { images, height, width, channels, levels, likelihood, nll } = summary;
  const of = `over ${count(images)} ${images === 1 ? 'image' : 'images'} of ${width} × ${height} × ${channels}`;
  const error = summary.standardError === null ? '' : ` ± ${decimal(summary.standardError)} (standard error)`;
  const worst = perImage.reduce((at, value, index) => (value > (perImage[at] ?? -Infinity) ? index : at), 0);
  await session.out.line(
    table([
      ['file', '', file],
      ['model', '', `${summary.model} (${summary.family}, on ${summary.device})`],
      ['levels', count(levels), `by ${summary.quantize}`],
      ...givenRow(summary, labels === false),
      ...conditionRow(summary, condition),
      ['bits/dim', decimal(summary.bitsPerDim), `bits/subpixel ${of}${error} (${likelihood})`],
      ['nats/image', decimal(nll / images), `nats ${of} (${likelihood})`],
      ['nll', decimal(nll), `nats ${of} (${likelihood})`],
      [
        'least likely',
        decimal(perImage[worst] ?? NaN),
        `nats, image ${worst} of 0 to ${images - 1} (${likelihood})`,
      ],
    ]),
  );
}
