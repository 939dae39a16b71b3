// One Attention panel: the window of a document that holds the selected token, asked of the engine map by map.
// Follows the document's annotation session (model, versions) and the linked selection; draws nothing.
import * as path from 'node:path';
import * as vscode from 'vscode';
import type {
  AttentionContent,
  AttentionHostCalls,
  AttentionLook,
  AttentionViewCalls,
} from '../../protocol/attentionView';
import type { Client } from '../../protocol/calls';
import { createChannel, type Channel } from '../../protocol/channel';
import type { AttentionResult } from '../../protocol/engine';
import { ArLensError, toErrorRecord, type ErrorRecord } from '../../protocol/errors';
import type { ViewState } from '../../protocol/views';
import type { AnnotationController } from '../annotations/controller';
import type { AnnotationSession } from '../annotations/session';
import type { EngineService } from '../engine/engineService';
import { modelName } from '../explorer/runFolders';
import { COMMANDS } from '../ids';
import type { Selection } from '../selection';
import { commonRequests } from './viewRequests';
import { webviewPort } from './webviewPort';

/** Milliseconds of rest before another window is asked for: a cursor that is held down passes many. */
const SETTLE = 120;

export interface AttentionPanelParts {
  readonly panel: vscode.WebviewPanel;
  readonly engine: EngineService;
  readonly annotations: AnnotationController;
  readonly selection: Selection;
  readonly log: vscode.LogOutputChannel;
}

type Window = Omit<AttentionResult, 'map' | 'small'> & Required<Pick<AttentionResult, 'map'>>;

/** What the engine answered, and of which version and model it holds. */
interface Answer {
  readonly version: number;
  readonly model: string;
  readonly about: Window;
  readonly small?: NonNullable<AttentionResult['small']>;
}

export class AttentionPanel {
  private readonly channel: Channel;
  private readonly view: Client<AttentionViewCalls>;
  private readonly stops: ReadonlyArray<() => void>;
  private answer: Answer | undefined;
  private problem: { readonly error: ErrorRecord; readonly of: string } | undefined;
  private running: AbortController | undefined;
  /** What is being asked for: asking again for the same would only start it over. */
  private asked = '';
  private timer: NodeJS.Timeout | undefined;
  private ready = false;

  constructor(
    private readonly parts: AttentionPanelParts,
    /** The document's URI. */
    readonly document: string,
    private look: AttentionLook,
  ) {
    const { panel, annotations, selection, engine, log } = parts;
    this.channel = createChannel(webviewPort(panel.webview), {
      onInternalError: (method, error) => log.error(`attention view: ${method}: ${String(error)}`),
    });
    this.view = this.channel.client<AttentionViewCalls>();
    this.channel.serve<AttentionHostCalls>({
      ...commonRequests(
        () => this.viewReady(),
        () => this.cancel(),
      ),
      look: async (next) => {
        await this.lookAt(next);
        return undefined;
      },
      light: ({ positions }) => {
        this.light(positions);
        return Promise.resolve(undefined);
      },
      row: async ({ position }) => {
        await this.tellRow(position);
        return undefined;
      },
      choose: ({ position }) => {
        this.choose(position);
        return Promise.resolve(undefined);
      },
    });
    this.stops = [
      annotations.changes.on(() => this.later()),
      selection.changes.on((chosen) => {
        if (chosen.document === this.document) this.later();
      }),
      engine.onChange(({ state }) => {
        if (state === 'ready') this.problem = undefined;
        this.later();
      }),
    ];
    this.later();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.running?.abort();
    this.light([]);
    for (const stop of this.stops) stop();
    this.channel.dispose();
  }

  private get session(): AnnotationSession | undefined {
    return this.parts.annotations.sessions.find((each) => each.document.uri.toString() === this.document);
  }

  private viewReady(): void {
    this.ready = true;
    this.send();
    this.later();
  }

