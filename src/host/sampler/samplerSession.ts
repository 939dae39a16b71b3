// One Sampler: its document, the distribution at the cursor, and the run that goes on. Asks the engine, tells who listens.
// Knows no vscode and no view; one thing at a time, in the order it was asked for.
import type { Client } from '../../protocol/calls';
import type { EngineCalls } from '../../protocol/engine';
import { ArLensError, toErrorRecord, type ErrorRecord } from '../../protocol/errors';
import type { Stopped } from '../../protocol/sample';
import type {
  BeamHypothesis,
  SamplerDocument,
  SamplerElement,
  SamplerStep,
  SamplerStepParams,
} from '../../protocol/sampler';
import type { SamplerChange } from '../../protocol/samplerView';
import { Emitter } from '../events';
import { SamplerBeamSearch, type FoundBeam } from './samplerBeamSearch';
import { choose, MOST_NODES, named, pathOf, ROOT, type Chosen } from './samplerTree';

export class SamplerSession {
  readonly changes = new Emitter<undefined>();
  /** The newest distribution; of the cursor and the settings as they are only when `fresh`. */
  next: SamplerStep | undefined;
  fresh = false;
  running = false;
  elementsPerSecond: number | undefined;
  note = '';
  /** What went wrong last: gone with the next success. */
  error: ErrorRecord | undefined;
  /** The last move that a view asked for and that was carried out, by the view's own count. */
  turn = 0;
  readonly beam: SamplerBeamSearch;
  private last: Promise<unknown> = Promise.resolve();
  private pauseRun: AbortController | undefined;
  private asked = 0;

  constructor(
    private readonly call: Client<EngineCalls>,
    public document: SamplerDocument,
  ) {
    this.beam = new SamplerBeamSearch(call, () => this.changes.fire(undefined));
  }

  /** Asks for the distribution at the cursor. */
  refresh(): Promise<void> {
    return this.inTurn(() => this.look());
  }

  step(): Promise<void> {
    return this.inTurn(async () => {
      const next = await this.current();
      if (next !== undefined) await this.take(next.drawn, 'drawn');
    });
  }

  force(id: number): Promise<void> {
    this.pause();
    return this.inTurn(async () => {
      const element = await this.call('samplerForce', { ...this.params(), id });
      if (!Number.isFinite(element.logProb)) {
        throw new ArLensError(
          'badInput',
          'The model calls this token impossible here, so it has no log-probability.',
        );
      }
      await this.take(element, 'forced');
    });
  }

  back(): Promise<void> {
    this.pause();
    return this.inTurn(() => this.moveTo(this.document.nodes[this.document.current]?.parent ?? ROOT));
  }

  go(node: number, turn = this.turn): Promise<void> {
    this.pause();
    return this.inTurn(async () => {
      this.turn = turn;
      if (node === ROOT || this.document.nodes[node] !== undefined) await this.moveTo(node);
      else this.changes.fire(undefined); // of a tree that is no more: the view learns that nothing moved
    });
  }

  name(node: number, name: string): Promise<void> {
    return this.inTurn(() => {
      this.document = named(this.document, node, name.trim());
      this.changes.fire(undefined);
      return Promise.resolve();
    });
  }

  change({ settings, prompt, length, stop, stopAtEnd, beam, compared }: SamplerChange): Promise<void> {
    const asked = ++this.asked;
    this.pause();
    return this.inTurn(async () => {
      const anew = prompt !== undefined && prompt !== this.document.prompt;
      this.document = {
        ...this.document,
        ...(settings === undefined ? {} : { settings }),
        ...(length === undefined ? {} : { length }),
        ...(stop === undefined ? {} : { stop }),
        ...(stopAtEnd === undefined ? {} : { stopAtEnd }),
        ...(beam === undefined ? {} : { beam }),
        ...(compared === undefined ? {} : { compared }),
        ...(anew ? { prompt, nodes: [], current: ROOT, searched: null } : {}),
      };
      if (anew) this.beam.forget();
      if (settings === undefined && !anew) return this.changes.fire(undefined);
      this.fresh = false;
      // A slider says many values: only the newest is looked at.
      if (asked === this.asked) await this.look();
    });
  }

  run(): Promise<void> {
    return this.inTurn(async () => {
      const pause = new AbortController();
      this.pauseRun = pause;
      this.running = true;
      this.changes.fire(undefined);
      try {
        await this.runTo(pause.signal);
      } finally {
        this.running = false;
        this.pauseRun = undefined;
      }
      await this.look();
    });
  }

  pause(): void {
    this.pauseRun?.abort();
  }

  /** Searches with a beam from the cursor. Resolves when the search has begun. */
  search(): Promise<void> {
    this.pause();
    return this.inTurn(() => this.searchFrom(this.document.current));
  }

  /** The search that a document was kept with, or that a lost engine did not end: the same again gives the same. */
  searchAgain(): Promise<void> {
    return this.inTurn(() => this.searchFrom(this.document.searched));
  }

  cancelSearch(): void {
    this.document = { ...this.document, searched: null };
    this.beam.cancel();
  }

