// What the Receptive field view's tests look at: wishes that the engine's own closure answers, a planted leak, and the
// states without a result.
import type { Architecture } from '../../../src/engine/reach/fieldReport';
import { FieldStore, USUAL } from '../../../src/engine/reach/fieldReport';
import { effectiveAreas } from '../../../src/analysis/effective/effectiveField';
import { GateCounts } from '../../../src/analysis/gates/gateHistogram';
import type { GatesReport } from '../../../src/protocol/gates';
import { familyById, IMAGE_FAMILIES } from '../../../src/families/registry';
import type { FieldReport, MeasuredStack } from '../../../src/protocol/receptiveField';
import type {
  FieldSubject,
  FieldTasks,
  FieldWish,
  ReceptiveFieldContent,
} from '../../../src/protocol/receptiveFieldView';
import type { ViewState } from '../../../src/protocol/views';

export const fieldWishes: Readonly<Record<string, FieldWish>> = {
  result: { settings: {}, position: [14, 14] },
  small: { settings: { height: 12, width: 12, firstKernel: 3, layers: 3 } },
  large: { settings: { height: 64, width: 64, layers: 20 }, position: [40, 20] },
  rgb: { settings: { height: 16, width: 16, channels: 3, layers: 4 }, channel: 1 },
  leaking: { settings: { layers: 15 }, position: [14, 14] },
  text: { settings: {}, position: [0, 90] },
  trained: { settings: {}, position: [14, 14] },
  oneImage: { settings: {}, position: [14, 14] },
  busy: { settings: {}, position: [14, 14] },
  order: { settings: { families: ['pixelTransformer', 'pixelcnn'], order: 'zigzag' }, position: [14, 14] },
  toy: { settings: { families: ['toyRaster', 'pixelcnn'] }, position: [14, 14] },
};

const RUN: FieldSubject = { kind: 'run', path: '/workspace/.arlens/runs/digits/example' };

interface Subject {
  readonly subject: FieldSubject;
  readonly name: string;
  readonly own?: Architecture;
}

const NO_TASK = { state: 'none', progress: null, sentence: '', result: null } as const;

/** A run whose output looks at what is near, more above than beside; measured, and once with a difference. */
export function tasksOf(state: string): FieldTasks {
  if (state === 'busy') {
    const progress = { done: 1, of: 3, doing: 'PixelCNN, random weights, seed 2', share: 0.41 };
    return {
      measured: { ...NO_TASK, state: 'running', progress },
      effective: {
        ...NO_TASK,
        state: 'failed',
        sentence: 'digits.idx: expected files that match, got none.',
      },
      gates: NO_TASK,
    };
  }
  if (state === 'oneImage') {
    const result = { ...gatesOf(2), images: 1, image: 7 };
    return { ...tasksOf('trained'), gates: { ...NO_TASK, state: 'done', result } };
  }
  if (state !== 'trained') return { measured: NO_TASK, effective: NO_TASK, gates: NO_TASK };
  const wish = fieldWishes['trained'] ?? { settings: {} };
  const report = new FieldStore().report(wish, digits());
  const { settings, position, channel } = report;
  const [gated, plain] = report.stacks;
  const near = (slope: number) => {
    const values = Float32Array.from(gated?.first ?? [], (from, input) => {
      const [up, right] = [position[0] - Math.floor(input / 28), (input % 28) - position[1]];
      return from > 0 && from <= 8 ? 3 * Math.exp(-slope * Math.hypot(up, right * 1.3)) : 0;
    });
    return { values, pairs: 64, areas: effectiveAreas(values), outside: 0 };
  };
  const measured = (title: string, undeclared: number[]): MeasuredStack => ({
    family: title,
    title,
    seen: title === 'PixelCNN' ? 192 : 241,
    leaks: undeclared.length,
    agrees: undeclared.length === 0,
    undeclared: Int32Array.from(undeclared),
    unmeasured: new Int32Array(0),
    pairs: 784 * 784,
    differing: 784 * undeclared.length,
    draws: ['random weights, seed 1', 'random weights, seed 2', 'random weights, seed 3'],
  });
  return {
    measured: {
      ...NO_TASK,
      state: 'done',
      result: {
        settings,
        position,
        channel,
        stacks: [measured(gated?.title ?? '', [407]), measured(plain?.title ?? '', [])],
      },
    },
    effective: {
      ...NO_TASK,
      state: 'done',
      result: {
        family: 'gatedPixelcnn',
        title: 'Gated PixelCNN',
        settings,
        position,
        channel,
        unit: 'pixel',
        measure: 'brightness',
        seen: 241,
        images: 64,
        source: 'held-out images of digits.idx',
        given: 'class',
        here: near(0.7),
        everywhere: near(0.4),
      },
    },
    gates: { ...NO_TASK, state: 'done', result: gatesOf(2) },
  };
}

