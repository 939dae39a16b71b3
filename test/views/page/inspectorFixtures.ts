// Made-up but plausible states for the Inspector: a sure model that was wrong, many heads, one head, no attention.
import type { InspectedAttention, TokenInspection } from '../../../src/protocol/inspect';
import type { InspectedPixel, InspectedToken, InspectorContent } from '../../../src/protocol/inspectorView';
import type { ViewState } from '../../../src/protocol/views';

const WORDS =
  ' Celsius| C|,| degrees| Cels| cent|.| F| K| or| Fahrenheit| (| at| in| and| below| for| Kelvin| when| above'.split(
    '|',
  );
const CHANCES = [
  0.681, 0.094, 0.052, 0.037, 0.021, 0.014, 0.0105, 0.0084, 0.0071, 0.0062, 0.0056, 0.0049, 0.0041, 0.0037,
  0.0033, 0.0028, 0.0025, 0.0021, 0.0018, 0.0016,
];
const SEEN = [
  '<bos>',
  ' boiling',
  ' point',
  ' of',
  ' water',
  '\n',
  ' 100',
  ' degrees',
  '\u200d\u0301',
  ' a very long token',
];
const ATTENDED = 5;

function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Rows whose five strongest weights fall off by chance, the rest of each row unseen. */
export function attention(layers: number, heads: number, seed = 7): InspectedAttention {
  const next = noise(seed);
  const rows = (count: number) => {
    const place = new Int32Array(count * ATTENDED);
    const weight = new Float32Array(count * ATTENDED);
    for (let row = 0; row < count; row++) {
      let left = 1;
      const first = Math.floor(next() * SEEN.length);
      for (let k = 0; k < ATTENDED; k++) {
        const share = Math.min(left, k === 0 ? 0.05 + 0.9 * next() ** 3 : left * 0.4 * next());
        place[row * ATTENDED + k] = (first + k) % SEEN.length;
        weight[row * ATTENDED + k] = Math.min(share, k === 0 ? 1 : (weight[row * ATTENDED + k - 1] ?? 0));
        left -= share;
      }
    }
    return { place, weight };
  };
  const all = rows(layers * heads);
  const mean = rows(layers);
  return {
    layers,
    heads,
    positions: 40,
    attended: ATTENDED,
    ...all,
    total: new Float64Array(layers * heads).fill(1),
    entropy: new Float32Array(layers * heads).fill(2.2),
    meanPlace: mean.place,
    meanWeight: mean.weight,
    seen: SEEN.map((text, at) => ({ token: at - 1, id: 300 + at, text, start: 4 * at, end: 4 * at + 4 })),
  };
}

export function inspection(): TokenInspection {
  const sum = CHANCES.reduce((total, p) => total + p, 0);
  return {
    family: 'transformer',
    model: '/workspace/.arlens/runs/almanac/2026-11-20T08-00-00Z',
    device: 'simd, native avx2, 2 threads',
    likelihood: 'exact',
    vocabulary: 50_257,
    context: 256,
    stride: 128,
    tokens: 181,
    at: { token: 41, id: 10, text: ' Fahrenheit', start: 160, end: 171, byteStart: 160, byteEnd: 171 },
    before: 42,
    scored: {
      logProb: Math.log(0.0056),
      entropy: 2.4 * Math.LN2,
      rank: 11,
      top: WORDS.map((text, id) => ({ id, text, logProb: Math.log(CHANCES[id] ?? 0) })),
      rest: { count: 50_237, mass: 1 - sum },
    },
    attention: attention(12, 12),
  };
}

function content(changes: Partial<InspectedToken> = {}): InspectorContent {
  return {
    kind: 'token',
    file: 'water.md',
    line: 7,
    column: 49,
    model: 'almanac example',
    stale: false,
    pinned: false,
    inspection: inspection(),
    ...changes,
  };
}

/** A character model's small vocabulary, all of it in the list, one head in one layer; the token is a line end. */
function small(): TokenInspection {
  const whole = inspection();
  const chances = [0.6, 0.3, 0.09, 0.0099, 0.0001];
  return {
    ...whole,
    likelihood: 'bound',
    vocabulary: 5,
    at: { ...whole.at, id: 4, text: '\n' },
    scored: {
      logProb: Math.log(0.0001),
      entropy: 0.93,
      rank: 5,
      top: chances.map((p, id) => ({
        id,
        text: ['e', ' ', '\t', 'ß', '\n'][id] ?? '',
        logProb: Math.log(p),
      })),
      rest: { count: 0, mass: 0 },
    },
    attention: attention(1, 1),
  };
}

