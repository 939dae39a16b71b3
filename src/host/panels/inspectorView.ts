// The Inspector beside the editor: what the model expected at the selected token, and where it looked, or at the pixel at
// an image's crosshair. Follows the one of the two that a person went to last; of a token it asks the engine when it
// rests, and keeps the last values (dimmed) until the next are there. A pixel comes with its values.
import * as path from 'node:path';
import * as vscode from 'vscode';
import { createChannel, type Channel } from '../../protocol/channel';
import type { Client } from '../../protocol/calls';
import { toErrorRecord, type ErrorRecord } from '../../protocol/errors';
import type { TokenInspection } from '../../protocol/inspect';
import type {
  InspectedPixel,
  InspectedToken,
  InspectorContent,
  InspectorHostCalls,
  InspectorViewCalls,
} from '../../protocol/inspectorView';
import type { ViewState } from '../../protocol/views';
import type { AnnotationController } from '../annotations/controller';
import type { AnnotationSession } from '../annotations/session';
import type { EngineService } from '../engine/engineService';
import { modelName } from '../explorer/runFolders';
import { COMMANDS, VIEWS } from '../ids';
import type { Pixels, PixelSelection } from '../pixelSelection';
import type { Selection, TokenSelection } from '../selection';
import { InspectorRequests } from './inspectorRequests';
import { commonRequests } from './viewRequests';
import { fillWebview } from './webviewPage';
import { webviewPort } from './webviewPort';

/** Milliseconds between two states sent to the view. */
const SEND_EVERY = 30;

/** An answer, and of which token of which version it is. */
interface Shown {
  readonly of: TokenSelection;
  readonly model: string;
  readonly line: number;
  readonly column: number;
  readonly inspection: TokenInspection;
}

export interface InspectorParts {
  readonly extension: vscode.Uri;
  readonly annotations: AnnotationController;
  readonly engine: EngineService;
  readonly selection: Selection;
  readonly pixels: Pixels;
  readonly log: vscode.LogOutputChannel;
}

export class InspectorView implements vscode.WebviewViewProvider, vscode.Disposable {
  private view: vscode.WebviewView | undefined;
  private channel: Channel | undefined;
  private client: Client<InspectorViewCalls> | undefined;
  private ready = false;
  private shown: Shown | undefined;
  /** What a person went to last. */
  private following: 'token' | 'pixel' = 'token';
  /** Stays with `shown`. */
  private pinned = false;
  private pinnedPixel: PixelSelection | undefined;
  private trouble: ErrorRecord | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly requests: InspectorRequests;
  private readonly provider: vscode.Disposable;
  private readonly stops: ReadonlyArray<() => void>;

  constructor(private readonly parts: InspectorParts) {
    const { annotations, engine, selection, pixels } = parts;
    this.requests = new InspectorRequests(engine.call, () => this.later());
    this.provider = vscode.Disposable.from(
      vscode.window.registerWebviewViewProvider(VIEWS.inspector, this),
      vscode.window.onDidChangeActiveTextEditor((editor) => {
        if (editor !== undefined && annotations.session(editor.document) !== undefined)
          this.following = 'token';
        this.follow();
      }),
    );
    this.stops = [
      selection.changes.on(() => {
        this.following = 'token';
        this.follow();
      }),
      pixels.changes.on(({ moved }) => {
        if (moved) this.following = 'pixel';
        this.follow();
      }),
      selection.forgotten.on((document) => this.forget(document)),
      annotations.changes.on(() => this.follow()),
      engine.onChange(() => this.follow()),
    ];
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.view = view;
    this.ready = false;
    this.channel?.dispose();
    const channel = createChannel(webviewPort(view.webview), {
      onInternalError: (method, error) => this.parts.log.error(`inspector: ${method}: ${String(error)}`),
    });
    this.channel = channel;
    this.client = channel.client<InspectorViewCalls>();
    channel.serve<InspectorHostCalls>({
      ...commonRequests(
        () => this.viewReady(),
        () => this.session()?.cancel(),
      ),
      pin: ({ pinned }) => {
        const pixel = this.pixel();
        this.pinnedPixel = pinned ? pixel : undefined;
        this.pinned = pinned && pixel === undefined && this.shown !== undefined;
        this.follow();
        return Promise.resolve(undefined);
      },
      light: ({ tokens }) => {
        if (this.shown !== undefined) this.parts.selection.light({ ...this.shown.of, tokens });
        return Promise.resolve(undefined);
      },
      select: ({ token }) => {
        if (this.shown !== undefined && this.shown.inspection.tokens > token && token >= 0) {
          this.parts.selection.reveal({ ...this.shown.of, token, source: 'view' });
        }
        return Promise.resolve(undefined);
      },
    });
    fillWebview(view.webview, this.parts.extension, 'inspector', 'Inspector');
    view.onDidDispose(() => {
      channel.dispose();
      this.ready = false;
      this.view = undefined;
    });
    view.onDidChangeVisibility(() => this.follow());
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.requests.dispose();
    for (const stop of this.stops) stop();
    this.channel?.dispose();
    this.provider.dispose();
  }

  private viewReady(): void {
    this.ready = true;
    this.follow();
  }

  /** Asks for the selected token where it is not shown yet; what nobody looks at is not asked for. */
  private follow(): void {
    if (!this.ready || this.view?.visible !== true) return;
    const target = this.target();
    const { session } = target;
    const gone = this.parts.engine.status.state === 'gone';
    const stays = this.pinned || this.pixel() !== undefined;
    if (!stays && target.selection !== undefined && session !== undefined && !gone) {
      const { selection } = target;
      if (this.shows(selection, session)) this.requests.stop();
      else if (selection.version === session.document.version) {
        void this.requests
          .ask({ document: session.document, model: session.model, token: selection.token })
          .then((answer) => this.take(answer, selection, session));
      }
    }
    this.later();
  }

