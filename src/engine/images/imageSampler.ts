// The `imageSamplerRun` call: images drawn side by side, sub-pixel by sub-pixel, from wherever a path has come to. A
// decoder is kept at the end of the last path, so that the next step costs one step; any other path is fed anew.
import { stat } from 'node:fs/promises';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { argmax } from '../../decoding/distribution';
import { filter, type FilterOptions, type Filtered } from '../../decoding/filter';
import { subpixelsOf, type ImageFacts, type ImageModel } from '../../families/imageFamily';
import { placeOf } from '../../families/imageModel';
import { uniformAt } from '../../math/counterRng';
import type { CallContext } from '../../protocol/calls';
import { ArLensError } from '../../protocol/errors';
import type {
  ImageSamplerNext,
  ImageSamplerParams,
  ImageSamplerProgress,
  ImageSamplerResult,
} from '../../protocol/imageSampler';
import { DRAW_STREAM, guided, pick, type Source } from './drawImages';
import { drawnConditions, type DrawnConditions } from './drawnConditions';
import type { LoadedImageModel } from './imageFolder';

const MOST_IMAGES = 256;
/** Milliseconds between two reports: a frame. */
const FRAME = 16;

interface Standing {
  /** A model that was loaded again is another one: the first one's weights are gone. */
  readonly model: ImageModel;
  readonly key: string;
  readonly source: Source;
  /** [steps, count]: what it was fed. */
  fed: Uint8Array;
}

/** What every drawing is given; the same for the same key. */
interface GivenDrawings {
  readonly key: string;
  readonly drawn: DrawnConditions;
}

export class ImageSampler {
  private given: GivenDrawings | undefined;
  private standing: Standing | undefined;
  private last: Promise<unknown> = Promise.resolve();

  /** One at a time: a decoder has one end. */
  run(
    loaded: LoadedImageModel,
    version: string,
    params: ImageSamplerParams,
    context: CallContext<ImageSamplerProgress>,
  ): Promise<ImageSamplerResult> {
    const result = this.last.then(() => this.draw(loaded, version, params, context));
    this.last = result.catch(() => undefined);
    return result;
  }

  private async draw(
    loaded: LoadedImageModel,
    version: string,
    params: ImageSamplerParams,
    context: CallContext<ImageSamplerProgress>,
  ): Promise<ImageSamplerResult> {
    const { model, facts } = loaded;
    check(params, facts, model.classes);
    const { count, path, settings } = params;
    const { label, guidance } = settings;
    const conditions = await this.conditions(loaded, version, params);
    const key = JSON.stringify([version, count, label ?? null, guidance ?? null, conditions?.key ?? null]);
    const standing = await this.standAt({ model, key }, path, count, context.signal, () =>
      guided(model, {
        count,
        ...(label === undefined ? {} : { labels: labelsOf(label, count, model.classes) }),
        ...(guidance === undefined ? {} : { guidance }),
        ...(conditions ? { condition: conditions.drawn.values } : {}),
      }),
    );
    try {
      return await this.drawOn(standing, facts, params, context);
    } catch (error) {
      // What nobody stands on any more would keep its memory.
      if (this.standing?.source !== standing.source) standing.source.dispose();
      throw error;
    }
  }

  /** What drawings of these settings are given; read once, and again when something else is asked for. */
  async conditions(
    loaded: LoadedImageModel,
    version: string,
    { count, settings: { condition }, kept }: Pick<ImageSamplerParams, 'count' | 'settings' | 'kept'>,
  ): Promise<GivenDrawings | null> {
    if (!loaded.facts.condition && condition === undefined) return null;
    const levels = condition === undefined ? kept?.levels : undefined;
    const changed =
      condition?.file === undefined ? undefined : await stat(condition.file).catch(() => undefined);
    const key = JSON.stringify([
      version,
      count,
      condition ?? null,
      levels ? [...levels] : null,
      changed?.mtimeMs ?? null,
    ]);
    if (this.given?.key === key) return this.given;
    const asked = { count, ...(condition ? { condition } : {}), ...(levels ? { kept: levels } : {}) };
    const drawn = await drawnConditions(loaded, asked);
    if (drawn) this.given = { key, drawn };
    return drawn && { key, drawn };
  }

