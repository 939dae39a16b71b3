// One Score Selection panel: follows what is selected in its text, asks for its scores, and hands them to its view.
// Draws nothing but the outline of a token in a text that no annotations follow.
import * as vscode from 'vscode';
import type { Client } from '../../protocol/calls';
import { createChannel, type Channel } from '../../protocol/channel';
import { toErrorRecord, type ErrorRecord } from '../../protocol/errors';
import type {
  ScoreSelectionHostCalls,
  ScoreSelectionKept,
  ScoreSelectionViewCalls,
} from '../../protocol/scoreSelection';
import type { AnnotationController } from '../annotations/controller';
import type { EngineService } from '../engine/engineService';
import type { Selection } from '../selection';
import { nextScoring } from './logProbsScoring';
import { panelState, type Answer, type Asked } from './scoreSelectionState';
import { editorOf, selectedPart, type SelectedPart } from './selectedPart';
import { SelectionMarks } from './selectionMarks';
import { SelectionScores } from './selectionScores';
import { commonRequests } from './viewRequests';
import { webviewPort } from './webviewPort';

/** Milliseconds of rest before another selection is scored: a selection that is drawn passes many. */
const SETTLE = 150;
const SAY_EVERY = 100;
/** What the annotations ask for too: the engine keeps scores by this, among other things. */
const ALTERNATIVES = 5;

export interface ScoreSelectionServices {
  readonly context: vscode.ExtensionContext;
  readonly engine: EngineService;
  readonly annotations: AnnotationController;
  readonly selection: Selection;
  readonly log: vscode.LogOutputChannel;
}

export interface ScoreSelectionParts {
  readonly panel: vscode.WebviewPanel;
  readonly services: ScoreSelectionServices;
  readonly document: vscode.TextDocument;
  readonly model: string;
  /** What a restored panel had, where the text still has it. */
  readonly kept?: ScoreSelectionKept;
}

export class ScoreSelectionPanel {
  private readonly channel: Channel;
  private readonly view: Client<ScoreSelectionViewCalls>;
  private readonly marks: SelectionMarks;
  private readonly owned: Array<() => void> = [];
  private shown: Answer | undefined;
  private asked: Asked | undefined;
  private running: AbortController | undefined;
  private share = 0;
  private problem: ErrorRecord | undefined;
  private pinned = false;
  private ready = false;
  private disposed = false;
  private sent = -1;
  private selected = -1;
  private sending: Promise<void> = Promise.resolve();
  private queued = false;
  private settle: NodeJS.Timeout | undefined;
  private say: NodeJS.Timeout | undefined;