  /** Makes a hypothesis a branch that starts where the search did, and goes to its end. */
  takeHypothesis(index: number): Promise<void> {
    this.pause();
    return this.inTurn(async () => {
      const { found, hypothesis } = this.hypothesis(index) ?? {};
      if (found === undefined || hypothesis === undefined) return;
      const { ids } = hypothesis;
      if (this.document.nodes.length + ids.length > MOST_NODES) throw full();
      let grown: SamplerDocument = { ...this.document, current: found.from };
      for (const id of ids) {
        const path = pathOf(grown.nodes, grown.current);
        grown = choose(grown, await this.call('samplerForce', { ...this.params(), path, id }), 'beam');
      }
      const name = `beam ${index + 1} of ${found.result.hypotheses.length}`;
      const isNamed = grown.nodes[grown.current]?.name !== undefined;
      this.document = isNamed ? grown : named(grown, grown.current, name);
      this.note = '';
      await this.look();
    });
  }

  /** The text from the prompt's end to the end of a hypothesis, as the engine decodes it. */
  async hypothesisText(index: number): Promise<{ text: string; found: FoundBeam } | undefined> {
    const { found, hypothesis } = this.hypothesis(index) ?? {};
    if (found === undefined || hypothesis === undefined) return undefined;
    const path = [...pathOf(this.document.nodes, found.from), ...hypothesis.ids];
    const { text } = await this.call('samplerStep', { ...this.params(), path, top: 1 });
    return { text, found };
  }

  /** The text of the current path, as the engine decodes it. */
  async text(): Promise<string | undefined> {
    let text: string | undefined;
    await this.inTurn(async () => {
      text = (await this.current())?.text;
    });
    return text;
  }

  dispose(): void {
    this.pause();
    this.beam.cancel();
    this.changes.dispose();
  }

  private async runTo(signal: AbortSignal): Promise<void> {
    const { length, stop, stopAtEnd, nodes } = this.document;
    const room = MOST_NODES - nodes.length;
    if (room <= 0) throw full();
    const began = performance.now();
    let drawn = 0;
    const onProgress = (element: SamplerElement): void => {
      if (signal.aborted) return;
      this.document = choose(this.document, element, 'drawn');
      this.fresh = false;
      this.elementsPerSecond = (1000 * ++drawn) / Math.max(1, performance.now() - began);
      this.changes.fire(undefined);
    };
    try {
      const result = await this.call(
        'samplerRun',
        { ...this.params(), length: Math.min(length, room), stop, stopAtEnd },
        { signal, onProgress },
      );
      this.elementsPerSecond = result.elementsPerSecond;
      this.note = endOf(result.stopped, drawn);
    } catch (error) {
      if (toErrorRecord(error).reason !== 'cancelled') throw error;
      this.note = 'Paused.';
    }
  }

  private searchFrom(from: number | null): Promise<void> {
    if (from === null) return Promise.resolve();
    const { folder: model, prompt, nodes, beam, stop, stopAtEnd } = this.document;
    this.document = { ...this.document, searched: from };
    void this.beam.search({ model, prompt, path: pathOf(nodes, from), ...beam, stop, stopAtEnd }, from);
    return Promise.resolve();
  }

  private hypothesis(index: number): { found: FoundBeam; hypothesis: BeamHypothesis } | undefined {
    const { state } = this.beam;
    const hypothesis = state.kind === 'result' ? state.result.hypotheses[index] : undefined;
    return state.kind === 'result' && hypothesis !== undefined ? { found: state, hypothesis } : undefined;
  }

  private params(): SamplerStepParams {
    const { folder, prompt, settings, nodes, current } = this.document;
    return { model: folder, prompt, path: pathOf(nodes, current), settings };
  }

  private async current(): Promise<SamplerStep | undefined> {
    if (!this.fresh) await this.look();
    return this.fresh ? this.next : undefined;
  }

  private async take(element: SamplerElement, how: Chosen): Promise<void> {
    const grown = choose(this.document, element, how);
    if (grown.nodes.length > MOST_NODES) throw full();
    this.document = grown;
    this.note = '';
    await this.look();
  }

  private async moveTo(node: number): Promise<void> {
    this.document = { ...this.document, current: node };
    this.note = '';
    await this.look();
  }

  private async look(): Promise<void> {
    this.fresh = false;
    this.changes.fire(undefined);
    this.next = owned(await this.call('samplerStep', this.params()));
    this.fresh = true;
    this.error = undefined;
    this.changes.fire(undefined);
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.last.then(work).catch((error: unknown) => {
      this.error = toErrorRecord(error);
      this.changes.fire(undefined);
    });
    this.last = done;
    return done;
  }
}

/** Why a run ended, in one sentence. */
function endOf(stopped: Stopped, drawn: number): string {
  switch (stopped.why) {
    case 'length':
      return `The run ended at its length, after ${drawn} ${drawn === 1 ? 'token' : 'tokens'}.`;
    case 'end':
      return 'The run ended at the token that ends a text.';
    case 'text':
      return `The run ended at the stop text ${JSON.stringify(stopped.text)}.`;
    default:
      return stopped satisfies never;
  }
}

const full = (): ArLensError =>
  new ArLensError(
    'unsupported',
    `The tree is full: it holds ${MOST_NODES} tokens. Another prompt starts a new one.`,
  );

/** What comes from an engine shares one buffer with its message: kept numbers get their own. */
function owned(step: SamplerStep): SamplerStep {
  return {
    ...step,
    id: Int32Array.from(step.id),
    stages: step.stages.map((stage) => ({ ...stage, probability: Float64Array.from(stage.probability) })),
    draw: {
      id: Int32Array.from(step.draw.id),
      texts: step.draw.texts,
      logProb: Float64Array.from(step.draw.logProb),
      noise: Float64Array.from(step.draw.noise),
      sum: Float64Array.from(step.draw.sum),
      rank: Int32Array.from(step.draw.rank),
    },
  };
}
