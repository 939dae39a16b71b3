// Pause, resume and stop of one training run, as its loop sees them between steps.
// Knows no model and no file.
import type { RunStatus } from '../../protocol/run';

export class TrainingControl {
  private readonly stopping = new AbortController();
  private paused: { readonly until: Promise<void>; readonly go: () => void } | undefined;

  constructor(private readonly onStatus: (status: RunStatus) => void = () => undefined) {}

  /** Aborted once the run is to end: long work between steps gives up at once. */
  get stopSignal(): AbortSignal {
    return this.stopping.signal;
  }

  get isPaused(): boolean {
    return this.paused !== undefined;
  }

  pause(): void {
    if (this.paused || this.stopping.signal.aborted) return;
    let go = (): void => undefined;
    const until = new Promise<void>((resolve) => (go = resolve));
    this.paused = { until, go };
    this.onStatus('paused');
  }

  resume(): void {
    const waiting = this.paused;
    if (!waiting) return;
    this.paused = undefined;
    this.onStatus('running');
    waiting.go();
  }

  stop(): void {
    this.stopping.abort();
    this.paused?.go();
    this.paused = undefined;
  }

  /** Resolves at once unless paused. */
  async turn(): Promise<void> {
    await this.paused?.until;
  }
}
