// Made-up but plausible states for the views: a byte-level run with all that a panel can show, and an annotated text.
import type {
  LikelihoodContent,
  TrainingContent,
  TrainingViewCalls,
  ViewState,
} from '../../../src/protocol/views';

type Append = TrainingViewCalls['append']['params'];
const BATCH = { rows: 26, length: 256 };
const PLAN = 10_000;

/** A small generator, so that every picture is the same. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Bits per byte at a step: uniform, then unigrams, then a power law; `lag` slows it down. */
const bitsAt = (step: number, lag = 1) =>
  1.55 + 3.2 * (1 + step / lag / 55) ** -0.62 + 3.25 * Math.exp(-step / lag / 9);
const nats = (bits: number) => bits * Math.LN2;

export function stepRows(from: number, to: number, seed = 11) {
  const next = generator(seed + from);
  const length = to - from + 1;
  const step = Float64Array.from({ length }, (_, i) => from + i);
  const noise = () => next() + next() + next() - 1.5;
  return {
    step,
    loss: Float32Array.from(step, (at) => nats(bitsAt(at) + 0.09 * noise())),
    learningRate: Float32Array.from(step, (at) =>
      at < 100 ? at * 1e-5 : 1e-3 * (0.1 + 0.45 * (1 + Math.cos((Math.PI * (at - 100)) / (PLAN - 100)))),
    ),
    gradientNorm: Float32Array.from(
      step,
      (at) => 0.32 + 2.2 * Math.exp(-at / 14) + 0.1 * Math.abs(noise()) + (next() > 0.985 ? 0.7 : 0),
    ),
  };
}

function evaluation(step: number, bits: number): TrainingContent['evaluations'][number] {
  return {
    type: 'evaluation',
    step,
    split: 'validation',
    nats: nats(bits),
    bits,
    unit: 'byte',
    count: 111_540,
    badge: 'exact',
  };
}

function evaluations(last: number, lag = 1) {
  const steps: number[] = [];
  for (let step = 1; step < last; step = Math.max(step + 1, Math.round(step * 1.28))) steps.push(step);
  return [...steps, last].map((step) =>
    evaluation(step, bitsAt(step, lag) + 0.04 + 0.235 * (step / 6000) ** 1.1),
  );
}

const WRITTEN: ReadonlyArray<readonly [step: number, bits: number, text: string]> = [
  [10, 5.64, ' eiha  ntosh lr,e  a tdh\n oe'],
  [100, 3.31, '\nthe ans wor merd hi soun, aild\nYou ther I whe or mes thit\nfom and ye'],
  [
    1000,
    2.05,
    '\nI will the have of the sonse to me,\nAnd the wilt she for my stand the lord of,\nThat hear so.',
  ],
  [
    6000,
    1.42,
    '\nWhat say you, gentle friend? The hour is late,\nAnd I have yet to speak with her I love.\n\nNurse:\nPeace, sir; my lady sleeps.',
  ],
];

export function trainingContent(last = 6240): TrainingContent {
  const other = stepRows(1, 4000, 3);
  return {
    record: {
      format: 1,
      run: '/workspace/.arlens/runs/shakespeare/1',
      name: 'shakespeare',
      family: 'gpt',
      title: 'byte-level Transformer, 6 layers, 6 heads, width 384',
      status: 'running',
      created: '2026-01-01T11:48:00Z',
      device: 'simd (native, AVX-512, 2 threads)',
      parameters: 10_700_000,
      step: last,
      steps: PLAN,
      seed: 1337,
      data: {
        sha256: '0'.repeat(64),
        files: 1,
        bytes: 1_115_394,
        tokens: 1_115_394,
        trainTokens: 1_003_854,
        validationTokens: 111_540,
        split: 'the last tenth',
        bytesPerElement: 1,
      },
      floors: [
        { label: 'uniform over 256 bytes', nats: nats(8) },
        { label: 'unigram entropy', nats: nats(4.78) },
        { label: 'bigram entropy', nats: nats(3.47) },
      ],
    },
    specName: 'shakespeare.arlens.json',
    batch: BATCH,
    clip: 1,
    ...stepRows(1, last),
    elementsPerSecond: 41_200,
    secondsLeft: 607,
    evaluations: evaluations(last),
    samples: WRITTEN.filter(([step]) => step <= last).map(([step, bits, text]) => ({
      type: 'sample',
      step,
      prompt: 'ROMEO:',
      text,
      seed: 42,
      temperature: 0.8,
      nll: nats(bits) * text.length,
      count: text.length,
    })),
    compared: [
      {
        run: '/workspace/.arlens/runs/shakespeare/0',
        label: '12:40, lr 3e-4',
        step: other.step,
        loss: other.loss,
        evaluations: evaluations(4000, 1.9),
      },
    ],
    comparable: [
      { run: '/workspace/.arlens/runs/shakespeare/0', label: '12:40, lr 3e-4' },
      { run: '/workspace/.arlens/runs/chain/2', label: 'chain, 09:15' },
    ],
  };
}

/** `rows` more steps after `from`, as a running job would report them. */
export function appendOf(content: TrainingContent, from: number, rows: number): Append {
  const { record } = content;
  return {
    ...stepRows(from + 1, from + rows),
    elementsPerSecond: 41_200,
    secondsLeft: 300,
    record: { ...record, step: from + rows, steps: Math.max(record.steps, from + rows) },
    evaluations: [],
    samples: [],
  };
}

