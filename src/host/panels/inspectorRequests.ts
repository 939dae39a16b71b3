// The Inspector's questions to the engine: asked when the cursor rests, the last one only, the text sent once for each
// version. Knows no view and imports nothing of vscode at run time, so that a test can drive it.
import type { Client } from '../../protocol/calls';
import type { EngineCalls } from '../../protocol/engine';
import { toErrorRecord, type ErrorRecord } from '../../protocol/errors';
import type { InspectParams, TokenInspection } from '../../protocol/inspect';

/** Milliseconds that the selection has to rest: a held arrow key passes by unasked. */
const REST = 60;
const TOP = 20;
const ATTENDED = 5;

/** What of a document is needed here. */
export interface InspectedDocument {
  readonly uri: { toString(): string };
  readonly version: number;
  getText(): string;
}

export interface InspectorQuestion {
  readonly document: InspectedDocument;
  readonly model: string;
  readonly token: number;
}

export class InspectorRequests {
  private running: AbortController | undefined;
  private asked = '';
  /** Version of each document whose text the engine has. */
  private readonly sent = new Map<string, number>();

  /** @param onChange called when waiting begins or ends. */
  constructor(
    private readonly call: Client<EngineCalls>,
    private readonly onChange: () => void,
  ) {}

  /** Undefined when another question overtook this one, or it is the one that is under way. */
  async ask(question: InspectorQuestion): Promise<TokenInspection | ErrorRecord | undefined> {
    const { document, model, token } = question;
    const key = [document.uri.toString(), document.version, model, token].join('\n');
    if (key === this.asked) return undefined;
    this.stop();
    this.asked = key;
    const abort = new AbortController();
    this.running = abort;
    this.onChange();
    try {
      await rest(abort.signal);
      if (abort.signal.aborted) return undefined;
      const answer = await this.send(question, abort.signal);
      return abort.signal.aborted ? undefined : answer;
    } catch (error) {
      return abort.signal.aborted ? undefined : toErrorRecord(error);
    } finally {
      if (this.running === abort) this.stop();
    }
  }

  /** Nothing is asked any more; what was asked is not answered. */
  stop(): void {
    this.running?.abort();
    this.running = undefined;
    this.asked = '';
  }

  forget(document: string): void {
    this.sent.delete(document);
  }

  dispose(): void {
    this.stop();
  }

  private async send(
    { document, model, token }: InspectorQuestion,
    signal: AbortSignal,
  ): Promise<TokenInspection> {
    const key = document.uri.toString();
    const { version } = document;
    const params: InspectParams = { model, document: key, version, token, top: TOP, attended: ATTENDED };
    const whole = async (): Promise<TokenInspection> => {
      const found = await this.call('inspect', { ...params, text: document.getText() }, { signal });
      this.sent.set(key, version);
      return found;
    };
    if (this.sent.get(key) !== version) return whole();
    try {
      return await this.call('inspect', params, { signal });
    } catch (error) {
      // Another engine than the one that was sent the text, or one that keeps others by now.
      if (toErrorRecord(error).reason !== 'notFound' || signal.aborted) throw error;
      return whole();
    }
  }
}

function rest(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, REST);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
