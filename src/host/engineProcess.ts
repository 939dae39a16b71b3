// One forked engine process from its start to its end: pipes, heartbeat, state, the sentence when it ends.
// Restarts nothing and knows neither vscode nor tensors: that is its owners' business.
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Calls, Client } from '../protocol/calls';
import type { Channel } from '../protocol/channel';
import { createChannel } from '../protocol/channel';
import type { ErrorRecord } from '../protocol/errors';
import { ArLensError } from '../protocol/errors';
import type { ProcessCalls, ProcessRole, Started } from '../protocol/process';
import { ENGINE_ENVIRONMENT, HEARTBEAT } from '../protocol/process';
import type { Ending } from './engineEnding';
import { describeEnding } from './engineEnding';
import { HeartbeatMonitor } from './heartbeatMonitor';
import type { EngineLaunch, EngineStatus, StatusListener } from './engineState';
import type { NodeChoice } from './nodeFinder';
import { findNode } from './nodeFinder';

/** Milliseconds. */
const GRACE = 1500;
const LAST_OUTPUT = 150;
const KEPT_LINES = 40;

const TITLES = { engine: 'The engine', job: 'The training process' } as const satisfies Record<
  ProcessRole,
  string
>;

export class EngineProcess {
  wasReady = false;
  private child: ChildProcess | undefined;
  private channel: Channel | undefined;
  private started: Started | undefined;
  private node: NodeChoice | undefined;
  private lastWords: ErrorRecord | undefined;
  /** Set when the host ends the process itself: then this is all there is to say. */
  private intended: string | undefined;
  private readonly lastLines: string[] = [];
  private readonly listeners = new Set<StatusListener>();
  private current: EngineStatus;
  private readonly heartbeat: HeartbeatMonitor;
  private readonly opened: Promise<Channel>;
  private open!: (channel: Channel) => void;
  private refuse!: (error: ArLensError) => void;
  private readonly ended: Promise<void>;
  private end!: () => void;

  constructor(
    private readonly role: ProcessRole,
    private readonly launch: EngineLaunch,
  ) {
    this.current = { state: 'starting', sentence: `${TITLES[role]} is starting.`, action: 'Nothing to do.' };
    this.opened = new Promise((resolve, reject) => {
      this.open = resolve;
      this.refuse = reject;
    });
    this.opened.catch(() => undefined); // whoever waits for it is told by it
    this.ended = new Promise((resolve) => (this.end = resolve));
    this.heartbeat = new HeartbeatMonitor((silence) => this.onSilence(silence));
    this.fork().catch((error: unknown) => this.finish({ problem: error }));
  }

  get status(): EngineStatus {
    return this.current;
  }

  onStatus(listener: StatusListener): () => void {
    this.listeners.add(listener);
    listener(this.current);
    return () => this.listeners.delete(listener);
  }

  /** The client once the process answers; rejects when it ends first or the caller cancels. */
  async client<T extends Calls<T>>(signal?: AbortSignal): Promise<Client<T>> {
    return (await unlessAborted(this.opened, signal)).client<T>();
  }

  /** Asks the process to end, and ends it after a grace. */
  async stop(sentence: string): Promise<void> {
    this.release(sentence);
    this.child?.kill('SIGTERM');
    const late = setTimeout(() => this.child?.kill('SIGKILL'), GRACE);
    await this.ended;
    clearTimeout(late);
  }

  /** Ends the process at once, whatever it does. */
  async kill(sentence: string): Promise<void> {
    this.release(sentence);
    this.child?.kill('SIGKILL');
    await this.ended;
  }

  private release(sentence: string): void {
    if (this.current.state === 'gone') return;
    this.intended ??= sentence;
    this.channel?.dispose(new ArLensError('engineGone', sentence));
    this.refuse(new ArLensError('engineGone', sentence));
  }

  private async fork(): Promise<void> {
    const { launch } = this;
    const environment = launch.environment ?? process.env;
    this.node = await findNode({
      setting: launch.nodePath,
      searchPath: environment['PATH'] ?? environment['Path'],
      own: {
        executable: process.execPath,
        node: process.versions.node,
        electron: process.versions['electron'],
      },
    });
    this.log(`runs on ${this.node.sentence}`);
    if (!(await exists(launch.bundle)))
      throw new Error(`${launch.bundle} is missing; "npm run build" makes it`);
    const folder = (await exists(launch.folder)) ? launch.folder : path.dirname(launch.bundle);
    if (this.intended !== undefined) return this.finish({});
    const child = fork(launch.bundle, [], {
      execPath: this.node.executable,
      execArgv: [...(launch.nodeOptions ?? [])],
      cwd: folder,
      env: engineEnvironment(environment, this.role, launch, this.node.electron),
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
    });
    this.child = child;
    this.follow(child);
  }

