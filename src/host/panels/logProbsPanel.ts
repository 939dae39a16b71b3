// One Log-probs panel: scores its text, hands columns and text to its view in parts, and answers a second model beside.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { AnnotationController } from '../annotations/controller';
import { rangeOfToken } from '../annotations/editorSelection';
import type { EngineService } from '../engine/engineService';
import type { RunStore } from '../explorer/runStore';
import type { Selection } from '../selection';
import { createChannel, type Channel } from '../../protocol/channel';
import type { Client } from '../../protocol/calls';
import { ArLensError, toErrorRecord, type ErrorRecord } from '../../protocol/errors';
import type {
  LogProbsComparison,
  LogProbsContent,
  LogProbsHostCalls,
  LogProbsRun,
  LogProbsSlot,
  LogProbsViewCalls,
} from '../../protocol/logProbs';
import type { ViewState } from '../../protocol/views';
import { modelName } from '../explorer/runFolders';
import { COMMANDS } from '../ids';
import { scoreForView, type Scoring } from './logProbsScoring';
import { textParts } from './scoredText';
import { commonRequests } from './viewRequests';
import { webviewPort } from './webviewPort';

const SAY_EVERY = 100;
/** What the annotations ask for too: the engine keeps scores by this, among other things. */
const ALTERNATIVES = 5;

export interface LogProbsServices {
  readonly context: vscode.ExtensionContext;
  readonly engine: EngineService;
  readonly runs: RunStore;
  readonly annotations: AnnotationController;
  readonly selection: Selection;
  readonly log: vscode.LogOutputChannel;
}

export interface LogProbsPanelParts {
  readonly panel: vscode.WebviewPanel;
  readonly services: LogProbsServices;
  readonly document: vscode.TextDocument;
  readonly model: string;
  /** A run to compare with from the start; '' for none. */
  readonly compared: string;
}

export class LogProbsPanel {
  private readonly channel: Channel;
  private readonly view: Client<LogProbsViewCalls>;
  private readonly owned: Array<() => void> = [];
  private first: Scoring | undefined;
  private second: Scoring | undefined;
  private text = '';
  private version = -1;
  private running: AbortController | undefined;
  private comparing: { readonly model: string; readonly abort: AbortController; share: number } | undefined;
  private failure: ErrorRecord | undefined;
  private compareFailure: { readonly model: string; readonly sentence: string } | undefined;
  private cancelled = false;
  private share = 0;
  private ready = false;
  /** Scorings whose columns and text the view holds. */
  private sent = new Set<number>();
  private sending: Promise<void> = Promise.resolve();
  private queued = false;
  private timer: NodeJS.Timeout | undefined;
  private disposed = false;

