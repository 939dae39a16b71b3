// The Image sampler's host inside the test page: a small model of grey or RGB images that draws what follows from seed,
// image and place alone, step by step, as the real one does.
import type { GivenConditions, ImageCondition } from '../../../src/protocol/imageCondition';
import type { ImageSamplerNext } from '../../../src/protocol/imageSampler';
import type {
  DrawnPart,
  ImageSamplerContent,
  ImageSamplerHostCalls,
  ImageSamplerViewCalls,
} from '../../../src/protocol/imageSamplerView';
import type { ViewState } from '../../../src/protocol/views';
import { channel, firstState, heard, note, violations } from './pageHost';

interface Fixture {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly levels: number;
  readonly classes: number;
  readonly classNames?: readonly string[];
  /** Steps drawn when the view opens. */
  readonly steps: number;
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
  content: {
    choice: {
      run: '/w/.arlens/runs/digits/a',
      settings: { seed: 1, temperature: 1, condition: { file: '/w/digits.idx', image: 2 } },
      count,
      perSecond: 100,
      image: 0,
    },
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
    content: {
      choice: {
        run: '/w/.arlens/runs/digits/a',
        settings: { seed: 5, temperature: 0.8, label: 3, guidance: 2 },
        count: 9,
        perSecond: 100,
        image: 4,
      },
      under: 'the guided distribution',
    },
  },
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

const view = channel.client<ImageSamplerViewCalls>();

channel.serve<ImageSamplerHostCalls>({
  ready: async () => {
    heard.push({ method: 'ready', params: undefined });
    await show(shown);
    return undefined;
  },
  command: note('command'),
  cancel: note('cancel'),
  copy: note('copy'),
  save: note('save'),
  run: note('run'),
  pause: note('pause'),
  back: note('back'),
  clear: note('clear'),
  change: note('change'),
  keepFrom: note('keepFrom'),
  region: note('region'),
  conditionFrom: note('conditionFrom'),
  toLogProbs: note('toLogProbs'),
  force: async ({ level }) => {
    heard.push({ method: 'force', params: { level } });
    await add(level);
    return undefined;
  },
  step: async () => {
    heard.push({ method: 'step', params: undefined });
    await add(undefined);
    return undefined;
  },
});

let [serial, steps] = [0, 0];
const fixture = (): Fixture => FIXTURES[shown] ?? GREY;
const sizeOf = ({ height, width, channels }: Fixture): number => height * width * channels;

/** A level of an image: a bright diagonal that moves with the image. */
export function levelAt({ levels, width, channels }: Fixture, image: number, place: number): number {
  const pixel = Math.floor(place / channels);
  const distance = Math.abs((pixel % width) - Math.floor(pixel / width) + (image % 5) - 2);
  return Math.max(0, Math.round((levels - 1) * (1 - distance / 4)));
}

function contentOf(name: string): ImageSamplerContent {
  const own = FIXTURES[name] ?? GREY;
  const { height, width, channels, levels, classes, classNames = [], content } = own;
  const base: ImageSamplerContent = {
    choice: {
      run: '/w/.arlens/runs/digits/a',
      settings: { seed: 1, temperature: 1 },
      count: 1,
      perSecond: 0,
      image: 0,
    },
    label: 'digits 2026-11-25 10:00:00',
    model: {
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
      quantize: 'round',
      condition: null,
      ...own.model,
    },
    step: steps,
    steps: sizeOf(own),
    serial,
    running: false,
    elementsPerSecond: null,
    next: nextOf(own),
    under: 'the model',
    keeping: null,
    problem: '',
  };
  return { ...base, ...content };
}

function nextOf(own: Fixture): ImageSamplerNext | null {
  if (steps >= sizeOf(own)) return null;
  const pixel = Math.floor(steps / own.channels);
  const weights = Array.from({ length: own.levels }, (_, level) =>
    Math.exp(-(((level - own.levels / 3) / (own.levels / 5)) ** 2)),
  );
  const sum = weights.reduce((total, one) => total + one, 0);
  return {
    row: Math.floor(pixel / own.width),
    column: pixel % own.width,
    channel: steps % own.channels,
    logProb: Float32Array.from(weights, (weight) => Math.log(weight / sum)),
    probability: Float32Array.from(weights, (weight) => weight ** 1.25 / sum ** 1.25),
    level: Math.floor(own.levels / 3),
    isKept: false,
  };
}

function partOf(own: Fixture, count: number, from: number, to: number, forced?: number): DrawnPart {
  const places = Int32Array.from({ length: to - from }, (_, step) => from + step);
  const values = new Uint8Array(places.length * count);
  places.forEach((place, step) => {
    for (let image = 0; image < count; image++) values[step * count + image] = levelAt(own, image, place);
  });
  if (forced !== undefined) values[0] = forced;
  return { serial, from, places, values, logProb: new Float32Array(values.length).fill(-Math.LN2) };
}

async function add(forced: number | undefined): Promise<void> {
  const own = fixture();
  await view('drawn', partOf(own, contentOf(shown).choice.count, steps, steps + 1, forced));
  steps++;
  await view('state', { kind: 'result', content: contentOf(shown) });
}

const button = { label: 'Open Sampler', command: 'arLens.openSampler' };
function stateOf(name: string): ViewState<ImageSamplerContent> {
  if (name === 'empty') return { kind: 'empty', sentence: 'No model is open.', button };
  if (name === 'working') return { kind: 'working', doing: 'Reading digits', cancel: false };
  if (name === 'failed')
    return { kind: 'failed', sentence: 'model.safetensors ends at byte 4 096: expected 5 321 984.', button };
  return { kind: 'result', content: contentOf(name) };
}

async function show(name: string): Promise<void> {
  shown = name;
  serial++;
  steps = 0;
  if (FIXTURES[name] !== undefined) {
    const own = fixture();
    if (own.steps > 0) await view('drawn', partOf(own, contentOf(name).choice.count, 0, own.steps));
    steps = own.steps;
  }
  await view('given', { given: FIXTURES[name]?.given ?? null });
  await view('state', stateOf(name));
}

/** Whether the view shows the kind of state it was sent. */
const settled = () => document.querySelector('main')?.dataset.state === stateOf(shown).kind;

export const imageSamplerHarness = { settled, heard, violations, show };
Object.assign(window, { harness: imageSamplerHarness });
