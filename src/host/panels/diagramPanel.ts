// One Diagram panel: asks the engine for a spec's or a run's nodes, again when the spec is edited. Draws nothing.
import * as vscode from 'vscode';
import type { Client } from '../../protocol/calls';
import { createChannel, type Channel } from '../../protocol/channel';
import type { DiagramReport } from '../../protocol/diagram';
import type {
  DiagramContent,
  DiagramHostCalls,
  DiagramSubject,
  DiagramViewCalls,
} from '../../protocol/diagramView';
import { toErrorRecord, type ErrorRecord } from '../../protocol/errors';
import type { ViewState } from '../../protocol/views';
import type { EngineService } from '../engine/engineService';
import { modelName, specName } from '../explorer/runFolders';
import { COMMANDS } from '../ids';
import { commonRequests } from './viewRequests';
import { webviewPort } from './webviewPort';

/** Milliseconds of rest before an edited spec is drawn again. */
const SETTLE = 400;

export interface DiagramPanelParts {
  readonly panel: vscode.WebviewPanel;
  readonly engine: EngineService;
  readonly log: vscode.LogOutputChannel;
}

export class DiagramPanel {
  private readonly channel: Channel;
  private readonly view: Client<DiagramViewCalls>;
  private readonly stops: ReadonlyArray<() => void>;
  private report: DiagramReport | undefined;
  private problem: ErrorRecord | undefined;
  private running: AbortController | undefined;
  private timer: NodeJS.Timeout | undefined;
  private ready = false;

  constructor(
    private readonly parts: DiagramPanelParts,
    readonly subject: DiagramSubject,
  ) {
    const { panel, engine, log } = parts;
    this.channel = createChannel(webviewPort(panel.webview), {
      onInternalError: (method, error) => log.error(`diagram view: ${method}: ${String(error)}`),
    });
    this.view = this.channel.client<DiagramViewCalls>();
    this.channel.serve<DiagramHostCalls>(
      commonRequests(
        () => {
          this.ready = true;
          this.send();
        },
        () => this.cancel(),
      ),
    );
    const subscriptions = [
      panel.onDidChangeViewState(() => (this.ready &&= panel.visible)),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && this.isOf(document)) this.later();
      }),
    ];
    this.stops = [
      ...subscriptions.map((each) => () => void each.dispose()),
      engine.onChange(({ state }) => {
        if (state === 'ready' && this.problem?.reason === 'engineGone') void this.ask();
      }),
    ];
    void this.ask();
  }

  /** Asks again; never rejects. */
  async ask(): Promise<void> {
    this.running?.abort();
    const abort = new AbortController();
    this.running = abort;
    this.problem = undefined;
    this.send();
    try {
      const report = await this.parts.engine.call('diagram', this.params(), { signal: abort.signal });
      if (abort.signal.aborted) return;
      this.report = report;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.problem = toErrorRecord(error);
    } finally {
      if (this.running === abort) this.running = undefined;
    }
    this.send();
  }

  dispose(): void {
    this.running?.abort();
    clearTimeout(this.timer);
    for (const stop of this.stops) stop();
    this.channel.dispose();
  }

  private isOf(document: vscode.TextDocument): boolean {
    return this.subject.kind === 'spec' && document.uri.fsPath === this.subject.path;
  }

  /** A spec that is open is drawn as it stands in its editor. */
  private params(): { readonly model: string } | { readonly spec: string; readonly text?: string } {
    const { kind, path } = this.subject;
    if (kind === 'model') return { model: path };
    const open = vscode.workspace.textDocuments.find((document) => this.isOf(document));
    return open === undefined ? { spec: path } : { spec: path, text: open.getText() };
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), SETTLE);
  }

  private cancel(): void {
    if (this.running === undefined) return;
    this.running.abort();
    this.running = undefined;
    this.problem = { reason: 'cancelled', message: 'Drawing the diagram was cancelled.' };
    this.send();
  }

  private send(): void {
    if (!this.ready) return;
    this.view('state', this.state()).catch((error: unknown) => {
      const { reason, message } = toErrorRecord(error);
      if (reason !== 'engineGone') this.parts.log.warn(`diagram view: ${message}`);
    });
  }

  private state(): ViewState<DiagramContent> {
    const { report, problem, subject } = this;
    const name = diagramName(subject);
    // What was drawn stays while a spec is typed in, with the reason why it is not newer.
    if (report !== undefined)
      return { kind: 'result', content: { subject, name, report, problem: problem?.message ?? '' } };
    if (problem === undefined)
      return { kind: 'working', doing: `Counting the tensors of ${name}`, cancel: true };
    const again = { label: 'Show Model Diagram', command: COMMANDS.showDiagram, argument: subject.path };
    if (problem.reason === 'cancelled') return { kind: 'empty', sentence: problem.message, button: again };
    const gone = problem.reason === 'engineGone' || problem.reason === 'outOfMemory';
    const button = gone ? { label: 'Restart Engine', command: COMMANDS.restartEngine } : again;
    return { kind: 'failed', sentence: problem.message, button };
  }
}

export const diagramName = ({ kind, path }: DiagramSubject): string =>
  kind === 'spec' ? specName(path) : modelName(path);