  private async drawOn(
    standing: Standing,
    facts: ImageFacts,
    params: ImageSamplerParams,
    { signal, progress }: CallContext<ImageSamplerProgress>,
  ): Promise<ImageSamplerResult> {
    const { count, path, length, perSecond, image } = params;
    const { source } = standing;
    const size = subpixelsOf(facts);
    const first = path.length / count;
    const end = Math.min(size, first + length);
    const fed = new Uint8Array(end * count);
    fed.set(path);
    const part = { places: [] as number[], values: [] as number[], logProb: [] as number[] };
    const began = performance.now();
    let reported = began;
    // Until it has come to an end whole, the decoder stands nowhere that is known.
    this.standing = undefined;
    for (let step = first; step < end; step++) {
      const forced = step === first ? params.force : undefined;
      const values = await choose(source, facts, params, forced, (logProb) => part.logProb.push(logProb));
      part.places.push(source.position);
      part.values.push(...values);
      fed.set(values, step * count);
      source.set(values);
      const due = began + (perSecond > 0 ? ((step + 1 - first) * 1000) / perSecond : 0);
      const wait = due - performance.now();
      if (wait > 0) await sleep(wait, undefined, { signal }).catch(() => undefined);
      if (performance.now() - reported >= FRAME || step === end - 1 || signal.aborted) {
        const next = step === size - 1 ? null : await nextOf(source, facts, params, image);
        if (signal.aborted) {
          this.standing = { ...standing, fed: fed.slice(0, (step + 1) * count) };
          throw new ArLensError('cancelled', 'Sampling was paused.');
        }
        await progress({
          places: Int32Array.from(part.places),
          values: Uint8Array.from(part.values),
          logProb: Float32Array.from(part.logProb),
          next,
        });
        [part.places, part.values, part.logProb] = [[], [], []];
        reported = performance.now();
        await nextTurn();
      }
    }
    this.standing = { ...standing, fed };
    const seconds = (performance.now() - began) / 1000;
    return {
      next: end === size ? null : await nextOf(source, facts, params, image),
      elementsPerSecond: end === first ? 0 : ((end - first) * (params.drawn?.length ?? count)) / seconds,
    };
  }

  /** A decoder that was fed just this path. */
  private async standAt(
    { model, key }: Pick<Standing, 'model' | 'key'>,
    path: Uint8Array,
    count: number,
    signal: AbortSignal,
    make: () => Source,
  ): Promise<Standing> {
    const known = this.standing;
    const usable = known?.model === model && known.key === key && startsWith(path, known.fed);
    if (!usable) known?.source.dispose();
    this.standing = undefined;
    const standing = usable ? known : { model, key, source: make(), fed: new Uint8Array(0) };
    try {
      for (let from = standing.fed.length; from < path.length; from += count) {
        standing.source.set(path.subarray(from, from + count));
        if ((from / count) % 64 !== 63) continue;
        await nextTurn();
        if (signal.aborted) throw new ArLensError('cancelled', 'Sampling was paused.');
      }
    } catch (error) {
      standing.source.dispose();
      throw error;
    }
    return standing;
  }
}

function labelsOf(label: number | 'each', count: number, classes: number): number[] {
  return Array.from({ length: count }, (_, image) => (label === 'each' ? image % classes : label));
}

