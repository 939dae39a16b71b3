// The Image sampler's host inside the test page: the real session over a toy engine of grey or RGB images, which draws
// what follows from seed, image and place alone, step by step, as the real one does.
import { readChoice } from '../../../src/host/imageSampler/choice';
import { ImageSamplerFeed } from '../../../src/host/imageSampler/feed';
import { ImageSamplerSession } from '../../../src/host/imageSampler/imageSamplerSession';
import { contentOf } from '../../../src/host/imageSampler/samplerContent';
import type { Client } from '../../../src/protocol/calls';
import type { EngineCalls } from '../../../src/protocol/engine';
import { ArLensError } from '../../../src/protocol/errors';
import type { GivenConditions, ImageCondition } from '../../../src/protocol/imageCondition';
import type { ImageModelInfo } from '../../../src/protocol/imageSets';
import type {
  ImageSamplerNext,
  ImageSamplerParams,
  ImageSamplerProgress,
} from '../../../src/protocol/imageSampler';
import type {
  ImageSamplerChoice,
  ImageSamplerContent,
  ImageSamplerHostCalls,
  ImageSamplerViewCalls,
} from '../../../src/protocol/imageSamplerView';
import type { ViewState } from '../../../src/protocol/views';
import { channel, firstState, heard, kept, note, violations } from './pageHost';

interface Fixture {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly levels: number;
  readonly classes: number;
  readonly classNames?: readonly string[];
  /** Steps drawn when the view opens. */
  readonly steps: number;
  readonly choice?: Partial<ImageSamplerChoice>;
  readonly content: Partial<ImageSamplerContent>;
  readonly model?: Partial<ImageSamplerContent['model']>;
  readonly given?: GivenConditions;
}

const GREY: Fixture = {
  height: 14,
  width: 14,
  channels: 1,
  levels: 256,
  classes: 10,
  steps: 120,
  content: {},
};
/** Two by two blocks of two shades, another pair for each image. */
const SMALL: ImageCondition = { kind: 'shrunken', words: 'its picture at 1/7 of its height and width' };
const conditioned = (count: number): Fixture => ({
  ...GREY,
  classes: 0,
  choice: {
    settings: { seed: 1, temperature: 1, condition: { file: '/w/digits.idx', image: 2 } },
    count,
    perSecond: 100,
  },
  model: { title: `Gated PixelCNN given ${SMALL.words}`, condition: SMALL },
  given: {
    ...SMALL,
    source: 'digits.idx',
    indices: Array<number>(count).fill(2),
    ...{ height: 14, width: 14, channels: 1 },
    pixels: Uint8Array.from({ length: count * 196 }, (_, at) => (at % 14 < 7 ? 40 : 220)),
  },
});

const FIXTURES: Readonly<Record<string, Fixture>> = {
  result: {
    ...GREY,
    choice: {
      settings: { seed: 5, temperature: 0.8, label: 3, guidance: 2 },
      count: 9,
      perSecond: 100,
      image: 4,
    },
  },
  branched: { ...GREY, steps: 14 * 14, classes: 0, choice: { count: 4, image: 1 } },
  cut: { ...GREY, classes: 0, choice: { settings: { seed: 1, temperature: 0.7, topK: 60, topP: 0.9 } } },
  named: { ...GREY, classes: 3, classNames: ['emblems', 'emotes', 'mimetypes'], steps: 0 },
  fresh: { ...GREY, steps: 0, classes: 0 },
  running: { ...GREY, content: { running: true, elementsPerSecond: 4321 } },
  complete: { ...GREY, levels: 2, steps: 14 * 14, classes: 0 },
  rgb: { ...GREY, channels: 3, levels: 8, steps: 200, classes: 0 },
  conditioned: conditioned(3),
  kept: {
    ...GREY,
    content: {
      keeping: {
        file: 'five.png',
        levels: new Uint8Array(14 * 14).fill(200),
        region: { top: 0, left: 0, bottom: 7, right: 14 },
      },
    },
  },
};

