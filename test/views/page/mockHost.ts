// The host's side inside the test page: acquireVsCodeApi for the view, and the other end of its channel for the test.
import { ArLensError } from '../../../src/protocol/errors';
import type {
  AttentionContent,
  AttentionHostCalls,
  AttentionViewCalls,
} from '../../../src/protocol/attentionView';
import type { CausalMaskHostCalls, CausalMaskViewCalls } from '../../../src/protocol/causalMaskView';
import type { InspectorHostCalls, InspectorViewCalls } from '../../../src/protocol/inspectorView';
import type {
  LikelihoodHostCalls,
  LikelihoodViewCalls,
  TrainingHostCalls,
  TrainingViewCalls,
} from '../../../src/protocol/views';
import { ATTENTION_STATES, headScores } from './attention';
import { CAUSAL_MASK_STATES } from './causalMask';
import { STATES, appendOf, trainingContent } from './fixtures';
import { imageRunContent, imageRunPicture } from './imageRun';
import { INSPECTOR_STATES } from './inspectorFixtures';
import { frames, twoFrames } from './pageFrames';
import { channel, firstState, heard, violations } from './pageHost';

const view = document.documentElement.dataset.view ?? '';
let shown = firstState;

const training = channel.client<TrainingViewCalls>();
const likelihood = channel.client<LikelihoodViewCalls>();
const attention = channel.client<AttentionViewCalls>();
const causalMask = channel.client<CausalMaskViewCalls>();
const inspector = channel.client<InspectorViewCalls>();

let refusal: string | undefined;
/** The next request fails with this sentence. */
function refuse(sentence: string): void {
  refusal = sentence;
}

const note = (method: string) => (params: unknown) => {
  heard.push({ method, params });
  if (refusal !== undefined) {
    const error = new ArLensError('notFound', refusal);
    refusal = undefined;
    return Promise.reject(error);
  }
  return Promise.resolve(undefined);
};
channel.serve<
  TrainingHostCalls & LikelihoodHostCalls & InspectorHostCalls & AttentionHostCalls & CausalMaskHostCalls
>({
  ready: async () => {
    heard.push({ method: 'ready', params: undefined });
    await show(shown);
    return undefined;
  },
  command: note('command'),
  cancel: note('cancel'),
  copy: note('copy'),
  save: note('save'),
  pause: note('pause'),
  resume: note('resume'),
  stop: note('stop'),
  compare: note('compare'),
  threshold: note('threshold'),
  reveal: note('reveal'),
  pin: note('pin'),
  light: note('light'),
  select: note('select'),
  look: note('look'),
  choose: note('choose'),
  measure: note('measure'),
  check: note('check'),
  cancelChecks: note('cancelChecks'),
  row: async ({ position }) => {
    heard.push({ method: 'row', params: { position } });
    const state = stateOf(shown);
    if (view === 'attention' && state?.kind === 'result') {
      const { look, heads } = state.content as AttentionContent;
      const { layer, head } = look;
      const scores = headScores(position, layer * heads + head);
      await attention('update', { row: { layer, head, position, scores, size: 64 } });
    }
    return undefined;
  },
});

function stateOf(name: string) {
  if (view === 'inspector') return INSPECTOR_STATES[name]?.();
  if (view === 'causalMask') return CAUSAL_MASK_STATES[name]?.();
  if (name === 'imageRun') return { kind: 'result' as const, content: imageRunContent() };
  return (view === 'attention' ? ATTENTION_STATES[name]?.() : undefined) ?? STATES[name]?.(view);
}

async function show(name: string): Promise<void> {
  shown = name;
  const state = stateOf(name);
  if (state === undefined)
    throw new Error(`show: expected a state of ${Object.keys(STATES).join(', ')}, got ${name}`);
  if (view === 'training') await training('state', state as TrainingViewCalls['state']['params']);
  if (name === 'imageRun') await training('picture', await imageRunPicture());
  if (view === 'training') return;
  if (view === 'inspector') await inspector('state', state as InspectorViewCalls['state']['params']);
  else if (view === 'attention') await attention('state', state as AttentionViewCalls['state']['params']);
  else if (view === 'causalMask') await causalMask('state', state as CausalMaskViewCalls['state']['params']);
  else await likelihood('state', state as LikelihoodViewCalls['state']['params']);
}

/** Sends the attention view parts of its state, as the host does when the cursor moves. */
const follow = (part: AttentionViewCalls['update']['params']) => attention('update', part);

/** Sends the causal mask view what stands around its report. */
const around = (part: CausalMaskViewCalls['update']['params']) => causalMask('update', part);

/** Appends `total` rows in batches, each drawn before the next; what the view's frames took. */
async function appendMany(total: number, batch: number): Promise<number[]> {
  const content = { ...trainingContent(2), compared: [] };
  const record = { ...content.record, steps: total, step: 2 };
  await training('state', { kind: 'result', content: { ...content, record } });
  await twoFrames();
  frames();
  for (let from = 2; from < total; from += batch) {
    await training('append', appendOf({ ...content, record }, from, Math.min(batch, total - from)));
    await twoFrames();
  }
  return frames();
}

/** Sends a whole run of `total` steps at once; what the frames took that took it up. */
async function openMany(total: number): Promise<number> {
  const content = trainingContent(total);
  const record = { ...content.record, steps: total };
  frames();
  await training('state', { kind: 'result', content: { ...content, record } });
  await twoFrames();
  return frames().reduce((sum, one) => sum + one, 0);
}

/** Whether the view shows the kind of state it was sent. */
const settled = () => document.querySelector('main')?.dataset.state === stateOf(shown)?.kind;

export const harness = {
  refuse,
  settled,
  heard,
  violations,
  show,
  follow,
  around,
  frames,
  appendMany,
  openMany,
};
Object.assign(window, { harness });
export type Harness = typeof harness;
