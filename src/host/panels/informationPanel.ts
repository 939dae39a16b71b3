// One Information panel: has its text analysed, hands columns and text to its view in parts, and follows the selected
// token, here and in the editor, with what the model makes of shorter contexts. Draws nothing.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Client } from '../../protocol/calls';
import { createChannel, type Channel } from '../../protocol/channel';
import { toErrorRecord, type ErrorRecord } from '../../protocol/errors';
import type { AblationReport, InformationReport } from '../../protocol/information';
import type {
  InformationAblation,
  InformationContent,
  InformationHostCalls,
  InformationViewCalls,
} from '../../protocol/informationView';
import type { ViewState } from '../../protocol/views';
import type { AnnotationController } from '../annotations/controller';
import type { EngineService } from '../engine/engineService';
import { modelName } from '../explorer/runFolders';
import type { RunStore } from '../explorer/runStore';
import { COMMANDS } from '../ids';
import type { Selection, TokenSelection } from '../selection';
import { nextScoring } from './logProbsScoring';
import { ScoredText, textParts } from './scoredText';
import { TokenRequests } from './tokenRequests';
import { commonRequests } from './viewRequests';
import { webviewPort } from './webviewPort';

/** Milliseconds between two messages about progress. */
const SAY_EVERY = 100;
/** What the annotations ask for too: the engine keeps scores by this, among other things. */
const ALTERNATIVES = 5;
/** The share of the progress that is scoring; the rest is counting. */
const SCORING_SHARE = 0.5;

export interface InformationServices {
  readonly context: vscode.ExtensionContext;
  readonly engine: EngineService;
  readonly runs: RunStore;
  readonly annotations: AnnotationController;
  readonly selection: Selection;
  readonly log: vscode.LogOutputChannel;
}

export interface InformationPanelParts {
  readonly panel: vscode.WebviewPanel;
  readonly services: InformationServices;
  readonly document: vscode.TextDocument;
  readonly model: string;
  /** The token that is selected until another is. */
  readonly token: number;
}

interface Analysed {
  readonly scores: ScoredText;
  readonly report: InformationReport;
  readonly text: string;
  readonly version: number;
}

export class InformationPanel {
  private readonly channel: Channel;
  private readonly view: Client<InformationViewCalls>;
  private readonly requests: TokenRequests<AblationReport>;
  private readonly owned: Array<() => void> = [];
  private analysed: Analysed | undefined;
  private token: number;
  private ablation: InformationAblation = { kind: 'none' };
  private running: AbortController | undefined;
  private failure: ErrorRecord | undefined;
  private cancelled = false;
  private progress = { doing: '', share: 0 };
  private ready = false;
  /** The scoring whose columns and text the view holds. */
  private sent = -1;
  private sending: Promise<void> = Promise.resolve();
  private queued = false;
  private timer: NodeJS.Timeout | undefined;
  private disposed = false;

  constructor(private readonly parts: InformationPanelParts) {
    const { panel, services } = parts;
    this.token = parts.token;
    this.channel = createChannel(webviewPort(panel.webview), {
      onInternalError: (method, error) => services.log.error(`information view: ${method}: ${String(error)}`),
    });
    this.view = this.channel.client<InformationViewCalls>();
    this.requests = new TokenRequests(
      (params, signal) => services.engine.call('ablation', params, { signal }),
      () => undefined,
    );
    this.serve();
    const { window, workspace } = vscode;
    const subscriptions = [
      // A hidden view is gone: it says that it is ready when it comes back.
      panel.onDidChangeViewState(() => (this.ready &&= panel.visible)),
      workspace.onDidChangeTextDocument((event) => {
        if (event.document.uri.toString() === this.uri && event.contentChanges.length > 0) this.later();
      }),
      window.onDidChangeTextEditorSelection(({ textEditor }) => this.followCursor(textEditor)),
      window.onDidChangeActiveTextEditor((editor) => editor && this.followCursor(editor)),
    ];
    this.owned.push(
      ...subscriptions.map((each) => () => void each.dispose()),
      services.selection.changes.on((chosen) => this.followSelection(chosen)),
      services.engine.onChange(({ state }) => {
        if (state === 'ready' && this.failure?.reason === 'engineGone') void this.analyse();
      }),
    );
    void this.analyse();
  }

  get uri(): string {
    return this.parts.document.uri.toString();
  }
  get model(): string {
    return this.parts.model;
  }

