// Starts the thread that beats and keeps the main thread's share of it: a timer that says the event loop turns.
// Knows nothing of devices: their progress counters are handed in.
import { Worker } from 'node:worker_threads';
import { noteProgress, progressCounter } from './watchdogProgress';

/** Milliseconds; shorter than a beat, so that an idle engine never misses one. */
const TURN = 80;

export interface Watchdog {
  /** Watches one more counter in shared memory that rises while a computation goes on. */
  watch(cell: Int32Array): void;
}

/** @param log told when the thread fails: the engine works on, and the host will call it stuck. */
export function startWatchdog(log: (line: string) => void): Watchdog {
  const worker = new Worker(new URL('./watchdog.worker.mjs', import.meta.url), {
    workerData: progressCounter,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4, stackSizeMb: 1 },
  });
  worker.on('error', (error) => log(`the heartbeat's thread failed: ${error.message}`));
  worker.unref();
  setInterval(noteProgress, TURN).unref();
  return { watch: (cell) => worker.postMessage(cell) };
}
