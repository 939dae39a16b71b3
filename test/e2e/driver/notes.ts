// What noteConnections.cjs wrote: the Node processes of the editor, and every machine one of them tried to reach.
import { existsSync, readFileSync } from 'node:fs';

interface ProcessNote {
  readonly kind: 'process';
  readonly pid: number;
  readonly script: string;
  /** 'engine', 'job', or empty for processes that are not ours. */
  readonly role: string;
}
interface ReachNote {
  readonly kind: 'reach';
  readonly pid: number;
  readonly how: string;
  readonly host: string;
  readonly script?: string;
}

export function readNotes(file: string): readonly (ProcessNote | ReachNote)[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as ProcessNote | ReachNote);
}

/** Process ids of live engines with that role, newest last. */
export function engines(file: string, role: 'engine' | 'job'): readonly number[] {
  const noted = readNotes(file).filter((note) => note.kind === 'process' && note.role === role);
  return noted.map((note) => note.pid).filter(isAlive);
}

export function reaches(file: string): readonly string[] {
  return readNotes(file)
    .filter((note) => note.kind === 'reach')
    .map((note) => `${note.how} ${note.host} by ${note.script ?? 'node'}`);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
