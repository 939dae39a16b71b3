// Made-up states for the Causal mask view: networks that keep their masks, leak in several ways, use less than they
// declare, or are large. Numbers follow from the cells, as the engine's do.
import type { CausalMaskContent, ChecksContent } from '../../../src/protocol/causalMaskView';
import type {
  CheckOutcome,
  LeakGroup,
  MaskComparison,
  MaskLayer,
  MaskReport,
} from '../../../src/protocol/mask';
import type { ViewState } from '../../../src/protocol/views';

type Cell = (output: number, input: number) => boolean;
const cellsOf = (length: number, open: Cell) =>
  Uint8Array.from({ length: length * length }, (_, at) =>
    open(Math.floor(at / length), at % length) ? 1 : 0,
  );

const causal: Cell = (output, input) => input <= output;
const strict: Cell = (output, input) => input < output;
const windowOf =
  (window: number): Cell =>
  (output, input) =>
    input <= output && input > output - window;

interface Network {
  readonly length: number;
  readonly layers: ReadonlyArray<readonly [title: string, open: Cell, window?: number]>;
  readonly declared: Cell;
  readonly measured: Cell;
  readonly causality?: MaskReport['causality'];
}

const words = (offset: number, count: number) =>
  `${count} ${count === 1 ? 'pair' : 'pairs'} ${offset === 0 ? 'at its own position' : `${Math.abs(offset)} ${offset > 0 ? 'ahead' : 'behind, which is not declared'}`}`;

export function reportOf({ length, layers, declared, measured, causality = 'shifted' }: Network): MaskReport {
  const [may, does] = [cellsOf(length, declared), cellsOf(length, measured)];
  const groups = new Map<number, LeakGroup>();
  let [leaks, unseen] = [0, 0];
  for (let output = 0, at = 0; output < length; output++) {
    for (let input = 0; input < length; input++, at++) {
      if (may[at] === 1 && does[at] === 0) unseen++;
      if (may[at] === 1 || does[at] === 0) continue;
      leaks++;
      const offset = input - output;
      const group = groups.get(offset) ?? { offset, count: 0, example: { output, input }, words: '' };
      groups.set(offset, { ...group, count: group.count + 1, words: words(offset, group.count + 1) });
    }
  }
  const leaksByOffset = [...groups.values()].sort((a, b) => b.count - a.count || a.offset - b.offset);
  const example = [...groups.values()].sort((a, b) => a.example.output - b.example.output)[0]?.example;
  const grouped = (value: number) => value.toLocaleString('en-US');
  const verdict =
    leaks > 0
      ? `${grouped(leaks)} ${leaks === 1 ? 'leak' : 'leaks'}: output ${example?.output} depends on input ${example?.input}`
      : unseen > 0
        ? `no leak, but ${grouped(unseen)} declared pairs were not measured: output 9 never changed with input 0`
        : `declared = measured over ${grouped(length * length)} pairs`;
  const comparison = (kind: MaskComparison['kind'], size: number, pairs: number): MaskComparison => ({
    kind,
    length: size,
    pairs,
    leaks: 0,
    unseen: kind === 'predicting' ? 0 : null,
    verdict: `declared = measured over ${pairs} pairs`,
    leaksByOffset: [],
  });
  return {
    family: 'transformer',
    device: 'simd (native AVX-512, 2 threads)',
    weights: 'random',
    context: Math.max(64, length),
    causality,
    rule:
      causality === 'strict'
        ? 'output i may read inputs < i'
        : 'output i may read inputs ≤ i and predicts i + 1',
    length,
    masks: layers.map(([title, open, window], at): MaskLayer => ({
      layer: at + 1,
      id: `block${at}.attention`,
      title,
      type: window === undefined ? (causality === 'strict' ? 'strict' : 'causal') : 'window',
      ...(window === undefined ? {} : { window }),
      cells: cellsOf(length, open),
    })),
    declared: may,
    measured: does,
    agrees: leaks === 0 && unseen === 0,
    verdict,
    leaks,
    unseen,
    leaksByOffset,
    comparisons: [
      comparison('predicting', 7, 49),
      { ...comparison('predicting', length, length * length), leaks, unseen, verdict, leaksByOffset },
      comparison('sampled', 64, 384),
      comparison('training', 5, 25),
      comparison('rows', 3, 54),
    ],
    lengths: [7, length],
    draws: ['random weights, seed 1', 'random weights × 8, seed 3', 'random weights × 100000, seed 5'],
  };
}

const plain: Network = {
  length: 32,
  layers: [
    ['Attention of block 1', causal],
    ['Attention of block 2', causal],
  ],
  declared: causal,
  measured: causal,
};

/** A window of 9 declared; the network looks one and seven ahead in places, and never 8 back from the fourth row on. */
export const LEAKING: Network = {
  length: 36,
  layers: [
    ['Attention of block 1', windowOf(5), 5],
    ['Attention of block 2', windowOf(5), 5],
  ],
  declared: windowOf(9),
  measured: (output, input) =>
    (windowOf(8)(output, input) && !(output > 30 && input === output - 7)) ||
    (input === output + 1 && output % 2 === 0) ||
    (input === output + 7 && output >= 14 && output < 17),
};

const large = (length: number): Network => ({
  length,
  layers: Array.from({ length: 12 }, (_, at) => [`Attention of block ${at + 1}`, causal] as const),
  declared: causal,
  measured: (output, input) => causal(output, input) || (output === 700 && input === 703),
});

