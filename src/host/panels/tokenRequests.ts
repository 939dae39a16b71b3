// Questions to the engine about the selected token: asked when the cursor rests, the last one only, the text sent once
// for each version. Knows no view and no answer, and imports nothing of vscode at run time, so that a test can drive it.
import { toErrorRecord, type ErrorRecord } from '../../protocol/errors';

/** Milliseconds that the selection has to rest: a held arrow key passes by unasked. */
const REST = 60;

/** What of a document is needed here. */
export interface AskedDocument {
  readonly uri: { toString(): string };
  readonly version: number;
  getText(): string;
}

export interface TokenQuestion {
  readonly document: AskedDocument;
  readonly model: string;
  readonly token: number;
}

/** What the engine is sent; `text` only where it does not keep it. */
export interface TokenParams {
  readonly model: string;
  readonly text?: string;
  readonly document: string;
  readonly version: number;
  readonly token: number;
}

export class TokenRequests<Answer> {
  private running: AbortController | undefined;
  private asked = '';
  /** Version of each document whose text the engine has. */
  private readonly sent = new Map<string, number>();

  /** @param onChange called when waiting begins or ends. */
  constructor(
    private readonly call: (params: TokenParams, signal: AbortSignal) => Promise<Answer>,
    private readonly onChange: () => void,
  ) {}

  /** Undefined when another question overtook this one, or it is the one that is under way. */
  async ask(question: TokenQuestion): Promise<Answer | ErrorRecord | undefined> {
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

  private async send({ document, model, token }: TokenQuestion, signal: AbortSignal): Promise<Answer> {
    const key = document.uri.toString();
    const { version } = document;
    const params: TokenParams = { model, document: key, version, token };
    const whole = async (): Promise<Answer> => {
      const found = await this.call({ ...params, text: document.getText() }, signal);
      this.sent.set(key, version);
      return found;
    };
    if (this.sent.get(key) !== version) return whole();
    try {
      return await this.call(params, signal);
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
