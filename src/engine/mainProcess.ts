// The life of a forked engine process: heartbeat, channel to the host, last words, and never without a parent.
// Knows no handlers: main.ts and the tests bring theirs.
import os from 'node:os';
import v8 from 'node:v8';
import type { Channel } from '../protocol/channel';
import { createChannel } from '../protocol/channel';
import { toErrorRecord } from '../protocol/errors';
import type { ProcessCalls, ProcessRole } from '../protocol/process';
import { ENGINE_ENVIRONMENT } from '../protocol/process';
import type { Watchdog } from './watchdog';
import { startWatchdog } from './watchdog';

/** Milliseconds that last words may take. */
const LAST_WORDS = 300;
const FAILED = 1;
const USAGE = 2;

export type Serve = (role: ProcessRole, channel: Channel, watchdog: Watchdog) => Promise<void>;

export async function runEngineProcess(serve: Serve): Promise<void> {
  if (process.send === undefined) {
    console.error(
      'This is the engine of AR Lens: it is started by the extension. Use ar-lens in a terminal.',
    );
    process.exit(USAGE);
  }
  const watchdog = startWatchdog((line) => console.error(line));
  // Nobody to work for: whatever was running is as good as killed, which checkpoints survive.
  process.once('disconnect', () => process.exit(0));

  const channel = createChannel(
    {
      // A send that fails means that the host is gone, which 'disconnect' tells.
      send: (message) => void process.send?.(message, undefined, undefined, () => undefined),
      onMessage: (callback) => {
        process.on('message', callback);
        return () => process.off('message', callback);
      },
    },
    {
      onFault: (error) => console.error(`message not understood: ${error.message}`),
      onInternalError: (method, error) => console.error(`${method}:`, error),
    },
  );
  const host = channel.client<ProcessCalls>();

  let failing = false;
  const fail = (error: unknown) => {
    if (failing) return;
    failing = true;
    console.error(error);
    setTimeout(() => process.exit(FAILED), LAST_WORDS);
    const exit = () => process.exit(FAILED);
    host('failed', toErrorRecord(error)).then(exit, exit);
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);

  const role: ProcessRole = process.env[ENGINE_ENVIRONMENT.role] === 'job' ? 'job' : 'engine';
  if (role === 'job') giveWay();
  try {
    await serve(role, channel, watchdog);
    await host('started', {
      pid: process.pid,
      role,
      node: process.versions.node,
      heapLimit: v8.getHeapStatistics().heap_size_limit,
      machineMemory: machineMemory(),
    });
  } catch (error) {
    fail(error);
  }
}

/** Bytes; a container's limit where there is one. */
function machineMemory(): number {
  const limit = process.constrainedMemory() as number | undefined;
  return limit !== undefined && limit > 0 ? Math.min(limit, os.totalmem()) : os.totalmem();
}

/** Before any kernel's thread exists: on Linux a thread inherits the priority of the one that makes it. */
function giveWay(): void {
  try {
    os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not allowed here: the job runs as fast as the engine, which is a courtesy lost and nothing else.
  }
}
