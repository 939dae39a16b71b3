// One annotated document: asks the engine for its scores, keeps them current with edits, drops answers that came late.
// Draws nothing; whoever draws listens to `changes`.
import type * as vscode from 'vscode';
import type { ScoreSummary } from '../../protocol/engine';
import { toErrorRecord, type ErrorRecord, type Reason } from '../../protocol/errors';
import type { EngineService } from '../engine/engineService';
import { Emitter } from '../events';
import { runSliced } from '../slices';
import { ScoreLayers } from './scoreLayers';
import { StatisticsKeeper, type Statistics } from './statistics';
import type { TokenIndex } from './tokenIndex';

/** Alternatives per token that the hover shows. */
const ALTERNATIVES = 5;
/** Milliseconds of quiet before a typed change is scored. */
const DEBOUNCE = 200;

const HALTING: readonly Reason[] = ['engineGone', 'outOfMemory'];

export type SessionState =
  | { readonly kind: 'scoring'; readonly share: number }
  | { readonly kind: 'scored' }
  | { readonly kind: 'waiting'; readonly why: string }
  | { readonly kind: 'failed'; readonly error: ErrorRecord };

export interface SessionOptions {
  readonly document: vscode.TextDocument;
  /** Absolute path of the model folder. */
  readonly model: string;
  readonly engine: EngineService;
  /** UTF-16 range that the editor shows now. */
  readonly visible: () => { start: number; end: number } | undefined;
}

export class AnnotationSession implements vscode.Disposable {
  /** 'scores': something to draw is new. 'state': something to say is new. */
  readonly changes = new Emitter<'scores' | 'state'>();
  readonly layers = new ScoreLayers();
  private readonly texts = new Map<number, string>();
  private readonly keeper = new StatisticsKeeper();
  private counted: Statistics = { histogram: [], worst: [] };
  private current: SessionState = { kind: 'waiting', why: 'not scored yet' };
  private last: ScoreSummary | undefined;
  private scoredVersion = -1;
  private running: AbortController | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: SessionOptions) {}

  get document(): vscode.TextDocument {
    return this.options.document;
  }
  get model(): string {
    return this.options.model;
  }
  get state(): SessionState {
    return this.current;
  }
  /** Of the last version that was scored to its end. */
  get summary(): ScoreSummary | undefined {
    return this.last;
  }
  get statistics(): Statistics {
    return this.counted;
  }
  /** The figures are of an earlier version of the text. */
  get stale(): boolean {
    return this.scoredVersion !== this.document.version;
  }

  /** The engine ended under this session: it waits for the engine to be started again. */
  get halted(): boolean {
    return this.current.kind === 'failed' && HALTING.includes(this.current.error.reason);
  }

  /** What a person reads for a token id. */
  textOf(id: number): string {
    return this.texts.get(id) ?? '';
  }

  edited(changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    // VS Code reports several changes of one event against the text before it, last place first.
    for (const { rangeOffset, rangeLength, text } of changes) {
      this.layers.edit({ offset: rangeOffset, removed: rangeLength, inserted: text.length });
    }
    this.running?.abort();
    clearTimeout(this.timer);
    if (this.halted) return; // an engine that is gone is asked again only on request
    this.timer = setTimeout(() => this.follow(), DEBOUNCE);
    this.changes.fire('state');
  }

  /** After an edit: an engine that ended is not started again behind a person's back. */
  private follow(): void {
    const { status } = this.options.engine;
    if (status.state !== 'gone') void this.score();
    else {
      const { reason = 'engineGone', sentence: message, action } = status;
      this.become({ kind: 'failed', error: { reason, message, action } });
    }
  }

  /** Scores the text as it is now; never rejects. */
  async score(): Promise<void> {
    this.running?.abort();
    clearTimeout(this.timer);
    const abort = new AbortController();
    this.running = abort;
    const { document, model, engine } = this.options;
    const version = document.version;
    const text = document.getText();
    if (text === '') {
      this.last = undefined;
      this.scoredVersion = version;
      this.become({ kind: 'waiting', why: 'The file is empty: there is nothing to score yet.' });
      return;
    }
    const first = this.options.visible();
    const layer = this.layers.begin();
    this.become({ kind: 'scoring', share: 0 });
    try {
      const summary = await engine.call(
        'score',
        {
          model,
          text,
          document: document.uri.toString(),
          top: ALTERNATIVES,
          ...(first === undefined ? {} : { first }),
        },
        {
          signal: abort.signal,
          onProgress: ({ scores, texts, done, tokens }) => {
            if (abort.signal.aborted || document.version !== version) return;
            for (const [id, idText] of texts) this.texts.set(id, idText);
            this.layers.insert(layer, scores);
            this.current = { kind: 'scoring', share: tokens > 0 ? done / tokens : 0 };
            this.changes.fire('scores');
          },
        },
      );
      if (abort.signal.aborted || document.version !== version) return;
      this.layers.finish(layer);
      this.last = summary;
      this.scoredVersion = version;
      await this.count(layer, abort.signal);
      if (!abort.signal.aborted) this.become({ kind: 'scored' });
    } catch (error) {
      if (abort.signal.aborted) return;
      this.become({ kind: 'failed', error: toErrorRecord(error) });
    }
  }

  /** Stops the scoring that runs; what is there stays. */
  cancel(): void {
    this.running?.abort();
    clearTimeout(this.timer);
    if (this.current.kind === 'scoring') this.become({ kind: 'waiting', why: 'Scoring was cancelled.' });
  }

  dispose(): void {
    this.running?.abort();
    clearTimeout(this.timer);
    this.changes.dispose();
    if (this.options.engine.status.state !== 'ready') return;
    // The engine may end before it forgets; then there is nothing left to forget.
    this.options.engine.call('forget', { document: this.document.uri.toString() }).catch(() => undefined);
  }

  /** Always of surprisal, whatever the colours show: the view names what it counts. */
  private async count(index: TokenIndex, signal: { readonly aborted: boolean }): Promise<void> {
    const { keeper } = this;
    await runSliced(
      (function* () {
        while (!keeper.step(index, 'surprisal')) yield;
      })(),
      signal,
    );
    if (!signal.aborted) this.counted = keeper.total(index, 'surprisal');
  }

  private become(state: SessionState): void {
    this.current = state;
    this.changes.fire('state');
    if (state.kind === 'scored') this.changes.fire('scores');
  }
}
