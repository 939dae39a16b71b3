// Long work on the extension host's thread in short pieces: other work gets its turn in between.
// Knows no vscode; tests measure it.

/** Milliseconds a piece may take: half of a frame at 60 per second. */
export const SLICE_MILLISECONDS = 8;

export interface SliceSignal {
  readonly aborted: boolean;
}

/** Gives way to whatever waits, timers and input included. */
export const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs a generator to its end, giving way whenever a piece has used its time. Undefined when `signal` says stop. */
export async function runSliced<T>(
  work: Generator<unknown, T>,
  signal?: SliceSignal,
): Promise<T | undefined> {
  let began = performance.now();
  for (;;) {
    if (signal?.aborted) return undefined;
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() - began < SLICE_MILLISECONDS) continue;
    await pause();
    began = performance.now();
  }
}