  /** A row that moves inside the window is told at once; what needs the engine waits until things rest. */
  private later(): void {
    if (this.answer !== undefined && this.session !== undefined && this.current()) {
      this.update({ selected: this.selected(), stale: this.stale() });
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), SETTLE);
  }

  /** Whether what is shown is of this model: an older version's window stays until the new one is there. */
  private current(): boolean {
    return this.answer?.model === this.session?.model;
  }

  private stale(): boolean {
    return this.answer?.version !== this.session?.document.version;
  }

  /** The token to look at: the selected one, else the cursor's would have been; the first where nothing is. */
  private token(): number {
    const chosen = this.parts.selection.of(this.document);
    return chosen?.version === this.session?.document.version ? (chosen?.token ?? 0) : 0;
  }

  private selected(): number {
    const { answer } = this;
    const chosen = this.parts.selection.of(this.document);
    if (answer === undefined || chosen === undefined || chosen.version !== answer.version) return -1;
    return answer.about.window.token.indexOf(chosen.token);
  }

  /** Asks for the window that holds the token, unless it is there. */
  private async refresh(): Promise<void> {
    const { session } = this;
    if (
      session === undefined ||
      session.stale ||
      session.summary === undefined ||
      session.state.kind === 'failed'
    ) {
      if (session === undefined || !this.current()) this.answer = undefined;
      this.send();
      return;
    }
    const { version } = session.document;
    const token = Math.min(this.token(), session.summary.tokens - 1);
    const holds =
      this.answer?.version === version && this.current() && this.answer.about.window.token.includes(token);
    if (holds) return this.update({ selected: this.selected(), stale: false });
    const asked = [version, session.model, token].join('\n');
    if (asked === this.asked || this.problem?.of === asked) return;
    await this.ask(session, token, asked, (map) => {
      this.answer = { version, model: session.model, about: map };
      this.send();
    });
  }

  private async lookAt(next: AttentionLook): Promise<void> {
    const { session, answer } = this;
    const { kind, layer, head } = next;
    if (!['heads', 'mean', 'rollout'].includes(kind) || !Number.isInteger(layer) || !Number.isInteger(head)) {
      throw new ArLensError('badInput', 'look: expected a kind, a layer and a head');
    }
    const before = this.look;
    this.look = next;
    if (session === undefined || answer === undefined || this.stale()) return;
    // The last token of a window is always its own; earlier ones may belong to an earlier window.
    const last = Math.max(0, answer.about.window.token[answer.about.window.length - 1] ?? 0);
    const keeps = before.kind === kind ? answer.small : undefined;
    const asked = [answer.version, answer.model, kind, layer, head].join('\n');
    await this.ask(
      session,
      last,
      asked,
      (map) => {
        const { version, model } = answer;
        this.answer = { version, model, about: map, ...(keeps === undefined ? {} : { small: keeps }) };
        if (keeps === undefined) this.send();
        else this.update({ look: this.look, map: map.map });
      },
      keeps !== undefined,
    );
  }

  /** One map in full, which is there soonest, then all small ones. */
  private async ask(
    session: AnnotationSession,
    token: number,
    asked: string,
    onMap: (about: Window) => void,
    hasSmall = false,
  ): Promise<void> {
    this.running?.abort();
    const abort = new AbortController();
    this.running = abort;
    this.asked = asked;
    this.problem = undefined;
    const { engine } = this.parts;
    const { document, model } = session;
    const { kind, layer, head } = this.look;
    const params = { model, text: document.getText(), token, kind };
    if (this.answer === undefined) this.send();
    try {
      const { map, ...about } = await this.first(params, layer, head, abort.signal);
      if (abort.signal.aborted) return;
      if (map === undefined) throw new ArLensError('internal', 'attention: expected a map, got none');
      this.look = { kind: map.kind, layer: map.layer, head: map.head };
      onMap({ layers: about.layers, heads: about.heads, window: about.window, map });
      if (hasSmall) return;
      const { small } = await engine.call('attention', params, { signal: abort.signal });
      if (abort.signal.aborted || this.answer === undefined || small === undefined) return;
      this.answer = { ...this.answer, small };
      this.update({ small });
    } catch (error) {
      if (abort.signal.aborted) return;
      this.problem = { error: toErrorRecord(error), of: asked };
      this.answer = undefined;
      this.send();
    } finally {
      if (this.running === abort) this.asked = '';
    }
  }

  /** A look that was kept from another model may name a layer or head that this one has not: then the first. */
  private async first(
    params: { model: string; text: string; token: number; kind: AttentionLook['kind'] },
    layer: number,
    head: number,
    signal: AbortSignal,
  ): Promise<AttentionResult> {
    const { engine } = this.parts;
    try {
      return await engine.call('attention', { ...params, layer, head }, { signal });
    } catch (error) {
      if (signal.aborted || toErrorRecord(error).reason !== 'badInput' || (layer === 0 && head === 0))
        throw error;
      return engine.call('attention', { ...params, layer: 0, head: 0 }, { signal });
    }
  }

  private cancel(): void {
    const of = this.asked;
    this.running?.abort();
    this.asked = '';
    if (this.answer !== undefined) return;
    this.problem = { error: { reason: 'cancelled', message: 'Looking at attention was cancelled.' }, of };
    this.send();
  }

  private light(positions: readonly number[]): void {
    const { answer } = this;
    if (answer === undefined || !Array.isArray(positions)) return;
    const tokens = positions.slice(0, 2).flatMap((position) => {
      const token = answer.about.window.token[Number(position)] ?? -1;
      return token < 0 ? [] : [token];
    });
    this.parts.selection.light({ document: this.document, version: answer.version, tokens });
  }

  private choose(position: number): void {
    const token = this.answer?.about.window.token[position] ?? -1;
    const version = this.answer?.version;
    if (token < 0 || version === undefined) return;
    this.parts.selection.reveal({ document: this.document, version, token, source: 'view' });
  }

  /** The scores whose softmax the row is; of a text that was edited since, nothing can be asked any more. */
  private async tellRow(position: number): Promise<void> {
    const { session, answer } = this;
    const { kind, layer, head } = this.look;
    if (session === undefined || answer === undefined || this.stale() || kind !== 'heads') return;
    const { window } = answer.about;
    // The last token of a window is always its own; earlier ones may belong to an earlier window.
    const token = Math.max(0, window.token[window.length - 1] ?? 0);
    const params = { model: answer.model, text: session.document.getText(), token, layer, head, position };
    this.update({ row: await this.parts.engine.call('attentionRow', params) });
  }

  private update(part: AttentionViewCalls['update']['params']): void {
    if (this.ready) this.view('update', part).catch((error: unknown) => this.notSent(error));
  }

  private send(): void {
    if (this.ready) this.view('state', this.state()).catch((error: unknown) => this.notSent(error));
  }

  private notSent(error: unknown): void {
    const { reason, message } = toErrorRecord(error);
    if (reason !== 'engineGone') this.parts.log.warn(`attention view: ${message}`);
  }

  private state(): ViewState<AttentionContent> {
    const { session, answer, problem } = this;
    const file = path.basename(vscode.Uri.parse(this.document).path);
    const annotate = { label: 'Annotate Likelihood', command: COMMANDS.annotate };
    if (session === undefined) {
      return {
        kind: 'empty',
        sentence: `${file} is not annotated: attention is shown for a text that a model has scored.`,
        button: annotate,
      };
    }
    if (session.state.kind === 'failed') return failed(session.state.error);
    if (problem !== undefined) {
      if (problem.error.reason === 'unsupported') {
        const button = { label: 'Annotate With…', command: COMMANDS.annotateWith };
        return { kind: 'empty', sentence: problem.error.message, button };
      }
      if (problem.error.reason === 'cancelled') {
        const button = { label: 'Show Attention', command: COMMANDS.showAttention };
        return { kind: 'empty', sentence: problem.error.message, button };
      }
      return failed(problem.error);
    }
    if (answer === undefined) {
      if (session.state.kind === 'waiting') {
        return { kind: 'empty', sentence: session.state.why, button: annotate };
      }
      const doing =
        session.state.kind === 'scoring'
          ? `Scoring with ${modelName(session.model)}`
          : `Looking at the window of token ${this.token() + 1}`;
      return { kind: 'working', doing, cancel: this.asked !== '' };
    }
    const { about, small } = answer;
    return {
      kind: 'result',
      content: {
        file,
        model: modelName(answer.model),
        folder: answer.model,
        document: this.document,
        ...about,
        look: this.look,
        ...(small === undefined ? {} : { small }),
        selected: this.selected(),
        stale: this.stale(),
      },
    };
  }

  /** Asks again after a person cancelled. */
  again(): void {
    this.problem = undefined;
    this.later();
  }
}

function failed(error: ErrorRecord): ViewState<AttentionContent> {
  const gone = error.reason === 'engineGone' || error.reason === 'outOfMemory';
  const button = gone
    ? { label: 'Restart Engine', command: COMMANDS.restartEngine }
    : { label: 'Show Log', command: COMMANDS.showLog };
  return { kind: 'failed', sentence: error.message, button };
}