const BITS = [61, 24, 22, 19, 17, 13, 9, 6, 4, 3, 1, 2] as const;

export function likelihoodContent(): LikelihoodContent {
  return {
    file: 'notes/water.md',
    model: 'shakespeare, step 6 240',
    device: 'simd (native)',
    figures: [
      { value: 2.004, unit: 'bits/byte', count: 812, of: 'bytes', badge: 'exact' },
      { value: 9.62, unit: 'perplexity', count: 181, of: 'tokens', badge: 'exact' },
      { value: 3.266, unit: 'bits/token', count: 181, of: 'tokens', badge: 'exact' },
    ],
    histogram: BITS,
    threshold: 3,
    worst: [
      { token: 31, line: 4, text: ' sings', bits: 11.6 },
      { token: 4, line: 3, text: 'Water', bits: 9.8 },
      { token: 92, line: 8, text: '\t\n', bits: 9.7 },
      { token: 40, line: 1205, text: ' a very long token that will not fit', bits: 9.4 },
      { token: 1, line: 1, text: '\u200d\u0301', bits: 9.3 },
      { token: 120, line: 12, text: ' beside', bits: 8.6 },
    ],
    note: '2 characters were never seen in training: this likelihood does not compare with other models’.',
    window: { context: 256, stride: 128 },
  };
}

function without<Whole extends object, Key extends keyof Whole>(
  whole: Whole,
  ...keys: Key[]
): Omit<Whole, Key> {
  const rest = { ...whole };
  for (const key of keys) Reflect.deleteProperty(rest, key);
  return rest;
}

/** Just begun: no evaluation, no sample, no time left known, nothing to compare with. */
function freshContent(): TrainingContent {
  const content = without(trainingContent(3), 'batch', 'clip');
  const record = { ...content.record, floors: [], step: 3, parameters: 812 };
  return {
    ...content,
    record,
    evaluations: [],
    samples: [],
    compared: [],
    comparable: [],
    secondsLeft: null,
    elementsPerSecond: 0,
  };
}

/** A character model on a two-state chain whose entropy rate is known; it failed after a spike, its bound is no exact one. */
function failedRunContent(): TrainingContent {
  const content = trainingContent(600);
  const floors = [
    { label: 'uniform over 2 characters', nats: nats(1) },
    { label: 'entropy rate', nats: nats(0.468996) },
    { label: 'bigram entropy', nats: nats(0.47) },
  ];
  const shrunk = (value: number) => nats(0.47 + (0.5 * Math.max(0, value / Math.LN2 - 2)) / 6);
  return {
    ...content,
    specName: 'a-very-long-name-of-a-specification-that-goes-on-and-on-for-a-while.arlens.json',
    record: {
      ...content.record,
      status: 'failed',
      failure:
        'The disk is full: the checkpoint of step 600 could not be written; the one of step 500 is whole.',
      floors,
      steps: 600,
    },
    loss: content.loss.map((value, step) => (step === 300 ? NaN : shrunk(value))),
    gradientNorm: content.gradientNorm.map((value, step) => (step === 299 ? 4000 : value)),
    evaluations: content.evaluations.map((one) => ({
      ...one,
      nats: shrunk(one.nats),
      unit: 'character',
      badge: 'bound',
    })),
    compared: [
      ...content.compared.map((one) => ({
        ...one,
        label: 'a run with a long label, 09:15, lr 3e-4, seed 2',
      })),
      ...content.compared,
    ].map((one) => ({
      ...one,
      evaluations: one.evaluations.map((each) => ({ ...each, nats: shrunk(each.nats) })),
    })),
  };
}

/** One token, no model figure but the token's, nothing surprising. */
function shortContent(): LikelihoodContent {
  const content = without(likelihoodContent(), 'note', 'window');
  return {
    ...content,
    file: 'a/very/long/path/that/does/not/fit/into/the/side/bar/of/a/small/window/notes.md',
    figures: [{ value: 0.004, unit: 'bits/byte', count: 1, of: 'byte', badge: 'bound' }],
    histogram: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    threshold: 12,
    worst: [],
  };
}

const button = { label: 'Annotate this file', command: 'arLens.annotate' };
export const STATES: Readonly<
  Record<string, (view: string) => ViewState<TrainingContent | LikelihoodContent>>
> = {
  empty: (view) => ({
    kind: 'empty',
    sentence: view === 'training' ? 'No run is open.' : 'Nothing is annotated yet.',
    button: view === 'training' ? { label: 'Train a model', command: 'arLens.train' } : button,
  }),
  working: () => ({ kind: 'working', doing: 'Reading shakespeare.txt', share: 0.42, cancel: true }),
  waiting: () => ({ kind: 'working', doing: 'Starting the engine', cancel: false }),
  result: (view) => ({
    kind: 'result',
    content: view === 'training' ? trainingContent() : likelihoodContent(),
  }),
  fresh: () => ({ kind: 'result', content: freshContent() }),
  failedRun: () => ({ kind: 'result', content: failedRunContent() }),
  short: () => ({ kind: 'result', content: shortContent() }),
  failed: () => ({
    kind: 'failed',
    sentence: 'model.safetensors ends at byte 4 096, but its header promises 5 321 984.',
    button: { label: 'Show the log', command: 'arLens.showLog' },
  }),
};