let shown = firstState;
const fixture = (): Fixture => FIXTURES[shown] ?? GREY;
const sizeOf = ({ height, width, channels }: Fixture): number => height * width * channels;

/** A level of an image: a bright diagonal that moves with the image, and another one for another seed. */
export function levelAt(
  { levels, width, channels, choice }: Fixture,
  image: number,
  place: number,
  seed: number,
): number {
  const pixel = Math.floor(place / channels);
  const shift = (image + seed - (choice?.settings?.seed ?? 1)) % 5;
  const distance = Math.abs((pixel % width) - Math.floor(pixel / width) + shift - 2);
  return Math.max(0, Math.round((levels - 1) * (1 - distance / 4)));
}

function nextOf(
  own: Fixture,
  { image, settings }: ImageSamplerParams,
  step: number,
): ImageSamplerNext | null {
  if (step >= sizeOf(own)) return null;
  const pixel = Math.floor(step / own.channels);
  const weights = Array.from({ length: own.levels }, (_, level) =>
    Math.exp(-(((level - own.levels / 3) / (own.levels / 5)) ** 2)),
  );
  const sum = weights.reduce((total, one) => total + one, 0);
  const kept = weights.map((weight, level) =>
    settings.topK === undefined || Math.abs(level - own.levels / 3) < settings.topK / 2
      ? weight ** (1 / Math.max(0.1, settings.temperature))
      : 0,
  );
  const keptSum = kept.reduce((total, one) => total + one, 0);
  return {
    row: Math.floor(pixel / own.width),
    column: pixel % own.width,
    channel: step % own.channels,
    logProb: Float32Array.from(weights, (weight) => Math.log(weight / sum)),
    probability: Float32Array.from(kept, (weight) => weight / keptSum),
    level: levelAt(own, image, step, settings.seed),
    isKept: false,
  };
}

interface AskOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (value: ImageSamplerProgress) => unknown;
}

/** Draws without a pause; each level costs one bit. */
function runOf(params: ImageSamplerParams, { signal, onProgress }: AskOptions) {
  const own = fixture();
  const { path, count, length, settings, image, force, drawn = [...Array(count).keys()] } = params;
  if (signal?.aborted === true) throw new ArLensError('cancelled', 'Paused.');
  const from = path.length / count;
  const to = Math.min(sizeOf(own), from + length);
  const next = nextOf(own, params, to);
  if (to > from) {
    const places = Int32Array.from({ length: to - from }, (_, step) => from + step);
    const values = new Uint8Array(places.length * count);
    places.forEach((place, step) => {
      for (const each of drawn) values[step * count + each] = levelAt(own, each, place, settings.seed);
    });
    if (force !== undefined) values[image] = force;
    onProgress?.({ places, values, logProb: new Float32Array(values.length).fill(-Math.LN2), next });
  }
  return { next, elementsPerSecond: 4321 };
}

const engine = async (method: string, params: unknown, options?: AskOptions): Promise<unknown> => {
  await Promise.resolve();
  if (method === 'imageModel') return modelOf(fixture());
  if (method === 'imageConditions') return fixture().given ?? null;
  return runOf(params as ImageSamplerParams, options ?? {});
};

function modelOf(own: Fixture): ImageModelInfo {
  const { height, width, channels, levels, classes, classNames = [] } = own;
  return {
    family: 'gatedPixelcnn',
    title: 'Gated PixelCNN',
    device: 'simd, avx512',
    likelihood: 'exact',
    ...{ height, width, channels, levels, classes, classNames },
    takesAnySize: true,
    quantize: 'round',
    condition: null,
    ...own.model,
  };
}

const view = channel.client<ImageSamplerViewCalls>();
const button = { label: 'Open Sampler', command: 'arLens.openSampler' };
let session: ImageSamplerSession;
let feed: ImageSamplerFeed | undefined;

