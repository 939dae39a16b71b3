// The thread that beats: while the main thread is inside a long computation, this one still tells the host
// that something moves. One byte per interval to the extra pipe; it must not allocate or import more than it needs.
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { HEARTBEAT } from '../protocol/process';

/** Milliseconds that the main thread has to leave by itself once nobody reads. */
const ORPHAN_GRACE = 1000;

const ALIVE = new Uint8Array([HEARTBEAT.alive]);
const IDLE = new Uint8Array([HEARTBEAT.idle]);

/** Counters that rise while something moves, and their last values. */
const cells: Int32Array[] = [workerData as Int32Array];
const seen: number[] = [];

parentPort?.on('message', (cell: Int32Array) => cells.push(cell));

const timer = setInterval(() => {
  let moved = false;
  for (const [index, cell] of cells.entries()) {
    const value = Atomics.load(cell, 0);
    if (value !== seen[index]) moved = true;
    seen[index] = value;
  }
  try {
    writeSync(HEARTBEAT.descriptor, moved ? ALIVE : IDLE);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return; // a full pipe: the host is busy, not gone
    clearInterval(timer);
    // A main thread in an endless loop never hears that its parent is gone: it must not outlive it.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), ORPHAN_GRACE);
  }
}, HEARTBEAT.interval);
