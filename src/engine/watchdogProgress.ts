// The counter that says "something moves" for code that keeps the event loop waiting but calls no kernels.
// Knows no thread and no process: whoever watches reads the cell.

/** One counter in shared memory; it wraps, and only its changing matters. */
export const progressCounter = new Int32Array(new SharedArrayBuffer(4));

/** Call it in loops that may hold the main thread for more than half a second without computing on a device. */
export function noteProgress(): void {
  Atomics.add(progressCounter, 0, 1);
}