/** Gates of a layer that are partly shut: made from plain waves, counted as the engine counts. */
export function gatesOf(layer: number): GatesReport {
  const values = Float32Array.from({ length: 5000 }, (_, at) => 3 * Math.sin(at) + Math.cos(7 * at));
  const counted = (shift: number) => {
    const parts = {
      tanh: new GateCounts('tanh'),
      sigma: new GateCounts('sigma'),
      product: new GateCounts('product'),
    };
    const [tanh, sigma] = [values.map(Math.tanh), values.map((each) => 1 / (1 + Math.exp(shift - 2 * each)))];
    parts.tanh.add(tanh);
    parts.sigma.add(sigma);
    parts.product.add(tanh.map((each, at) => each * (sigma[at] ?? 0)));
    return Object.values(parts).map((each) => each.histogram());
  };
  return {
    family: 'gatedPixelcnn',
    title: 'Gated PixelCNN',
    layer,
    layers: 8,
    images: 64,
    available: 200,
    source: 'held-out images of digits.idx',
    threshold: 0.01,
    stacks: [
      { stack: 'vertical', parts: counted(0) },
      { stack: 'horizontal', parts: counted(2) },
    ],
  };
}

/** A trained Gated PixelCNN of digits. */
function digits(): Architecture {
  const family = IMAGE_FAMILIES.find(({ id }) => id === 'gatedPixelcnn');
  if (family === undefined) throw new Error('digits: expected the family gatedPixelcnn');
  const config = { ...family.example, layers: 8, firstKernel: 7 };
  return {
    domain: 'image',
    family,
    config,
    settings: { ...USUAL, families: ['gatedPixelcnn', 'pixelcnn'] },
    from: 'model',
  };
}

export const fieldSubjects: Readonly<Record<string, Subject>> = {
  text: {
    subject: { kind: 'run', path: '/workspace/.arlens/runs/windowed/example' },
    name: 'windowed example',
    own: windowed(),
  },
  trained: { subject: RUN, name: 'digits 25 Nov', own: digits() },
  oneImage: { subject: RUN, name: 'digits 25 Nov', own: digits() },
  busy: { subject: RUN, name: 'digits 25 Nov', own: digits() },
  leaking: { subject: { kind: 'spec', path: '/workspace/leaking.arlens.json' }, name: 'leaking.arlens.json' },
};

/** A Llama whose layers see sixteen places. */
function windowed(): Architecture {
  const family = familyById('llama');
  if (family === undefined) throw new Error('windowed: expected the family llama');
  return {
    domain: 'text',
    family,
    config: { ...family.example, layers: 4, window: 16 },
    settings: { ...USUAL, height: 1, width: 128, layers: 4, families: ['llama'] },
    from: 'model',
  };
}

/** The public mask with the wrong half reads pixels of the future: here, those two rows around the output's. */
export function planted(state: string, report: FieldReport): FieldReport {
  if (state !== 'leaking') return report;
  const [plain, ...rest] = report.stacks;
  if (plain === undefined) return report;
  const first = plain.first.slice();
  for (const offset of [27, 28, 29]) first[plain.allowed + offset] = 2;
  return { ...report, stacks: [{ ...plain, first }, ...rest] };
}

const AGAIN = { label: 'Show Receptive Field', command: 'arLens.showReceptiveField', argument: '' };

const OTHERS: Readonly<Record<string, ViewState<ReceptiveFieldContent>>> = {
  empty: { kind: 'empty', sentence: 'Following what an output reads was cancelled.', button: AGAIN },
  working: { kind: 'working', doing: 'Following what the outputs of digits.arlens.json read', cancel: true },
  failed: {
    kind: 'failed',
    sentence: 'digits.arlens.json: model.kernel: expected an odd number, got 4.',
    button: AGAIN,
  },
};

export function receptiveFieldState(name: string): ViewState<ReceptiveFieldContent> {
  const state = OTHERS[name];
  if (state === undefined) throw new Error(`show: this view has no state ${name}`);
  return state;
}
