// One Receptive field panel: its session's state for the view, and the view's wishes for the session. Draws nothing.
import type * as vscode from 'vscode';
import type { Client } from '../../protocol/calls';
import { createChannel, type Channel } from '../../protocol/channel';
import { toErrorRecord } from '../../protocol/errors';
import type {
  FieldTaskName,
  ReceptiveFieldContent,
  ReceptiveFieldHostCalls,
  ReceptiveFieldViewCalls,
} from '../../protocol/receptiveFieldView';
import type { ViewButton, ViewState } from '../../protocol/views';
import type { EngineService } from '../engine/engineService';
import { COMMANDS } from '../ids';
import type { FieldSession } from '../receptiveField/fieldSession';
import { commonRequests } from './viewRequests';
import { webviewPort } from './webviewPort';

export interface ReceptiveFieldPanelParts {
  readonly panel: vscode.WebviewPanel;
  readonly engine: EngineService;
  readonly log: vscode.LogOutputChannel;
}

const RESTART: ViewButton = { label: 'Restart Engine', command: COMMANDS.restartEngine };

export class ReceptiveFieldPanel {
  private readonly channel: Channel;
  private readonly view: Client<ReceptiveFieldViewCalls>;
  private readonly stops: ReadonlyArray<() => void>;
  private ready = false;

  constructor(
    private readonly parts: ReceptiveFieldPanelParts,
    readonly session: FieldSession,
  ) {
    const { panel, engine, log } = parts;
    this.channel = createChannel(webviewPort(panel.webview), {
      onInternalError: (method, error) => log.error(`receptive field view: ${method}: ${String(error)}`),
    });
    this.view = this.channel.client<ReceptiveFieldViewCalls>();
    this.channel.serve<ReceptiveFieldHostCalls>({
      ...commonRequests(
        () => this.viewReady(),
        () => session.cancel(),
      ),
      look: (wish) => {
        void session.look(wish); // what comes of it comes as state
        return Promise.resolve(undefined);
      },
      mask: async (params) => {
        await session.showMask(params);
        return undefined;
      },
      start: ({ task, ...gates }) => {
        void session.start(taskName(task), gates);
        return Promise.resolve(undefined);
      },
      stop: ({ task }) => {
        session[taskName(task)].stop();
        return Promise.resolve(undefined);
      },
    });
    this.stops = [
      session.changes.on((what) => this.changed(what)),
      engine.onChange((status) => session.engineChanged(status)),
    ];
  }

  dispose(): void {
    for (const stop of this.stops) stop();
    this.session.dispose();
    this.channel.dispose();
  }

  private viewReady(): void {
    this.ready = true;
    this.send((view) => view('state', this.state()));
    // A panel that came back after a reload has nothing yet; one that was cancelled or failed waits for a person.
    if (this.session.problem === undefined) void this.session.lookIfNeeded();
  }

  private changed(what: 'whole' | 'report' | 'mask' | FieldTaskName): void {
    const { report, mask, measured, effective, gates } = this.session;
    if (what === 'whole' || report === undefined) this.send((view) => view('state', this.state()));
    else if (what === 'mask') this.send((view) => view('update', { mask }));
    else if (what === 'measured') this.send((view) => view('update', { measured: measured.state }));
    else if (what === 'effective') this.send((view) => view('update', { effective: effective.state }));
    else if (what === 'gates') this.send((view) => view('update', { gates: gates.state }));
    else this.send((view) => view('update', { report, problem: this.problem() }));
  }

  private send(say: (view: Client<ReceptiveFieldViewCalls>) => Promise<undefined>): void {
    if (!this.parts.panel.visible) this.ready = false; // a hidden view is gone; it says when it is back
    if (!this.ready) return;
    say(this.view).catch((error: unknown) => {
      const { reason, message } = toErrorRecord(error);
      if (reason !== 'engineGone') this.parts.log.warn(`receptive field view: ${message}`);
    });
  }

  private problem(): string {
    const { problem } = this.session;
    return problem === undefined || problem.reason === 'cancelled' ? '' : problem.message;
  }

  private state(): ViewState<ReceptiveFieldContent> {
    const { report, source, problem, mask, engineIsGone, measured, effective, gates } = this.session;
    const { subject, name } = source;
    if (report !== undefined)
      return {
        kind: 'result',
        content: {
          subject,
          name,
          report,
          problem: this.problem(),
          mask,
          measured: measured.state,
          effective: effective.state,
          gates: gates.state,
        },
      };
    if (problem === undefined) {
      const whose = name === '' ? 'a stack' : name;
      return { kind: 'working', doing: `Following what the outputs of ${whose} read`, cancel: true };
    }
    const again: ViewButton = {
      label: 'Show Receptive Field',
      command: COMMANDS.showReceptiveField,
      argument: subject.kind === 'none' ? '' : subject.path,
    };
    if (problem.reason === 'cancelled') return { kind: 'empty', sentence: problem.message, button: again };
    return { kind: 'failed', sentence: problem.message, button: engineIsGone ? RESTART : again };
  }
}

/** A view's word is data from a page: trusted with nothing. */
const taskName = (task: unknown): FieldTaskName =>
  task === 'effective' || task === 'gates' ? task : 'measured';
