// The interactive engine as the host sees it: starts with the first call, tells its state, can be restarted.
// And training jobs: one process each. No vscode, no tensors; the process itself is engineProcess.ts.
import type { Client } from '../protocol/calls';
import type { EngineCalls, JobCalls } from '../protocol/engine';
import { ArLensError } from '../protocol/errors';
import { EngineProcess } from './engineProcess';
import type { EngineLaunch, EngineStatus, StatusListener } from './engineState';

/** After this many starts in a row that never became ready, the action is no longer another restart. */
const FAILED_STARTS = 3;

const OFF: EngineStatus = {
  state: 'off',
  sentence: 'The engine is not running.',
  action: 'It starts by itself when something is asked of it.',
};

export class EngineClient {
  private current: EngineProcess | undefined;
  private last: EngineStatus = OFF;
  private failedStarts = 0;
  private disposed = false;
  private readonly listeners = new Set<StatusListener>();

  constructor(private readonly launch: () => EngineLaunch) {}

  get status(): EngineStatus {
    return this.last;
  }

  /** Asks the engine; the first call starts it. One that ended by itself stays down until restart(). */
  readonly call: Client<EngineCalls> = async (method, params, options) => {
    const client = await this.running().client<EngineCalls>(options?.signal);
    return client(method, params, options);
  };

  /** Returns when the engine answers; rejects with one sentence when it cannot be started. */
  async start(): Promise<void> {
    await this.running().client();
  }

  /** Ends the process there is, however stuck, and starts a new one. Pending calls reject with 'engineGone'. */
  async restart(): Promise<void> {
    const old = this.current;
    this.current = undefined;
    this.last = OFF;
    await old?.kill('The engine was restarted.');
    await this.start();
  }

  /** Returns the function that stops listening. The listener is also told the state as it is now. */
  onState(listener: StatusListener): () => void {
    this.listeners.add(listener);
    listener(this.last);
    return () => this.listeners.delete(listener);
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    const old = this.current;
    this.current = undefined;
    await old?.stop('The engine was shut down.');
    this.tell(OFF);
    this.listeners.clear();
  }

  private running(): EngineProcess {
    if (this.disposed) throw new ArLensError('engineGone', 'The engine was shut down.');
    if (this.current !== undefined) return this.current;
    if (this.last.state === 'gone') {
      throw new ArLensError(this.last.reason ?? 'engineGone', this.last.sentence, this.last.action);
    }
    const started = new EngineProcess('engine', this.launch());
    this.current = started;
    started.onStatus((status) => this.follow(started, status));
    return started;
  }

  private follow(process: EngineProcess, status: EngineStatus): void {
    if (this.current !== process) return;
    if (status.state === 'ready') this.failedStarts = 0;
    if (status.state !== 'gone') return this.tell(status);
    this.current = undefined;
    if (!process.wasReady) this.failedStarts++;
    if (this.failedStarts < FAILED_STARTS) return this.tell(status);
    this.tell({
      ...status,
      sentence: `${status.sentence} Its start failed ${this.failedStarts} times in a row.`,
      action: 'Look at the log for the cause: restarting alone does not help.',
    });
  }

  private tell(status: EngineStatus): void {
    this.last = status;
    for (const listener of [...this.listeners]) listener(status);
  }
}

/** One training run in a process of its own, at lower priority. */
export interface Job {
  readonly call: Client<JobCalls>;
  readonly status: EngineStatus;
  onState(listener: StatusListener): () => void;
  /** Ends the process: the run keeps its last checkpoint. */
  dispose(): Promise<void>;
}

export function startJob(launch: EngineLaunch): Job {
  const process = new EngineProcess('job', launch);
  return {
    call: async (method, params, options) => {
      const client = await process.client<JobCalls>(options?.signal);
      return client(method, params, options);
    },
    get status() {
      return process.status;
    },
    onState: (listener) => process.onStatus(listener),
    dispose: () => process.stop('The training process was shut down.'),
  };
}
