// What the questions about reach refuse, in one sentence each.
import { ArLensError } from '../../protocol/errors';

export function bad(name: string, expected: string, got: unknown): ArLensError {
  return new ArLensError('badInput', `${name}: expected ${expected}, got ${String(got)}.`);
}

/** @throws ArLensError unless the value is a whole number from 0 to below the limit */
export function requireBelow(name: string, what: string, value: number, limit: number): void {
  if (Number.isInteger(value) && value >= 0 && value < limit) return;
  throw bad(name, `a number from 0 to ${limit - 1} of ${limit} ${what}`, value);
}
