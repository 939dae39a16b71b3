// The Likelihood view beside the editor: the active text's histogram, threshold and most surprising tokens.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { createChannel, type Channel } from '../../protocol/channel';
import type { Client } from '../../protocol/calls';
import { toErrorRecord } from '../../protocol/errors';
import type {
  LikelihoodContent,
  LikelihoodHostCalls,
  LikelihoodViewCalls,
  ViewState,
} from '../../protocol/views';
import type { AnnotationController } from '../annotations/controller';
import { likelihoodContent } from '../annotations/likelihoodContent';
import type { AnnotationSession } from '../annotations/session';
import { tokenEnd, tokenStart } from '../annotations/tokenChunk';
import { modelName } from '../explorer/runFolders';
import { COMMANDS, SETTINGS, VIEWS } from '../ids';
import { annotationSettings, writeSetting } from '../settings';
import { commonRequests } from './viewRequests';
import { fillWebview } from './webviewPage';
import { webviewPort } from './webviewPort';

const SEND_EVERY = 100;
const WORST_SHOWN = 12;

export class LikelihoodView implements vscode.WebviewViewProvider, vscode.Disposable {
  private view: vscode.WebviewView | undefined;
  private channel: Channel | undefined;
  private client: Client<LikelihoodViewCalls> | undefined;
  private ready = false;
  private timer: NodeJS.Timeout | undefined;
  private threshold: NodeJS.Timeout | undefined;
  private readonly owned: vscode.Disposable[];
  private readonly stop: () => void;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly annotations: AnnotationController,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.owned = [
      vscode.window.registerWebviewViewProvider(VIEWS.likelihood, this),
      vscode.window.onDidChangeActiveTextEditor(() => this.later()),
    ];
    this.stop = annotations.changes.on(() => this.later());
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    this.ready = false;
    this.channel?.dispose();
    const channel = createChannel(webviewPort(view.webview), {
      onInternalError: (method, error) => this.log.error(`likelihood view: ${method}: ${String(error)}`),
    });
    this.channel = channel;
    this.client = channel.client<LikelihoodViewCalls>();
    channel.serve<LikelihoodHostCalls>({
      ...commonRequests(
        () => this.viewReady(),
        () => this.session()?.cancel(),
      ),
      threshold: ({ bits }) => {
        if (Number.isFinite(bits)) this.writeThreshold(Math.min(16, Math.max(0, bits)));
        return Promise.resolve(undefined);
      },
      reveal: async ({ token }) => {
        await this.reveal(token);
        return undefined;
      },
    });
    fillWebview(view.webview, this.extension, 'likelihood', 'Likelihood');
    view.onDidDispose(() => {
      channel.dispose();
      this.view = undefined;
    });
    view.onDidChangeVisibility(() => this.later());
  }

  dispose(): void {
    clearTimeout(this.timer);
    clearTimeout(this.threshold);
    this.stop();
    this.channel?.dispose();
    for (const each of this.owned) each.dispose();
  }

  /** A slider that is dragged says many values: the settings file gets the one it rests on. */
  private writeThreshold(bits: number): void {
    clearTimeout(this.threshold);
    this.threshold = setTimeout(() => {
      writeSetting(SETTINGS.threshold, bits).catch((error: unknown) =>
        this.log.error(`threshold: ${String(error)}`),
      );
    }, SEND_EVERY);
  }

  private viewReady(): void {
    this.ready = true;
    this.send();
  }

  private later(): void {
    if (!this.ready || this.view?.visible !== true) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.send();
    }, SEND_EVERY);
  }

  private send(): void {
    this.client?.('state', this.state()).catch((error: unknown) => {
      const { reason, message } = toErrorRecord(error);
      if (reason !== 'engineGone') this.log.warn(`likelihood view: ${message}`);
    });
  }

  /** Of the active text; with the focus elsewhere (a panel, a terminal), of a text on screen. */
  private session(): AnnotationSession | undefined {
    const active = vscode.window.activeTextEditor;
    if (active !== undefined) return this.annotations.session(active.document);
    return vscode.window.visibleTextEditors
      .map((editor) => this.annotations.session(editor.document))
      .find((session) => session !== undefined);
  }

  private state(): ViewState<LikelihoodContent> {
    const session = this.session();
    if (session === undefined) {
      return {
        kind: 'empty',
        sentence: 'The text in front of you is not annotated.',
        button: { label: 'Annotate Likelihood', command: COMMANDS.annotate },
      };
    }
    const { state, summary } = session;
    if (state.kind === 'failed') {
      const button = session.halted
        ? { label: 'Restart Engine', command: COMMANDS.restartEngine }
        : { label: 'Show Log', command: COMMANDS.showLog };
      return { kind: 'failed', sentence: state.error.message, button };
    }
    if (summary === undefined) {
      if (state.kind === 'waiting') {
        return {
          kind: 'empty',
          sentence: state.why,
          button: { label: 'Annotate Likelihood', command: COMMANDS.annotate },
        };
      }
      const share = state.kind === 'scoring' ? state.share : 1;
      return { kind: 'working', doing: `Scoring with ${modelName(session.model)}`, share, cancel: true };
    }
    const { metric, threshold } = annotationSettings();
    return {
      kind: 'result',
      content: likelihoodContent({
        file: path.basename(session.document.uri.path),
        model: modelName(session.model),
        device: summary.device,
        summary,
        stale: session.stale,
        metric,
        threshold,
        histogram: session.statistics.histogram,
        worst: worstTokens(session),
      }),
    };
  }

  private async reveal(token: number): Promise<void> {
    const session = this.session();
    const found = session?.layers.statistics?.find(token);
    if (session === undefined || found === undefined) return;
    const { chunk, row } = found;
    const { document } = session;
    const range = new vscode.Range(
      document.positionAt(tokenStart(chunk, row)),
      document.positionAt(tokenEnd(chunk, row)),
    );
    const editor = await vscode.window.showTextDocument(document, { selection: range });
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

function worstTokens(session: AnnotationSession): LikelihoodContent['worst'] {
  const index = session.layers.statistics;
  return session.statistics.worst.slice(0, WORST_SHOWN).flatMap(({ token, bits }) => {
    const found = index?.find(token);
    if (found === undefined) return [];
    const { chunk, row } = found;
    const line = session.document.positionAt(tokenStart(chunk, row)).line + 1;
    return [{ token, line, text: session.textOf(chunk.scores.id[row] ?? -1), bits }];
  });
}
