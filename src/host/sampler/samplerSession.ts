// One Sampler: its document, the distribution at the cursor, and the run that goes on. Asks the engine, tells who listens.
// Knows no vscode and no view; one thing at a time, in the order it was asked for.
import type { Client } from '../../protocol/calls';
import type { EngineCalls } from '../../protocol/engine';
import { ArLensError, toErrorRecord, type ErrorRecord } from '../../protocol/errors';
import type { SamplerDocument, SamplerElement, SamplerStep, SamplerStepParams } from '../../protocol/sampler';
import type { SamplerChange } from '../../protocol/samplerView';
import { Emitter } from '../events';
import { choose, MOST_NODES, named, pathOf, ROOT } from './samplerTree';

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
  private last: Promise<unknown> = Promise.resolve();
  private pauseRun: AbortController | undefined;
  private asked = 0;

  constructor(
    private readonly call: Client<EngineCalls>,
    public document: SamplerDocument,
  ) {}

  /** Asks for the distribution at the cursor. */
  refresh(): Promise<void> {
    return this.inTurn(() => this.look());
  }

  step(): Promise<void> {
    return this.inTurn(async () => {
      const next = await this.current();
      if (next !== undefined) await this.take(next.drawn, false);
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
      await this.take(element, true);
    });
  }

  back(): Promise<void> {
    this.pause();
    return this.inTurn(() => this.moveTo(this.document.nodes[this.document.current]?.parent ?? ROOT));
  }

  go(node: number): Promise<void> {
    this.pause();
    return this.inTurn(async () => {
      if (node === ROOT || this.document.nodes[node] !== undefined) await this.moveTo(node);
    });
  }

  name(node: number, name: string): Promise<void> {
    return this.inTurn(() => {
      this.document = named(this.document, node, name.trim());
      this.changes.fire(undefined);
      return Promise.resolve();
    });
  }

  change({ settings, length, stop, prompt }: SamplerChange): Promise<void> {
    const asked = ++this.asked;
    this.pause();
    return this.inTurn(async () => {
      const anew = prompt !== undefined && prompt !== this.document.prompt;
      this.document = {
        ...this.document,
        ...(settings === undefined ? {} : { settings }),
        ...(length === undefined ? {} : { length }),
        ...(stop === undefined ? {} : { stop }),
        ...(anew ? { prompt, nodes: [], current: ROOT } : {}),
      };
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
    this.changes.dispose();
  }

  private async runTo(signal: AbortSignal): Promise<void> {
    const { length, stop, nodes } = this.document;
    const room = MOST_NODES - nodes.length;
    if (room <= 0) throw full();
    const began = performance.now();
    let drawn = 0;
    const onProgress = (element: SamplerElement): void => {
      if (signal.aborted) return;
      this.document = choose(this.document, element, false);
      this.fresh = false;
      this.elementsPerSecond = (1000 * ++drawn) / Math.max(1, performance.now() - began);
      this.changes.fire(undefined);
    };
    try {
      const result = await this.call(
        'samplerRun',
        { ...this.params(), length: Math.min(length, room), stop },
        { signal, onProgress },
      );
      this.elementsPerSecond = result.elementsPerSecond;
      this.note = result.why === 'stop' ? 'The run ended at the stop text.' : '';
    } catch (error) {
      if (toErrorRecord(error).reason !== 'cancelled') throw error;
      this.note = 'Paused.';
    }
  }

  private params(): SamplerStepParams {
    const { folder, prompt, settings, nodes, current } = this.document;
    return { model: folder, prompt, path: pathOf(nodes, current), settings };
  }

  private async current(): Promise<SamplerStep | undefined> {
    if (!this.fresh) await this.look();
    return this.fresh ? this.next : undefined;
  }

  private async take(element: SamplerElement, forced: boolean): Promise<void> {
    const grown = choose(this.document, element, forced);
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
  };
}
