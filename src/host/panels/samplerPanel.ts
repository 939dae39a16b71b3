// One Sampler panel: its session's state, sent whole when the view is ready and after every change, one at a time.
import * as vscode from 'vscode';
import { createChannel, type Channel } from '../../protocol/channel';
import type { Client } from '../../protocol/calls';
import { toErrorRecord } from '../../protocol/errors';
import type { SamplerHostCalls, SamplerViewCalls } from '../../protocol/samplerView';
import type { EngineService } from '../engine/engineService';
import { modelName } from '../explorer/runFolders';
import { beamHeader, sampleHeader } from '../sampler/sampleHeader';
import { samplerState } from '../sampler/samplerContent';
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
      go: ({ node, turn }) => done(session.go(node, turn)),
      name: ({ node, name }) => done(session.name(node, String(name))),
      change: (change) => done(session.change(change)),
      toEditor: () => done(this.toEditor()),
      search: () => done(session.search()),
      stopSearch: () => {
        session.cancelSearch();
        return Promise.resolve(undefined);
      },
      takeHypothesis: ({ index }) => done(session.takeHypothesis(index)),
      hypothesisToEditor: ({ index }) => done(this.hypothesisToEditor(index)),
    });
    this.stops = [
      session.changes.on(() => this.later()),
      // An engine that is back answers what the one before could not.
      engine.onChange(({ state }) => {
        if (state !== 'ready') return;
        if (session.error?.reason === 'engineGone') void session.refresh();
        const { state: beam } = session.beam;
        if (beam.kind === 'failed' && beam.error.reason === 'engineGone') void session.searchAgain();
      }),
    ];
    void session.refresh();
    void session.searchAgain();
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
      const device = this.parts.engine.description?.device.label ?? '';
      await this.view('state', samplerState(this.session, modelName(this.session.document.folder), device));
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

  private async toEditor(): Promise<void> {
    const { session } = this;
    const text = await session.text();
    if (text === undefined) return;
    const { document } = session;
    await openBeside(`${sampleHeader(modelName(document.folder), document)}\n\n${document.prompt}${text}`);
  }

  private async hypothesisToEditor(index: number): Promise<void> {
    const { session } = this;
    const { text, found } = (await session.hypothesisText(index)) ?? {};
    if (text === undefined || found === undefined) return;
    const { document } = session;
    const header = beamHeader(modelName(document.folder), document, found, index);
    await openBeside(`${header}\n\n${document.prompt}${text}`);
  }
}

async function openBeside(content: string): Promise<void> {
  const opened = await vscode.workspace.openTextDocument({ content, language: 'plaintext' });
  await vscode.window.showTextDocument(opened, { viewColumn: vscode.ViewColumn.Beside, preview: false });
}