  private follow(child: ChildProcess): void {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        this.lastLines.push(line);
        if (this.lastLines.length > KEPT_LINES) this.lastLines.shift();
        this.log(line);
      });
    }
    this.heartbeat.listen(child.stdio[HEARTBEAT.descriptor] as Readable);
    child.once('error', (error) => this.finish({ problem: error }));
    child.once('exit', (code, signal) => {
      // The last lines say why; a pipe kept open by a grandchild must not keep us waiting.
      const conclude = () => this.finish({ code, signal });
      child.once('close', conclude);
      setTimeout(conclude, LAST_OUTPUT);
    });

    const channel = createChannel(
      {
        send: (message) => {
          if (!child.connected) throw new ArLensError('engineGone', `${TITLES[this.role]} is gone.`);
          child.send(message as object, () => undefined); // a failed send is followed by 'exit'
        },
        onMessage: (callback) => {
          child.on('message', callback);
          return () => child.off('message', callback);
        },
      },
      {
        onFault: (error) => this.log(`message not understood: ${error.message}`),
        onInternalError: (method, error) => this.log(`${method}: ${String(error)}`),
      },
    );
    this.channel = channel;
    channel.serve<ProcessCalls>({
      started: (started) => {
        this.started = started;
        this.wasReady = true;
        this.open(channel);
        this.heartbeat.expect();
        this.tellReady();
        return Promise.resolve(undefined);
      },
      failed: (error) => {
        this.lastWords = error;
        return Promise.resolve(undefined);
      },
    });
  }

  private onSilence(silence: { readonly milliseconds: number; readonly frozen: boolean } | undefined): void {
    if (this.current.state === 'gone') return;
    if (silence === undefined) return this.started === undefined ? undefined : this.tellReady();
    const doing = silence.frozen ? 'is frozen' : 'does not move forward';
    this.tell({
      ...this.facts(),
      state: 'stuck',
      sentence: `${TITLES[this.role]} ${doing}: no sign of progress for ${silence.milliseconds} ms.`,
      action: 'Wait, or restart it.',
    });
  }

  private tellReady(): void {
    this.tell({
      ...this.facts(),
      state: 'ready',
      sentence: `${TITLES[this.role]} is running.`,
      action: 'Nothing to do.',
    });
  }

  private finish(ending: Omit<Ending, 'title' | 'lastLines' | 'lastWords' | 'started' | 'intended'>): void {
    if (this.current.state === 'gone') return;
    this.heartbeat.dispose();
    const error = describeEnding({
      ...ending,
      title: TITLES[this.role],
      lastLines: this.lastLines,
      lastWords: this.lastWords,
      started: this.started,
      intended: this.intended,
    });
    this.log(error.message);
    const status: EngineStatus = {
      ...this.facts(),
      state: 'gone',
      sentence: error.message,
      action: error.action ?? 'Restart the engine.',
    };
    this.current = this.intended === undefined ? { ...status, reason: error.reason } : status;
    this.channel?.dispose(error);
    this.refuse(error);
    this.end();
    for (const listener of [...this.listeners]) listener(this.current);
  }

  private facts(): Pick<EngineStatus, 'pid' | 'node'> {
    const pid = this.child?.pid;
    return {
      ...(pid === undefined ? {} : { pid }),
      ...(this.node === undefined ? {} : { node: this.node.sentence }),
    };
  }

  private tell(status: EngineStatus): void {
    this.current = status;
    for (const listener of [...this.listeners]) listener(status);
  }

  private log(line: string): void {
    this.launch.log?.(`[${this.role}${this.child?.pid === undefined ? '' : ` ${this.child.pid}`}] ${line}`);
  }
}

/** Nothing that changes how node behaves or tells about the editor reaches the engine. */
export function engineEnvironment(
  base: Readonly<Record<string, string | undefined>>,
  role: ProcessRole,
  launch: Pick<EngineLaunch, 'device' | 'instructionSet' | 'threads'>,
  electron: boolean,
): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(base)) {
    if (value !== undefined && !/^(NODE_|VSCODE_|ELECTRON_|npm_)/i.test(name)) environment[name] = value;
  }
  if (electron) environment['ELECTRON_RUN_AS_NODE'] = '1';
  environment[ENGINE_ENVIRONMENT.role] = role;
  if (launch.device !== undefined) environment[ENGINE_ENVIRONMENT.device] = launch.device;
  if (launch.instructionSet !== undefined)
    environment[ENGINE_ENVIRONMENT.instructionSet] = launch.instructionSet;
  if (launch.threads !== undefined) environment[ENGINE_ENVIRONMENT.threads] = String(launch.threads);
  return environment;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  const cancelled = () =>
    new ArLensError('cancelled', 'The call was cancelled while the engine was starting.');
  if (signal.aborted) return Promise.reject(cancelled());
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(cancelled());
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
