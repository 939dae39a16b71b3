// One Causal mask panel: its session's state for the view, and the view's wishes for the session. Draws nothing.
import * as vscode from 'vscode';
import type { Client } from '../../protocol/calls';
import type {
  CausalMaskContent,
  CausalMaskHostCalls,
  CausalMaskViewCalls,
  MaskNote,
} from '../../protocol/causalMaskView';
import { createChannel, type Channel } from '../../protocol/channel';
import { toErrorRecord } from '../../protocol/errors';
import type { ViewButton, ViewState } from '../../protocol/views';
import type { MaskSession } from '../causalMask/maskSession';
import type { EngineService } from '../engine/engineService';
import { COMMANDS } from '../ids';
import { commonRequests } from './viewRequests';
import { webviewPort } from './webviewPort';

export interface CausalMaskPanelParts {
  readonly panel: vscode.WebviewPanel;
  readonly engine: EngineService;
  readonly log: vscode.LogOutputChannel;
}

const STARTING = { done: 0, of: 0, doing: 'building the model', share: 0 };
const RESTART: ViewButton = { label: 'Restart Engine', command: COMMANDS.restartEngine };

export class CausalMaskPanel {
  private readonly channel: Channel;
  private readonly view: Client<CausalMaskViewCalls>;
  private readonly stops: ReadonlyArray<() => void>;
  private ready = false;
  private wantsChecks = false;

  constructor(
    private readonly parts: CausalMaskPanelParts,
    readonly session: MaskSession,
  ) {
    const { panel, engine, log } = parts;
    this.channel = createChannel(webviewPort(panel.webview), {
      onInternalError: (method, error) => log.error(`causal mask view: ${method}: ${String(error)}`),
    });
    this.view = this.channel.client<CausalMaskViewCalls>();
    const answered = (work: () => unknown) => {
      void work(); // what comes of it comes as state
      return Promise.resolve(undefined);
    };
    this.channel.serve<CausalMaskHostCalls>({
      ...commonRequests(
        () => this.viewReady(),
        () => session.cancel(),
      ),
      measure: ({ length }) => answered(() => session.measure(length)),
      check: () => answered(() => session.check()),
      cancelChecks: () => answered(() => session.cancelChecks()),
    });
    this.stops = [
      session.changes.on((what) => (what === 'whole' ? this.sendState() : this.sendPart())),
      engine.onChange((status) => session.engineChanged(status)),
    ];
  }

  dispose(): void {
    for (const stop of this.stops) stop();
    this.session.dispose();
    this.channel.dispose();
  }

  /** Measures where nothing is measured yet, or where it failed before. */
  async measureIfNeeded(): Promise<void> {
    const { session } = this;
    if (session.measuring || (session.report !== undefined && !session.stale)) return;
    await session.measure();
  }

  /** The mask first, since the checks stand below it. */
  async check(): Promise<void> {
    this.wantsChecks = true;
    await this.measureIfNeeded();
    if (this.session.report !== undefined) this.checkIfWanted();
  }

  private checkIfWanted(): void {
    if (!this.wantsChecks) return;
    this.wantsChecks = false;
    void this.session.check();
  }

  private viewReady(): void {
    this.ready = true;
    this.sendState();
    // A panel that came back after a reload has nothing yet; one that was cancelled or failed waits for a person.
    if (this.session.problem === undefined) void this.measureIfNeeded();
  }

  private sendState(): void {
    if (this.session.report !== undefined) this.checkIfWanted();
    this.send((view) => view('state', this.state()));
  }

  private sendPart(): void {
    this.send((view) => view('update', this.part()));
  }

  private send(say: (view: Client<CausalMaskViewCalls>) => Promise<undefined>): void {
    if (!this.parts.panel.visible) this.ready = false; // a hidden view is gone; it says when it is back
    if (!this.ready) return;
    say(this.view).catch((error: unknown) => {
      const { reason, message } = toErrorRecord(error);
      if (reason !== 'engineGone') this.parts.log.warn(`causal mask view: ${message}`);
    });
  }

  private part(): CausalMaskViewCalls['update']['params'] {
    const { stale, checks, measuring, progress } = this.session;
    return { stale, checks, measuring: measuring ? (progress ?? STARTING) : null, note: this.note() ?? null };
  }

  private note(): MaskNote | undefined {
    const { note, engineIsGone } = this.session;
    if (note === undefined || !engineIsGone) return note;
    return { ...note, button: RESTART };
  }

  private state(): ViewState<CausalMaskContent> {
    const { report, source, problem, measuring, progress, engineIsGone } = this.session;
    if (report !== undefined) {
      return {
        kind: 'result',
        content: { subject: source.subject, name: source.name, report, ...this.part() },
      };
    }
    if (measuring) {
      const doing = `Measuring what ${source.name} sees`;
      return progress === null
        ? { kind: 'working', doing, cancel: true }
        : { kind: 'working', doing: `${doing}: ${progress.doing}`, share: progress.share, cancel: true };
    }
    const again = { label: 'Measure', command: COMMANDS.showCausalMask, argument: this.argument() };
    if (problem === undefined || problem.reason === 'cancelled') {
      const sentence = problem?.message ?? `${source.name} has not been measured yet.`;
      return { kind: 'empty', sentence, button: again };
    }
    return {
      kind: 'failed',
      sentence: problem.message,
      button: engineIsGone ? RESTART : { ...again, label: 'Measure Again' },
    };
  }

  private argument(): string {
    const { subject } = this.session.source;
    return subject.kind === 'run' ? subject.folder : vscode.Uri.parse(subject.uri).fsPath;
  }
}