function stateOf(): ViewState<ImageSamplerContent> {
  if (shown === 'empty') return { kind: 'empty', sentence: 'No model is open.', button };
  if (shown === 'working') return { kind: 'working', doing: 'Reading digits', cancel: false };
  if (shown === 'failed')
    return { kind: 'failed', sentence: 'model.safetensors ends at byte 4 096: expected 5 321 984.', button };
  const content = contentOf(session, 'digits 2026-11-25 10:00:00');
  if (content === undefined) return { kind: 'working', doing: 'Reading digits', cancel: false };
  return { kind: 'result', content: { ...content, ...fixture().content } };
}

async function show(name: string): Promise<void> {
  shown = name;
  feed?.stop();
  const own = fixture();
  const choice: ImageSamplerChoice = {
    run: '/w/.arlens/runs/digits/a',
    settings: { seed: 1, temperature: 1 },
    count: 1,
    perSecond: 0,
    image: 0,
    ...own.choice,
  };
  // As the host does after a reload: what VS Code kept is what was there.
  session = new ImageSamplerSession(
    engine as unknown as Client<EngineCalls>,
    readChoice(kept()) ?? choice,
    kept(),
  );
  await session.open();
  if (FIXTURES[name] !== undefined && session.drawing.tree(session.choice.image).branches.length === 0) {
    for (let step = 0; step < own.steps; step++) await session.step();
    if (name === 'branched') await branch();
  }
  feed = new ImageSamplerFeed(session, view, stateOf, (sentence) => violations.push(sentence));
  session.changes.on(() => feed?.later());
  feed.start();
}

/** By hand, with another seed, and cooler from the middle on. */
async function branch(): Promise<void> {
  const { settings } = session.choice;
  await session.go(0, 40);
  await session.step(255);
  await session.run();
  session.name(1, 'bright');
  await session.go(1, 100);
  await session.anew();
  await session.go(0, 60);
  await session.change({ settings: { ...settings, seed: 3, temperature: 0.5 } });
  for (let step = 0; step < 30; step++) await session.step();
  await session.change({ settings: { ...settings, seed: 3, temperature: 0.2, topP: 0.9 } });
  for (let step = 0; step < 20; step++) await session.step();
}

const hear =
  <Params>(method: string, work: (params: Params) => Promise<void> | void) =>
  async (params: Params): Promise<undefined> => {
    heard.push({ method, params });
    await work(params);
    return undefined;
  };

channel.serve<ImageSamplerHostCalls>({
  ready: hear('ready', () => show(shown)),
  command: note('command'),
  cancel: note('cancel'),
  copy: note('copy'),
  save: note('save'),
  keepFrom: note('keepFrom'),
  region: note('region'),
  conditionFrom: note('conditionFrom'),
  toLogProbs: note('toLogProbs'),
  run: hear('run', () => void session.run()),
  anew: hear('anew', () => void session.anew()),
  pause: hear('pause', () => session.pause()),
  back: hear('back', () => session.back()),
  begin: hear('begin', () => session.begin()),
  clear: hear('clear', () => session.clear()),
  step: hear('step', () => session.step()),
  force: hear('force', ({ level }) => session.step(level)),
  go: hear('go', ({ branch, step, turn }) => session.go(branch, step, turn)),
  name: hear('name', ({ branch, name }) => session.name(branch, name)),
  change: hear('change', (change) => session.change(change)),
});

/** Whether the view shows the kind of state it was sent. */
const settled = () => document.querySelector('main')?.dataset.state === stateOf().kind;

export const imageSamplerHarness = { settled, heard, violations, show };
Object.assign(window, {
  harness: {
    ...imageSamplerHarness,
    /** What the view should show, for comparison. */
    truth: () => ({
      content: contentOf(session, ''),
      images: Array.from(session.drawing.trees, (tree) => Array.from(tree.read(0).levels)),
    }),
  },
});