const detail = (text: string) => `${text}.`;
export const OUTCOMES: readonly CheckOutcome[] = [
  {
    id: 'causality',
    pass: true,
    value: 0,
    tolerance: 0,
    unit: 'leaks',
    detail: detail(
      'shifted causality: declared = measured over 1,024 pairs (5 sets of weights, lengths 1, 2, 7, 32)',
    ),
  },
  {
    id: 'parity',
    pass: false,
    value: 3.1,
    tolerance: 6.4e-5,
    unit: 'nats',
    detail: detail(
      'Cached sampler against the full forward, largest at step 9 of 32, after a prompt of 0; the largest logit is 6.40, to which single precision is held',
    ),
  },
  {
    id: 'mass',
    pass: true,
    value: 2.4e-7,
    tolerance: 1e-5,
    unit: 'probability',
    detail: detail('Distance from 1 of the probabilities of all 257 targets, at 4 positions'),
  },
  {
    id: 'finite',
    pass: false,
    value: null,
    tolerance: 0,
    unit: 'numbers',
    detail: detail('Infinitely many, for the sake of the example'),
  },
  {
    id: 'units',
    pass: true,
    value: null,
    tolerance: 1e-5,
    unit: 'share',
    detail: detail('Not measured: the family has no likelihood'),
  },
];

export const NO_CHECKS: ChecksContent = {
  state: 'none',
  outcomes: [],
  verdict: null,
  sentence: '',
  stale: false,
};

/** Pixels of a 7 × 7 image: kernels of 3 × 3 that are declared right, and read the pixel to the right in the first row. */
const PIXELS: Network = {
  length: 49,
  causality: 'strict',
  layers: [
    ['Convolution A 3 × 3', kernelOf(false)],
    ['Convolution B 3 × 3', kernelOf(true)],
  ],
  declared: strict,
  measured: (output, input) => strict(output, input) || (output < 6 && input === output + 1),
};

function kernelOf(own: boolean): Cell {
  return (output, input) => {
    const [down, right] = [Math.floor(input / 7) - Math.floor(output / 7), (input % 7) - (output % 7)];
    if (down === 0 && right === 0) return own;
    return Math.abs(right) <= 1 && (down === -1 || (down === 0 && right < 0));
  };
}

export function maskContent(
  network: Network = plain,
  part: Partial<CausalMaskContent> = {},
): CausalMaskContent {
  return {
    subject: { kind: 'spec', uri: 'file:///workspace/toy.arlens.json' },
    name: 'toy.arlens.json',
    report: reportOf(network),
    stale: false,
    measuring: null,
    note: null,
    checks: NO_CHECKS,
    ...part,
  };
}

const result = (content: CausalMaskContent): ViewState<CausalMaskContent> => ({ kind: 'result', content });

export const CAUSAL_MASK_STATES: Readonly<Record<string, () => ViewState<CausalMaskContent>>> = {
  empty: () => ({
    kind: 'empty',
    sentence: 'Measuring was cancelled.',
    button: { label: 'Measure', command: 'arLens.showCausalMask', argument: '/workspace/toy.arlens.json' },
  }),
  waiting: () => ({ kind: 'working', doing: 'Measuring what toy.arlens.json sees', cancel: true }),
  working: () => ({
    kind: 'working',
    doing: 'Measuring what toy.arlens.json sees: random weights × 8, seed 3',
    share: 0.46,
    cancel: true,
  }),
  result: () => result(maskContent()),
  leaking: () =>
    result(
      maskContent(LEAKING, { checks: { ...NO_CHECKS, state: 'done', verdict: 'fail', outcomes: OUTCOMES } }),
    ),
  unseen: () => result(maskContent({ ...LEAKING, measured: windowOf(7) })),
  strict: () =>
    result(
      maskContent({
        ...plain,
        causality: 'strict',
        layers: [['Convolution of block 1', strict]],
        declared: strict,
        measured: strict,
      }),
    ),
  image: () => {
    const content = maskContent(PIXELS);
    const report: MaskReport = {
      ...content.report,
      image: { height: 7, width: 7, channels: 1 },
      leaksByOffset: [],
      verdict: '6 leaks: output (0, 0) depends on input (0, 1)',
    };
    return result({ ...content, name: 'digits.arlens.json', report });
  },
  tiny: () => result(maskContent({ ...plain, length: 1 })),
  large: () => result(maskContent(large(1024))),
  stale: () =>
    result(
      maskContent(plain, {
        stale: true,
        note: { sentence: 'toy.arlens.json: model.heads: expected a whole number from 1, got 0.' },
        checks: { ...NO_CHECKS, state: 'running', outcomes: OUTCOMES.slice(0, 2), stale: true },
      }),
    ),
  measuring: () =>
    result(
      maskContent(plain, {
        stale: true,
        measuring: { done: 2, of: 5, doing: 'random weights × 8, seed 3', share: 0.5 },
        checks: { ...NO_CHECKS, state: 'cancelled', outcomes: OUTCOMES.slice(0, 1) },
      }),
    ),
  gone: () =>
    result(
      maskContent(plain, {
        note: {
          sentence: 'The engine was ended by SIGKILL. What is shown was measured before.',
          button: { label: 'Restart Engine', command: 'arLens.restartEngine' },
        },
        checks: { ...NO_CHECKS, state: 'failed', sentence: 'The engine was ended by SIGKILL.' },
      }),
    ),
  failed: () => ({
    kind: 'failed',
    sentence: 'toy.arlens.json: model.heads: expected a whole number that divides the width of 10, got 3.',
    button: {
      label: 'Measure Again',
      command: 'arLens.showCausalMask',
      argument: '/workspace/toy.arlens.json',
    },
  }),
};
