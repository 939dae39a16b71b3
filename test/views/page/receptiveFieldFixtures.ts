// What the Receptive field view's tests look at: wishes that the engine's own closure answers, a planted leak, and the
// states without a result.
import type { Architecture } from '../../../src/engine/reach/fieldReport';
import { USUAL } from '../../../src/engine/reach/fieldReport';
import { familyById } from '../../../src/families/registry';
import type { FieldReport } from '../../../src/protocol/receptiveField';
import type {
  FieldSubject,
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
  toy: { settings: { families: ['toyRaster', 'pixelcnn'] }, position: [14, 14] },
};

interface Subject {
  readonly subject: FieldSubject;
  readonly name: string;
  readonly own?: Architecture;
}

export const fieldSubjects: Readonly<Record<string, Subject>> = {
  text: {
    subject: { kind: 'run', path: '/workspace/.arlens/runs/windowed/example' },
    name: 'windowed example',
    own: windowed(),
  },
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
  for (const offset of [27, 28, 29]) first[report.allowed + offset] = 2;
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