/** The levels of all images at the next sub-pixel. */
async function choose(
  source: Source,
  facts: ImageFacts,
  { count, settings, kept, image: told, drawn: moving }: ImageSamplerParams,
  forced: number | undefined,
  note: (logProb: number) => void,
): Promise<Uint8Array> {
  const { position } = source;
  const logits = await source.next();
  const values = new Uint8Array(count);
  for (let image = 0; image < count; image++) {
    if (moving?.includes(image) === false) {
      note(0);
      continue;
    }
    const filtered = filter(row(logits, image, facts), filters(settings));
    const chosen =
      forced !== undefined && image === told
        ? forced
        : (keptAt(kept, position) ?? drawn(filtered, settings, image * subpixelsOf(facts) + position));
    values[image] = chosen;
    note(filtered.logProb[chosen] ?? NaN);
  }
  return values;
}

async function nextOf(
  source: Source,
  facts: ImageFacts,
  { settings, kept }: ImageSamplerParams,
  image: number,
): Promise<ImageSamplerNext | null> {
  const { position } = source;
  const size = subpixelsOf(facts);
  if (position >= size) return null;
  const filtered = filter(row(await source.next(), image, facts), filters(settings));
  const keptLevel = keptAt(kept, position);
  return {
    ...placeOf(facts, position),
    logProb: Float32Array.from(filtered.logProb),
    probability: Float32Array.from(filtered.probability),
    level: keptLevel ?? drawn(filtered, settings, image * size + position),
    isKept: keptLevel !== undefined,
  };
}

/** The same draw as `sample` makes with this seed. */
function drawn(
  { logProb, probability }: Filtered,
  { temperature, seed }: ImageSamplerParams['settings'],
  at: number,
): number {
  return temperature === 0 ? argmax(logProb) : pick(probability, uniformAt(seed, DRAW_STREAM, at));
}

function keptAt(kept: ImageSamplerParams['kept'], position: number): number | undefined {
  return kept?.where[position] === 1 ? kept.levels[position] : undefined;
}

const row = (logits: Float32Array, image: number, { levels }: ImageFacts): Float32Array =>
  logits.subarray(image * levels, (image + 1) * levels);

function filters({ temperature, topK, topP }: ImageSamplerParams['settings']): FilterOptions {
  return {
    temperature,
    ...(topK === undefined ? {} : { topK }),
    ...(topP === undefined ? {} : { topP }),
  };
}

const startsWith = (whole: Uint8Array, start: Uint8Array): boolean =>
  start.length <= whole.length && start.every((value, at) => value === whole[at]);

function check(params: ImageSamplerParams, facts: ImageFacts, classes: number): void {
  const { count, path, image, settings, force, length, kept, drawn: moving } = params;
  const size = subpixelsOf(facts);
  const fail = (sentence: string): never => {
    throw new ArLensError('badInput', sentence);
  };
  const whole = (name: string, value: number, least: number, most: number): void => {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    fail(`${name}: expected a whole number from ${least} to ${most}, got ${value}.`);
  };
  whole('count', count, 1, MOST_IMAGES);
  whole('image', image, 0, count - 1);
  whole('length', length, 0, size);
  whole('seed', settings.seed, 0, 4_294_967_295);
  const { levels } = facts;
  if (force !== undefined) whole('level', force, 0, levels - 1);
  if (settings.label !== undefined) {
    if (classes === 0) fail('class: expected none, because this model knows no classes, got one.');
    if (settings.label !== 'each') whole('class', settings.label, 0, classes - 1);
  } else if (settings.guidance !== undefined) fail('guidance: expected a class to be guided to, got none.');
  for (const each of moving ?? []) whole('drawn', each, 0, count - 1);
  if (moving?.includes(image) === false) fail('drawn: expected the image that is told of, got others.');
  if (path.length % count !== 0 || path.length > size * count || path.some((level) => level >= levels)) {
    fail(`path: expected levels below ${levels} of at most ${size} steps of ${count} images, got others.`);
  }
  if (kept && (kept.levels.length !== size || kept.where.length !== size)) {
    fail(`kept: expected ${size} sub-pixels, got ${kept.levels.length}.`);
  }
}
