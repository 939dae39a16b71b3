// Which window of a sequence scores which token: the one definition behind `score`, the editor and validation.
// Pure arithmetic over positions; knows no model.

/** A sequence of `length` tokens (BOS included), seen through windows of `context` tokens every `stride` tokens. */
export interface Windowing {
  readonly length: number;
  readonly context: number;
  readonly stride: number;
}

/** A window over positions [start, start + context) that scores the positions [from, to). */
export interface Window {
  readonly index: number;
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

/** Half the context, and at least one token, as every caller that does not choose gets it. */
export function defaultStride(context: number): number {
  return Math.max(1, Math.floor(context / 2));
}

export function windowCount({ length, context, stride }: Windowing): number {
  if (length < 2) return 0;
  return 1 + Math.max(0, Math.ceil((length - context) / stride));
}

/** Each token belongs to the first window that holds it; the very first of a sequence has no context and to none. */
export function windowAt({ length, context, stride }: Windowing, index: number): Window {
  const start = index * stride;
  const from = index === 0 ? 1 : start - stride + context;
  return { index, start, from, to: Math.min(start + context, length) };
}

/** Index of the window that scores `position`. */
export function windowOf({ context, stride }: Windowing, position: number): number {
  return position < context ? 0 : Math.ceil((position - context + 1) / stride);
}
