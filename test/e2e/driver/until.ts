// Waiting on effects, never on time: asks again until an answer is there. Knows no editor.
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks until the answer is neither undefined nor false.
 * @throws an error that names what was awaited, and the last error seen on the way
 */
export async function until<T>(
  what: string,
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  { timeout = 30_000, every = 100 }: { readonly timeout?: number; readonly every?: number } = {},
): Promise<T> {
  const deadline = Date.now() + timeout;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      const seen = last instanceof Error ? `; last: ${last.message.split('\n')[0]}` : '';
      throw new Error(`waited ${timeout} ms for ${what}${seen}`);
    }
    await sleep(every);
  }
}
