// The one error that crosses process boundaries: a reason a program can act on, a sentence a person can read.

export const REASONS = [
  'badInput', // a file, spec or argument is wrong: the message names file, place, expected and got
  'notFound',
  'unsupported',
  'outOfMemory',
  'diskFull',
  'readOnly',
  'cancelled',
  'deviceLost', // a graphics card is gone or refuses; another device can go on
  'engineGone', // the process ended or was killed
  'busy',
  'internal', // ours to fix: detail is in the log
] as const;
export type Reason = (typeof REASONS)[number];

/** Thrown on either side of a channel and rebuilt on the other. `message` is one sentence; `action` what to do next. */
export class ArLensError extends Error {
  override readonly name = 'ArLensError';
  constructor(
    readonly reason: Reason,
    message: string,
    readonly action?: string,
  ) {
    super(message);
  }
}

export interface ErrorRecord {
  readonly reason: Reason;
  readonly message: string;
  readonly action?: string;
}

export function toErrorRecord(error: unknown): ErrorRecord {
  if (hasReason(error)) {
    const { reason, message, action } = error;
    return { reason, message, ...(typeof action === 'string' ? { action } : {}) };
  }
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'ENOSPC') return { reason: 'diskFull', message };
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return { reason: 'readOnly', message };
  if (code === 'ENOENT') return { reason: 'notFound', message };
  if (error instanceof RangeError && /allocat|out of memory|array (buffer )?length/i.test(message)) {
    return { reason: 'outOfMemory', message: `There was not enough memory: ${message}` };
  }
  return { reason: 'internal', message };
}

/** ArLensError, and errors of code that may not import it but names one of the reasons (the kernels'). */
function hasReason(error: unknown): error is Error & { readonly reason: Reason; readonly action?: unknown } {
  if (!(error instanceof Error)) return false;
  return (REASONS as readonly unknown[]).includes((error as { readonly reason?: unknown }).reason);
}

export function fromErrorRecord(record: ErrorRecord): ArLensError {
  return new ArLensError(record.reason, record.message, record.action);
}
