// Work in pieces: a generator that yields between them, so that its caller can stop, or tell how far it is.

/** All pieces at once. @returns what the work returns */
export function finish<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