/** A token far behind the twenty most likely, under a table that has no attention, in a file with a long name. */
function unlikely(): TokenInspection {
  const whole = inspection();
  const { scored } = whole;
  return {
    ...whole,
    at: { ...whole.at, id: 4711, text: ' xylophone-with-a-long-tail' },
    scored: scored && { ...scored, logProb: Math.log(2e-7), rank: 31_213 },
    attention: {
      none: 'Markov table has no attention: it does not weigh earlier tokens by looking at them.',
    },
  };
}

/** A pixel of an image of 64 levels in colour, likeliest around other levels than those that are there. */
export function pixel(changes: Partial<InspectedPixel> = {}): InspectedPixel {
  const [channels, levels] = [3, 64];
  const logProb = Float32Array.from({ length: channels * levels }, (_, at) => {
    const [c, level] = [Math.floor(at / levels), at % levels];
    return Math.log(0.75 ** Math.abs(level - 20 * c - 10));
  });
  for (let c = 0; c < channels; c++) {
    const own = logProb.subarray(c * levels, (c + 1) * levels);
    const sum = own.reduce((total, each) => total + Math.exp(each), 0);
    own.forEach((each, level) => (own[level] = each - Math.log(sum)));
  }
  const level = Uint8Array.of(12, 60, 50);
  const parts = Array.from(level, (value, c) => ({
    value,
    own: logProb.subarray(c * levels, (c + 1) * levels),
  }));
  return {
    kind: 'pixel',
    file: 'icons-of-many-colours.idx',
    image: 11,
    row: 2,
    column: 16,
    model: 'icons 2026-11-25 10:00:00',
    about: {
      family: 'gatedPixelcnn',
      title: 'Gated PixelCNN',
      device: 'simd, avx512',
      likelihood: 'exact',
      height: 32,
      width: 32,
      channels,
      levels,
      classes: 3,
      classNames: ['circles', 'mimetypes and more', 'squares'],
      takesAnySize: true,
      quantize: 'round',
      condition: null,
    },
    pinned: false,
    distribution: {
      channels,
      levels,
      logProb,
      label: 1,
      level,
      entropy: Float32Array.from(parts, ({ own }) =>
        own.reduce((sum, each) => sum - Math.exp(each) * each, 0),
      ),
      rank: Uint16Array.from(
        parts,
        ({ value, own }) => 1 + own.filter((each) => each > (own[value] ?? 0)).length,
      ),
    },
    ...changes,
  };
}

const button = { label: 'Annotate Likelihood', command: 'arLens.annotate' };
const result = (changes?: Partial<InspectedToken>) => () =>
  ({ kind: 'result', content: content(changes) }) as const;

export const INSPECTOR_STATES: Readonly<Record<string, () => ViewState<InspectorContent>>> = {
  empty: () => ({
    kind: 'empty',
    sentence:
      'Annotate a text and put the cursor on a word, or point at a pixel of a scored image, to see what a model expected there.',
    button,
  }),
  working: () => ({ kind: 'working', doing: 'Scoring with almanac example', share: 0.42, cancel: true }),
  waiting: () => ({ kind: 'working', doing: 'Looking at the token under the cursor', cancel: false }),
  result: result(),
  pixel: () => ({ kind: 'result', content: pixel() }),
  pinnedPixel: () => ({ kind: 'result', content: pixel({ pinned: true }) }),
  pinned: result({ pinned: true }),
  stale: result({ stale: true }),
  small: result({ inspection: small() }),
  unlikely: result({
    inspection: unlikely(),
    file: 'a-name-that-is-too-long-for-the-side-bar.markdown',
    line: 12_345,
  }),
  unscored: result({
    inspection: {
      ...inspection(),
      scored: null,
      attention: { none: 'Nothing stands before this token to look at.' },
    },
  }),
  failed: () => ({
    kind: 'failed',
    sentence: 'The engine was ended by SIGKILL (sent from outside).',
    button: { label: 'Restart Engine', command: 'arLens.restartEngine' },
  }),
};