  constructor(private readonly parts: ScoreSelectionParts) {
    const { panel, services, document, kept } = parts;
    this.channel = createChannel(webviewPort(panel.webview), {
      onInternalError: (method, error) =>
        services.log.error(`score selection view: ${method}: ${String(error)}`),
    });
    this.view = this.channel.client<ScoreSelectionViewCalls>();
    this.marks = new SelectionMarks(document, parts.model, services.annotations, services.selection);
    this.serve();
    const { window, workspace } = vscode;
    const subscriptions = [
      this.marks,
      // A hidden view is gone: it says that it is ready when it comes back.
      panel.onDidChangeViewState(() => (this.ready &&= panel.visible)),
      window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor.document === document) this.follow();
      }),
      window.onDidChangeVisibleTextEditors(() => {
        if (this.shown === undefined) this.follow();
      }),
      workspace.onDidChangeTextDocument((event) => {
        if (event.document === document && event.contentChanges.length > 0) this.follow();
      }),
    ];
    this.owned.push(
      ...subscriptions.map((each) => () => void each.dispose()),
      services.selection.changes.on((chosen) => {
        if (chosen.document === this.uri && this.marks.linked && chosen.version === this.shown?.asked.version)
          this.select(chosen.token - this.shown.scores.first);
      }),
      services.engine.onChange(({ state }) => {
        if (state === 'ready' && this.problem?.reason === 'engineGone') this.again();
      }),
    );
    const holds = kept !== undefined && kept.start < kept.end && kept.end <= document.getText().length;
    // Without an editor nothing is selected: what was shown is all there is to go by.
    if (holds && (kept.pinned || editorOf(document) === undefined)) {
      this.pinned = kept.pinned;
      void this.score({ what: 'selection', start: kept.start, end: kept.end });
    } else this.follow(0);
  }

  get uri(): string {
    return this.parts.document.uri.toString();
  }
  get model(): string {
    return this.parts.model;
  }

  /** Somebody asked for this again: what is selected now, pinned or not. */
  again(): void {
    this.problem = undefined;
    this.asked = undefined;
    this.pinned = false;
    this.follow(0);
  }

  dispose(): void {
    this.disposed = true;
    this.running?.abort();
    if (this.shown !== undefined) this.light(this.shown.scores.scoring, []);
    clearTimeout(this.settle);
    clearTimeout(this.say);
    for (const stop of this.owned) stop();
    this.channel.dispose();
  }

  private serve(): void {
    const done = (work: () => void) => {
      work();
      return Promise.resolve(undefined);
    };
    this.channel.serve<ScoreSelectionHostCalls>({
      ...commonRequests(
        () => {
          this.ready = true;
          this.sent = -1; // a view that starts has nothing yet
          this.send();
        },
        () => this.cancel(),
      ),
      pin: ({ pinned }) =>
        done(() => {
          this.pinned = pinned === true;
          this.follow(0);
        }),
      refresh: () => done(() => this.refresh()),
      choose: ({ scoring, row }) => done(() => this.choose(scoring, row)),
      light: ({ scoring, rows }) => done(() => this.light(scoring, rows)),
    });
  }

  /** The cursor says where it is at once; another part is scored when it rests. */
  private follow(rest = SETTLE): void {
    const { document } = this.parts;
    if (this.shown?.asked.version === document.version) this.select(this.rowAtCursor(this.shown));
    clearTimeout(this.settle);
    if (this.pinned) return this.later();
    this.settle = setTimeout(() => {
      const now = editorOf(document);
      const part = now === undefined ? undefined : selectedPart(document, now.selection);
      if (part !== undefined) void this.score(part);
      else if (now !== undefined) this.nothing();
      this.later();
    }, rest);
  }

  private nothing(): void {
    this.running?.abort();
    [this.asked, this.shown, this.problem] = [undefined, undefined, undefined];
    this.send();
  }

  private refresh(): void {
    const { document } = this.parts;
    if (!this.pinned || this.shown === undefined) return this.follow(0);
    const { what, start, end } = this.shown.asked;
    const length = document.getText().length;
    void this.score({ what, start: Math.min(start, length - 1), end: Math.min(end, length) });
  }

  /** Scores a part of the text as it is now; never rejects. */
  private async score(part: SelectedPart): Promise<void> {
    const { services, document, model } = this.parts;
    const asked: Asked = { ...part, version: document.version };
    if (this.problem === undefined && sameAs(asked, this.asked)) return;
    this.running?.abort();
    const abort = new AbortController();
    this.running = abort;
    this.asked = asked;
    this.problem = undefined;
    this.share = 0;
    const scores = new SelectionScores(nextScoring());
    const { start, end } = asked;
    this.later();
    try {
      scores.summary = await services.engine.call(
        'score',
        {
          model,
          text: document.getText(),
          only: { start, end },
          ...(this.marks.linked ? { document: this.uri, top: ALTERNATIVES } : {}),
        },
        {
          signal: abort.signal,
          onProgress: (progress) => {
            scores.add(progress);
            this.share = progress.tokens > 0 ? progress.done / progress.tokens : 0;
            this.later();
          },
        },
      );
      if (abort.signal.aborted) return;
      this.shown = { asked, scores };
      this.selected = this.rowAtCursor(this.shown);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.problem = toErrorRecord(error);
      this.shown = undefined;
    } finally {
      if (this.running === abort) this.running = undefined;
    }
    this.send();
  }

  private cancel(): void {
    if (this.running === undefined) return;
    this.running.abort();
    this.running = undefined;
    this.asked = this.shown?.asked;
    if (this.shown === undefined) this.problem = { reason: 'cancelled', message: 'Scoring was cancelled.' };
    this.send();
  }

  /** A selection that is followed ends at the cursor: that says nothing of its tokens. */
  private rowAtCursor({ asked, scores }: Answer): number {
    const { document } = this.parts;
    const editor = editorOf(document);
    if (editor === undefined || (asked.what === 'selection' && !this.pinned)) return -1;
    return scores.rowAt(document.offsetAt(editor.selection.active));
  }

  private select(row: number): void {
    const rows = this.shown?.scores.rows ?? 0;
    const inside = row >= 0 && row < rows ? row : -1;
    if (inside === this.selected) return;
    this.selected = inside;
    this.later();
  }

  private choose(scoring: number, row: number): void {
    const marked = this.marked(scoring);
    if (marked !== undefined && this.marks.choose(marked, row)) this.select(row);
  }

  private light(scoring: number, rows: readonly number[]): void {
    const marked = this.marked(scoring);
    if (marked !== undefined && Array.isArray(rows)) this.marks.light(marked, rows.map(Number));
  }

  /** Undefined for a picture that is gone. */
  private marked(scoring: number) {
    const { shown } = this;
    if (shown?.scores.scoring !== scoring) return undefined;
    return { scores: shown.scores, version: shown.asked.version };
  }

  /** At most ten messages a second, whatever happens here. */
  private later(): void {
    if (!this.ready || this.disposed) return;
    this.say ??= setTimeout(() => {
      this.say = undefined;
      this.send();
    }, SAY_EVERY);
  }

  private send(): void {
    if (!this.ready || this.disposed || this.queued) return;
    this.queued = true;
    // One after another: a state must not overtake the columns it speaks of.
    this.sending = this.sending.then(() => this.sendAll()).catch((error: unknown) => this.trouble(error));
  }

  private async sendAll(): Promise<void> {
    this.queued = false;
    if (this.disposed || !this.ready) return;
    const { shown } = this;
    if (shown !== undefined && this.sent !== shown.scores.scoring) {
      for (const part of shown.scores.parts()) await this.view('part', part);
      this.sent = shown.scores.scoring;
    }
    const { problem, pinned, selected } = this;
    const { document, model } = this.parts;
    const share = this.running === undefined ? undefined : this.share;
    await this.view(
      'state',
      panelState({ document, model, answer: shown, problem, share, pinned, selected }),
    );
  }

  private trouble(error: unknown): void {
    const { reason, message } = toErrorRecord(error);
    if (reason !== 'engineGone') this.parts.services.log.warn(`score selection view: ${message}`);
  }
}

const sameAs = (one: Asked, other: Asked | undefined): boolean =>
  other !== undefined &&
  one.version === other.version &&
  one.start === other.start &&
  one.end === other.end &&
  one.what === other.what;
