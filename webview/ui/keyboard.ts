// Keys to moves, the same everywhere: arrows step, page keys leap, Home and End go to the ends. Pure.

/** The index that `key` moves to in a list of `length`, or undefined when the key does not move. */
export function moveByKey(key: string, index: number, length: number, page = 10): number | undefined {
  if (length === 0) return undefined;
  const clamp = (to: number) => Math.min(length - 1, Math.max(0, to));
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return clamp(index + 1);
    case 'ArrowUp':
    case 'ArrowLeft':
      return clamp(index - 1);
    case 'PageDown':
      return clamp(index + page);
    case 'PageUp':
      return clamp(index - page);
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return undefined;
  }
}