  /** Somebody asked for this picture again. */
  async analyseIfNeeded(): Promise<void> {
    const current = this.analysed?.version === this.parts.document.version;
    const working = this.analysed === undefined && this.failure === undefined && !this.cancelled;
    if (!current && !working) await this.analyse();
  }

  /** Analyses the text as it is now; never rejects. */
  async analyse(): Promise<void> {
    this.running?.abort();
    this.requests.stop();
    const abort = new AbortController();
    this.running = abort;
    const { document } = this.parts;
    const { version } = document;
    const text = document.getText();
    this.failure = undefined;
    this.cancelled = false;
    this.progress = { doing: `Scoring with ${modelName(this.model)}`, share: 0 };
    const before = this.analysed;
    this.analysed = undefined;
    this.ablation = { kind: 'none' };
    this.sendState();
    if (text === '') return;
    try {
      const { scores, report } = await this.ask(text, abort.signal);
      if (abort.signal.aborted) return;
      this.analysed = { scores, report, text, version };
    } catch (error) {
      if (abort.signal.aborted) return;
      this.failure = toErrorRecord(error);
    }
    this.sendState();
    this.begin(before === undefined);
  }

  dispose(): void {
    this.disposed = true;
    this.running?.abort();
    this.requests.dispose();
    clearTimeout(this.timer);
    for (const stop of this.owned) stop();
    this.channel.dispose();
  }

  /** Whether the annotations are of this model, so that a token's place means the same to all. */
  private shares(): boolean {
    const { services, document, model } = this.parts;
    return services.annotations.session(document)?.model === model;
  }

  private async ask(text: string, signal: AbortSignal): Promise<Pick<Analysed, 'scores' | 'report'>> {
    const scores = new ScoredText(nextScoring());
    const { engine } = this.parts.services;
    const kept = this.shares() ? { document: this.uri, top: ALTERNATIVES } : {};
    const report = await engine.call(
      'information',
      { model: this.model, text, ...kept },
      {
        signal,
        onProgress: (progress) => {
          if (progress.kind === 'scores') {
            const { done, tokens } = progress.scores;
            scores.add(progress.scores);
            this.progress = { ...this.progress, share: SCORING_SHARE * (tokens > 0 ? done / tokens : 0) };
          } else {
            const { doing, share } = progress;
            this.progress = { doing, share: SCORING_SHARE + (1 - SCORING_SHARE) * share };
          }
          this.later();
        },
      },
    );
    return { scores, report };
  }

  /** The first token to look at: the editor's cursor, or the one that was looked at before the window was reloaded. */
  private begin(first: boolean): void {
    const { analysed } = this;
    if (analysed === undefined) return;
    const editor = vscode.window.visibleTextEditors.find((each) => each.document === this.parts.document);
    const kept = Math.min(this.token, analysed.scores.tokens - 1);
    const atCursor = editor === undefined ? -1 : this.tokenAtCursor(editor);
    this.token = -1;
    this.follow(first && this.parts.token > 0 ? kept : Math.max(0, atCursor));
  }

  private followCursor(editor: vscode.TextEditor): void {
    if (!this.ready || editor.document.uri.toString() !== this.uri) return;
    this.followEditor(this.tokenAtCursor(editor));
  }

  private followSelection({ document, version, token, source }: TokenSelection): void {
    if (document !== this.uri || version !== this.analysed?.version || !this.shares()) return;
    if (source === 'editor') this.followEditor(token);
    else this.follow(token);
  }

  /** The editor's cursor cannot tell the parts of one character apart: inside it, the one that is chosen stays. */
  private followEditor(token: number): void {
    const { analysed } = this;
    if (token < 0 || analysed === undefined) return;
    if (analysed.scores.rangeOf(token).start !== analysed.scores.rangeOf(this.token).start)
      this.follow(token);
  }

  /** -1 where the text is another than the one that was analysed. */
  private tokenAtCursor({ document, selection }: vscode.TextEditor): number {
    const { analysed } = this;
    if (analysed?.version !== document.version) return -1;
    return analysed.scores.tokenAt(document.offsetAt(selection.active));
  }

  /** Looks at this token: at once in the view, and when things rest with ever shorter contexts. */
  private follow(token: number): void {
    if (token === this.token) return;
    this.token = token;
    void this.shorten();
  }