  private take(
    answer: TokenInspection | ErrorRecord | undefined,
    of: TokenSelection,
    { document, model }: AnnotationSession,
  ): void {
    if (answer === undefined || this.pinned) return; // overtaken, or no longer wanted
    this.trouble = 'reason' in answer ? answer : undefined;
    if (!('reason' in answer) && document.version === of.version) {
      const place = document.positionAt(answer.at.start);
      this.shown = { of, model, line: place.line + 1, column: place.character + 1, inspection: answer };
    }
    this.later();
  }

  private shows(selection: TokenSelection, session: AnnotationSession): boolean {
    const { shown } = this;
    return (
      shown?.of.document === selection.document &&
      shown.of.version === selection.version &&
      shown.of.token === selection.token &&
      shown.model === session.model
    );
  }

  private forget(document: string): void {
    this.requests.forget(document);
    if (this.shown?.of.document === document) {
      this.shown = undefined;
      this.pinned = false;
    }
    this.follow();
  }

  private later(): void {
    if (!this.ready || this.view?.visible !== true) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.client?.('state', this.state()).catch((error: unknown) => {
        const { reason, message } = toErrorRecord(error);
        if (reason !== 'engineGone') this.parts.log.warn(`inspector: ${message}`);
      });
    }, SEND_EVERY);
  }

  /** The pixel that is shown, where one is. */
  private pixel(): PixelSelection | undefined {
    if (this.pinnedPixel !== undefined || this.pinned) return this.pinnedPixel;
    return this.following === 'pixel' ? this.parts.pixels.current : undefined;
  }

  private session(): AnnotationSession | undefined {
    return this.target().session;
  }

  /** The active text's selected token; with the focus elsewhere (a panel, a terminal), the one selected last. */
  private target(): { session?: AnnotationSession; selection?: TokenSelection } {
    const { annotations, selection } = this.parts;
    const active = vscode.window.activeTextEditor?.document;
    if (active !== undefined && active.uri.scheme !== 'output') {
      const session = annotations.session(active);
      const selected = selection.of(active.uri.toString());
      return { ...(session && { session }), ...(session && selected && { selection: selected }) };
    }
    const { current } = selection;
    const session = annotations.sessions.find(
      ({ document }) => document.uri.toString() === current?.document,
    );
    return { ...(session && { session }), ...(session && current && { selection: current }) };
  }

  private state(): ViewState<InspectorContent> {
    if (this.pinned && this.shown !== undefined) return { kind: 'result', content: this.content(this.shown) };
    const pixel = this.pixel();
    if (pixel !== undefined) {
      const gone = this.pinnedPixel === undefined ? this.failure(undefined) : undefined;
      if (gone !== undefined) return failedState(gone);
      return { kind: 'result', content: pixelContent(pixel, this.pinnedPixel !== undefined) };
    }
    const { session, selection } = this.target();
    if (session === undefined) {
      return {
        kind: 'empty',
        sentence:
          'Annotate a text and put the cursor on a word, or point at a pixel of a scored image, to see what a model expected there.',
        button: { label: 'Annotate Likelihood', command: COMMANDS.annotate },
      };
    }
    const failed = session.state.kind === 'failed' ? session.state.error : this.failure(selection);
    if (failed !== undefined) return failedState(failed);
    const { shown } = this;
    if (shown !== undefined && shown.of.document === session.document.uri.toString()) {
      return { kind: 'result', content: this.content(shown) };
    }
    if (selection === undefined && session.state.kind === 'waiting') {
      const button = { label: 'Annotate Likelihood', command: COMMANDS.annotate };
      return { kind: 'empty', sentence: session.state.why, button };
    }
    const scoring = session.state.kind === 'scoring';
    return {
      kind: 'working',
      doing: scoring ? `Scoring with ${modelName(session.model)}` : 'Looking at the token under the cursor',
      ...(scoring ? { share: session.state.share } : {}),
      cancel: scoring,
    };
  }

  /** Of the engine, told by its end even before a text was asked about again; else of the last question. */
  private failure(selection: TokenSelection | undefined): ErrorRecord | undefined {
    const { status } = this.parts.engine;
    if (status.state === 'gone') {
      const { reason = 'engineGone', sentence: message, action } = status;
      return { reason, message, ...(action === undefined ? {} : { action }) };
    }
    return selection === undefined ? undefined : this.trouble;
  }

  private content({ of, model, line, column, inspection }: Shown): InspectedToken {
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === of.document);
    const selected = this.pinned ? of : (this.target().selection ?? of);
    const current = document?.version === of.version && selected.token === of.token;
    return {
      kind: 'token',
      file: path.basename(vscode.Uri.parse(of.document).path),
      line,
      column,
      model: modelName(model),
      stale: this.pinned ? document?.version !== of.version : !current,
      pinned: this.pinned,
      inspection,
    };
  }
}

function pixelContent({ owner: _, run, model, ...pixel }: PixelSelection, pinned: boolean): InspectedPixel {
  return { kind: 'pixel', ...pixel, model: modelName(run), about: model, pinned };
}

function failedState({ reason, message }: ErrorRecord): ViewState<InspectorContent> {
  const ended = reason === 'engineGone' || reason === 'outOfMemory';
  const button = ended
    ? { label: 'Restart Engine', command: COMMANDS.restartEngine }
    : { label: 'Show Log', command: COMMANDS.showLog };
  return { kind: 'failed', sentence: message, button };
}