  constructor(private readonly parts: LogProbsPanelParts) {
    const { panel, services } = parts;
    this.channel = createChannel(webviewPort(panel.webview), {
      onInternalError: (method, error) => services.log.error(`log-probs view: ${method}: ${String(error)}`),
    });
    this.view = this.channel.client<LogProbsViewCalls>();
    this.serve();
    const subscriptions = [
      // A hidden view is gone: it says that it is ready when it comes back.
      panel.onDidChangeViewState(() => (this.ready &&= panel.visible)),
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document.uri.toString() === this.uri && event.contentChanges.length > 0) this.later();
      }),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.cursorMoved(textEditor)),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.cursorMoved(editor)),
    ];
    this.owned.push(
      ...subscriptions.map((each) => () => void each.dispose()),
      services.selection.changes.on((chosen) => {
        if (chosen.document === this.uri) this.later();
      }),
      services.engine.onChange(({ state }) => {
        if (state === 'ready' && this.failure?.reason === 'engineGone') void this.score();
      }),
    );
    void this.score().then(() => (parts.compared === '' ? undefined : this.compare(parts.compared)));
  }

  get uri(): string {
    return this.parts.document.uri.toString();
  }
  get model(): string {
    return this.parts.model;
  }

  /** Somebody asked for this picture again. */
  async scoreIfNeeded(): Promise<void> {
    const current = this.first !== undefined && this.version === this.parts.document.version;
    const working = this.first === undefined && this.failure === undefined && !this.cancelled;
    if (!current && !working) await this.score();
  }

  /** Scores the text as it is now; never rejects. */
  async score(): Promise<void> {
    this.running?.abort();
    const abort = new AbortController();
    this.running = abort;
    const { document, model } = this.parts;
    const version = document.version;
    const text = document.getText();
    this.failure = undefined;
    this.cancelled = false;
    this.share = 0;
    const compared = this.second?.model;
    this.first = undefined;
    this.second = undefined;
    this.comparing?.abort.abort();
    this.comparing = undefined;
    this.sendState();
    if (text === '') {
      [this.text, this.version] = ['', version];
      return this.sendState();
    }
    try {
      const first = await this.ask(model, text, abort.signal, (share) => (this.share = share));
      if (abort.signal.aborted) return;
      [this.first, this.text, this.version] = [first, text, version];
    } catch (error) {
      if (abort.signal.aborted) return;
      this.failure = toErrorRecord(error);
    }
    this.sendState();
    if (compared !== undefined && this.first !== undefined) await this.compare(compared);
  }

  /** Compares with another run on the very text that was scored; never rejects. */
  async compare(model: string): Promise<void> {
    this.comparing?.abort.abort();
    this.comparing = undefined;
    this.second = undefined;
    this.compareFailure = undefined;
    if (model === '' || this.first === undefined) return this.sendState();
    const comparing = { model, abort: new AbortController(), share: 0 };
    this.comparing = comparing;
    this.sendState();
    try {
      const { signal } = comparing.abort;
      const second = await this.ask(model, this.text, signal, (share) => (comparing.share = share));
      if (signal.aborted) return;
      this.second = second;
    } catch (error) {
      if (comparing.abort.signal.aborted) return;
      this.compareFailure = { model, sentence: toErrorRecord(error).message };
    }
    this.comparing = undefined;
    this.sendState();
  }

  dispose(): void {
    this.disposed = true;
    this.running?.abort();
    this.comparing?.abort.abort();
    clearTimeout(this.timer);
    for (const stop of this.owned) stop();
    this.channel.dispose();
  }

  private ask(
    model: string,
    text: string,
    signal: AbortSignal,
    onShare: (share: number) => void,
  ): Promise<Scoring> {
    const { services, document } = this.parts;
    const annotated = services.annotations.session(document)?.model === model;
    return scoreForView({
      engine: services.engine,
      model,
      text,
      ...(annotated ? { document: this.uri } : {}),
      top: annotated ? ALTERNATIVES : 0,
      signal,
      onShare: (share) => {
        onShare(share);
        this.later();
      },
    });
  }

  private serve(): void {
    this.channel.serve<LogProbsHostCalls>({
      ...commonRequests(
        () => this.viewReady(),
        () => this.cancel(),
      ),
      compare: async ({ run }) => {
        const { runs } = this.parts.services.runs;
        if (run !== '' && !runs.some((each) => each.folder === run && each.hasModel))
          throw new ArLensError('notFound', 'That run is not in this workspace any more.');
        await this.compare(run);
        return undefined;
      },
      cancelCompare: () => this.compare('').then(() => undefined),
      refresh: () => this.score().then(() => undefined),
      select: async (place) => {
        await this.select(place);
        return undefined;
      },
    });
  }

  private cancel(): void {
    if (this.first !== undefined) return;
    this.running?.abort();
    this.cancelled = true;
    this.sendState();
  }

  private viewReady(): void {
    this.ready = true;
    this.sent = new Set(); // a view that starts has nothing yet
    this.sendState();
  }

  private async select(place: LogProbsHostCalls['select']['params']): Promise<void> {
    const { services, document, model } = this.parts;
    if (place.scoring !== this.first?.scores.scoring) return; // of a picture that is gone
    if (this.version !== document.version) {
      throw new ArLensError('badInput', 'The text was edited after it was scored: score it again first.');
    }
    // Only a token of the annotations' own model means the same place to those who follow the selection.
    if (services.annotations.session(document)?.model === model)
      services.selection.select({
        document: this.uri,
        version: this.version,
        token: place.token,
        source: 'view',
      });
    if (!place.reveal) return;
    const range = new vscode.Range(document.positionAt(place.start), document.positionAt(place.end));
    const shown = vscode.window.visibleTextEditors.find((each) => each.document === document);
    const column = shown?.viewColumn ?? vscode.ViewColumn.Beside;
    const editor = await vscode.window.showTextDocument(document, { selection: range, viewColumn: column });
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  private cursorMoved(editor: vscode.TextEditor | undefined): void {
    if (!this.ready || editor?.document.uri.toString() !== this.uri) return;
    this.later();
  }

  /** At most ten messages a second, whatever happens here. */
  private later(): void {
    if (!this.ready || this.disposed) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.sendState();
    }, SAY_EVERY);
  }

  private sendState(): void {
    if (!this.ready || this.disposed) return;
    if (this.queued) return; // what waits its turn will send what is true then
    this.queued = true;
    // One after another: a state must not overtake the columns it speaks of.
    this.sending = this.sending.then(() => this.sendAll()).catch((error: unknown) => this.trouble(error));
  }

  private async sendAll(): Promise<void> {
    this.queued = false;
    if (this.disposed || !this.ready) return;
    const { first, second } = this;
    if (first !== undefined) await this.sendColumns('first', first);
    if (second !== undefined) await this.sendColumns('second', second);
    await this.view('state', this.state(first, second));
    if (first !== undefined) await this.view('cursor', { offset: this.cursor() });
  }

  /** Each part waits for the view to have taken the one before: nothing piles up here. */
  private async sendColumns(slot: LogProbsSlot, { scores }: Scoring): Promise<void> {
    const { scoring } = scores;
    if (this.sent.has(scoring)) return;
    const { sent } = this;
    if (slot === 'first') for (const part of textParts(scoring, this.text)) await this.view('text', part);
    for (const part of scores.parts(slot)) await this.view('part', part);
    sent.add(scoring);
  }

  /** Where the token that all views share starts, where it means the same here; else where the editor's cursor is. */
  private cursor(): number | null {
    const { document, model, services } = this.parts;
    if (document.version !== this.version) return null;
    const session = services.annotations.session(document);
    const chosen = services.selection.of(this.uri);
    if (session?.model === model && chosen !== undefined && chosen.source !== 'editor') {
      const range = rangeOfToken(session, chosen.token, chosen.version);
      if (range !== undefined) return document.offsetAt(range.start);
    }
    const editor = vscode.window.visibleTextEditors.find((each) => each.document === document);
    return editor === undefined ? null : document.offsetAt(editor.selection.active);
  }

  private state(first: Scoring | undefined, second: Scoring | undefined): ViewState<LogProbsContent> {
    const { document, model, services } = this.parts;
    const again = { label: 'Show Log-Probs', command: COMMANDS.showLogProbs };
    if (this.failure !== undefined) {
      const gone = ['engineGone', 'outOfMemory'].includes(this.failure.reason);
      const button = gone ? { label: 'Restart Engine', command: COMMANDS.restartEngine } : again;
      return { kind: 'failed', sentence: this.failure.message, button };
    }
    if (this.cancelled) return { kind: 'empty', sentence: 'Scoring was cancelled.', button: again };
    if (first === undefined) {
      if (document.getText() === '')
        return {
          kind: 'empty',
          sentence: 'The file is empty: there is nothing to score yet.',
          button: again,
        };
      return { kind: 'working', doing: `Scoring with ${modelName(model)}`, share: this.share, cancel: true };
    }
    return {
      kind: 'result',
      content: {
        document: this.uri,
        file: path.basename(document.uri.path),
        first: this.runOf(first),
        comparison: this.comparison(second),
        comparable: services.runs.models
          .filter((run) => run.folder !== model)
          .map((run) => ({ run: run.folder, label: `${run.specName} ${run.label}` })),
        stale: document.version !== this.version,
      },
    };
  }

  private comparison(second: Scoring | undefined): LogProbsComparison {
    const { comparing, compareFailure } = this;
    if (comparing !== undefined)
      return { kind: 'working', label: this.labelOf(comparing.model), share: comparing.share };
    if (compareFailure !== undefined)
      return { kind: 'failed', label: this.labelOf(compareFailure.model), sentence: compareFailure.sentence };
    return second === undefined ? { kind: 'none' } : { kind: 'result', second: this.runOf(second) };
  }

  private runOf({ model, scores, summary }: Scoring): LogProbsRun {
    return { scoring: scores.scoring, run: model, label: this.labelOf(model), summary };
  }

  private labelOf(model: string): string {
    const found = this.parts.services.runs.byFolder(model);
    return found === undefined ? modelName(model) : `${found.specName} ${found.label}`;
  }

  private trouble(error: unknown): void {
    const { reason, message } = toErrorRecord(error);
    if (reason !== 'engineGone') this.parts.services.log.warn(`log-probs view: ${message}`);
  }
}