  private async shorten(): Promise<void> {
    const { analysed, ablation, token, model } = this;
    if (analysed === undefined || token < 0) return;
    const before = ablation.kind === 'result' ? ablation.report : null;
    this.ablation = { kind: 'working', before: ablation.kind === 'working' ? ablation.before : before };
    this.sendToken();
    const { uri } = this.parts.document;
    const document = { uri, version: analysed.version, getText: () => analysed.text };
    const found = await this.requests.ask({ document, model, token });
    if (found === undefined || this.disposed || analysed !== this.analysed) return;
    this.ablation =
      'reason' in found ? { kind: 'failed', sentence: found.message } : { kind: 'result', report: found };
    this.sendToken();
  }

  private serve(): void {
    this.channel.serve<InformationHostCalls>({
      ...commonRequests(
        () => this.viewReady(),
        () => this.cancel(),
      ),
      refresh: () => this.analyse().then(() => undefined),
      select: async ({ scoring, token, reveal }) => {
        await this.select(scoring, token, reveal);
        return undefined;
      },
    });
  }

  private cancel(): void {
    if (this.analysed !== undefined) return;
    this.running?.abort();
    this.cancelled = true;
    this.sendState();
  }

  private viewReady(): void {
    this.ready = true;
    this.sent = -1; // a view that starts has nothing yet
    this.sendState();
  }

  private async select(scoring: number, token: number, reveal: boolean): Promise<void> {
    const { analysed } = this;
    const { services, document } = this.parts;
    if (analysed === undefined || scoring !== analysed.scores.scoring) return; // of a picture that is gone
    if (!Number.isInteger(token) || token < 0 || token >= analysed.scores.tokens) return;
    this.follow(token);
    const { version } = analysed;
    if (version !== document.version) return; // the editor has another text by now
    const selection = { document: this.uri, version, token, source: 'view' } as const;
    if (this.shares()) services.selection.reveal(selection);
    if (!reveal) return;
    const { start, end } = analysed.scores.rangeOf(token);
    const shown = vscode.window.visibleTextEditors.find((each) => each.document === document);
    const column = shown?.viewColumn ?? vscode.ViewColumn.Beside;
    const editor = await vscode.window.showTextDocument(document, { viewColumn: column });
    // The cursor stands before the token, since behind it the next one begins.
    editor.selection = new vscode.Selection(document.positionAt(end), document.positionAt(start));
    editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
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
    const { analysed } = this;
    if (analysed !== undefined && this.sent !== analysed.scores.scoring) {
      const { scores, text } = analysed;
      // Each part waits for the view to have taken the one before: nothing piles up here.
      for (const part of textParts(scores.scoring, text)) await this.view('text', part);
      for (const part of scores.scoredParts()) await this.view('part', part);
      this.sent = scores.scoring;
    }
    await this.view('state', this.state(analysed));
    if (analysed !== undefined) await this.view('token', this.selected());
  }

  private sendToken(): void {
    if (!this.ready || this.disposed || this.analysed === undefined) return;
    this.sending = this.sending
      .then(() => this.view('token', this.selected()))
      .then(() => undefined)
      .catch((error: unknown) => this.trouble(error));
  }

  private selected(): InformationViewCalls['token']['params'] {
    return { token: Math.max(0, this.token), ablation: this.ablation };
  }

  private state(analysed: Analysed | undefined): ViewState<InformationContent> {
    const { document, model, services } = this.parts;
    const again = { label: 'Show Information', command: COMMANDS.showInformation };
    if (this.failure !== undefined) {
      const gone = ['engineGone', 'outOfMemory'].includes(this.failure.reason);
      const button = gone ? { label: 'Restart Engine', command: COMMANDS.restartEngine } : again;
      return { kind: 'failed', sentence: this.failure.message, button };
    }
    if (this.cancelled) return { kind: 'empty', sentence: 'The analysis was cancelled.', button: again };
    if (analysed === undefined) {
      if (document.getText() === '') {
        const sentence = 'The file is empty: there is nothing to know yet.';
        return { kind: 'empty', sentence, button: again };
      }
      return { kind: 'working', ...this.progress, cancel: true };
    }
    const run = services.runs.byFolder(model);
    return {
      kind: 'result',
      content: {
        document: this.uri,
        file: path.basename(document.uri.path),
        run: model,
        label: run === undefined ? modelName(model) : `${run.specName} ${run.label}`,
        scoring: analysed.scores.scoring,
        report: analysed.report,
        stale: document.version !== analysed.version,
      },
    };
  }

  private trouble(error: unknown): void {
    const { reason, message } = toErrorRecord(error);
    if (reason !== 'engineGone') this.parts.services.log.warn(`information view: ${message}`);
  }
}
