// One Sampler panel: its session's state, sent whole when the view is ready and after every change, one at a time.
import * as vscode from 'vscode';
import { createChannel, type Channel } from '../../protocol/channel';
import type { Client } from '../../protocol/calls';
import { toErrorRecord } from '../../protocol/errors';
import type { SamplerContent, SamplerHostCalls, SamplerViewCalls } from '../../protocol/samplerView';
import type { ViewState } from '../../protocol/views';
import type { EngineService } from '../engine/engineService';
import { modelName } from '../explorer/runFolders';
import { COMMANDS } from '../ids';
import { sampleHeader } from '../sampler/sampleHeader';
import type { SamplerSession } from '../sampler/samplerSession';
import { commonRequests } from './viewRequests';
import { webviewPort } from './webviewPort';

const SEND_EVERY = 60;

export interface SamplerPanelParts {
  readonly panel: vscode.WebviewPanel;
  readonly engine: EngineService;
  readonly log: vscode.LogOutputChannel;
}

export class SamplerPanel {
  private readonly channel: Channel;
  private readonly view: Client<SamplerViewCalls>;
  private readonly stops: ReadonlyArray<() => void>;
  private timer: NodeJS.Timeout | undefined;
  private ready = false;
  private sending = false;
  private again = false;
  private disposed = false;

  constructor(
    private readonly parts: SamplerPanelParts,
    readonly session: SamplerSession,
  ) {
    const { panel, engine, log } = parts;
    this.channel = createChannel(webviewPort(panel.webview), {
      onInternalError: (method, error) => log.error(`sampler view: ${method}: ${String(error)}`),
    });
    this.view = this.channel.client<SamplerViewCalls>();
    const done = (work: Promise<unknown>) => work.then(() => undefined);
    this.channel.serve<SamplerHostCalls>({
      ...commonRequests(
        () => this.viewReady(),
        () => session.pause(),
      ),
      step: () => done(session.step()),
      // Answered at once: a run can take longer than anybody waits for an answer.
      run: () => {
        void session.run();
        return Promise.resolve(undefined);
      },
      pause: () => {
        session.pause();
        return Promise.resolve(undefined);
      },
      back: () => done(session.back()),
      force: ({ id }) => done(session.force(id)),
      go: ({ node }) => done(session.go(node)),
      name: ({ node, name }) => done(session.name(node, String(name))),
      change: (change) => done(session.change(change)),
      toEditor: () => done(this.toEditor()),
    });
    this.stops = [
      session.changes.on(() => this.later()),
      // An engine that is back answers what the one before could not.
      engine.onChange(({ state }) => {
        if (state === 'ready' && session.error?.reason === 'engineGone') void session.refresh();
      }),
    ];
    void session.refresh();
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
    for (const stop of this.stops) stop();
    this.session.dispose();
    this.channel.dispose();
  }

  private viewReady(): void {
    this.ready = true;
    this.sending = false;
    void this.send();
  }

  private later(): void {
    if (!this.ready || this.disposed) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.send();
    }, SEND_EVERY);
  }

  /** One state at a time: a view that draws slowly gets fewer of them, and the last one always. */
  private async send(): Promise<void> {
    if (!this.parts.panel.visible) {
      this.ready = false; // a hidden view is gone; it says when it is back
      return;
    }
    if (this.sending) {
      this.again = true;
      return;
    }
    this.sending = true;
    try {
      await this.view('state', this.state());
    } catch (error) {
      const { reason, message } = toErrorRecord(error);
      if (reason !== 'engineGone') this.parts.log.warn(`sampler view: ${message}`);
    } finally {
      this.sending = false;
      if (this.again) {
        this.again = false;
        this.later();
      }
    }
  }

  private state(): ViewState<SamplerContent> {
    const { document, next, fresh, running, elementsPerSecond, note, error } = this.session;
    const model = modelName(document.folder);
    const inside = error === undefined || error.reason === 'badInput' || error.reason === 'unsupported';
    if (!inside) {
      const button =
        error.reason === 'engineGone'
          ? { label: 'Restart Engine', command: COMMANDS.restartEngine }
          : { label: 'Open Sampler', command: COMMANDS.openSampler };
      return { kind: 'failed', sentence: error.message, button };
    }
    if (next === undefined && error === undefined) {
      return { kind: 'working', doing: `Loading ${model}`, cancel: false };
    }
    return {
      kind: 'result',
      content: {
        document,
        model,
        device: this.parts.engine.description?.device.label ?? '',
        next: next ?? null,
        fresh,
        running,
        elementsPerSecond: elementsPerSecond ?? null,
        note,
        problem: error?.message ?? '',
      },
    };
  }

  private async toEditor(): Promise<void> {
    const { session } = this;
    const text = await session.text();
    if (text === undefined) return;
    const { document } = session;
    const header = sampleHeader(modelName(document.folder), document);
    const opened = await vscode.workspace.openTextDocument({
      content: `${header}\n\n${document.prompt}${text}`,
      language: 'plaintext',
    });
    await vscode.window.showTextDocument(opened, { viewColumn: vscode.ViewColumn.Beside, preview: false });
  }
}
