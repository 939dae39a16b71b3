// Whether a process that wrote its number down still lives, and on which machine it was. Knows no file's meaning.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** This machine, as a word for file names. */
export const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/**
 * When a process started, as the system counts it: a number that is used again (after a restart of the machine, in a
 * container) comes with another one. `0` where the system does not say.
 */
export function startOf(pid: number): string {
  return status(pid)?.start ?? '0';
}

/** @param start as `startOf` gave it when the number was written down; without it only the number is compared. */
export function isAlive(pid: number, start = '0'): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
  const now = status(pid);
  if (now === undefined) return true;
  // Killed, and only waiting for its parent to take notice.
  if (now.state === 'Z' || now.state === 'X') return false;
  return start === '0' || start === now.start;
}

function status(pid: number): { state: string; start: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in parentheses, which may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, start] = [fields[0], fields[19]];
    return state !== undefined && start !== undefined ? { state, start } : undefined;
  } catch {
    return undefined; // no /proc on this system, or no permission
  }
}
