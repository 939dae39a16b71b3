// Something an engine takes a while for: started and stopped by a person, told as it goes on. Knows no vscode and no view.
import type { CallOptions } from '../../protocol/calls';
import type { InspectProgress } from '../../protocol/engine';
import { toErrorRecord } from '../../protocol/errors';
import type { FieldTask } from '../../protocol/receptiveFieldView';

export class LongTask<Result> {
  private now: FieldTask<Result> = { state: 'none', progress: null, sentence: '', result: null };
  private running: AbortController | undefined;

  constructor(
    private readonly ask: (options: CallOptions<InspectProgress>) => Promise<Result>,
    private readonly tell: () => void,
  ) {}

  get state(): FieldTask<Result> {
    return this.now;
  }

  /** In place of what runs already. Rejects never. */
  async start(): Promise<void> {
    this.running?.abort();
    const abort = new AbortController();
    this.running = abort;
    this.become({ state: 'running', progress: null, sentence: '' });
    const onProgress = (progress: InspectProgress): void => {
      if (this.running === abort) this.become({ progress });
    };
    try {
      const result = await this.ask({ signal: abort.signal, onProgress });
      if (this.running === abort) this.become({ state: 'done', progress: null, result });
    } catch (error) {
      if (this.running !== abort) return;
      const { reason, message } = toErrorRecord(error);
      if (reason === 'cancelled') this.become({ state: 'cancelled', progress: null });
      else this.become({ state: 'failed', progress: null, sentence: message });
    } finally {
      if (this.running === abort) this.running = undefined;
    }
  }

  stop(): void {
    if (this.running === undefined) return;
    this.running.abort();
    this.running = undefined;
    this.become({ state: 'cancelled', progress: null });
  }

  /** Lets go of what is under way and tells nobody. */
  dispose(): void {
    this.running?.abort();
    this.running = undefined;
  }

  private become(part: Partial<FieldTask<Result>>): void {
    this.now = { ...this.now, ...part };
    this.tell();
  }
}
