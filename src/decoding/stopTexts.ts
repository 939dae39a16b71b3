// Texts that end a sample, found as it is written: a stop may span pieces, and pieces may hold more than the stop.
// Knows text only; which tokens make a piece, and which bytes make a character, is the caller's.
import { ArLensError } from '../protocol/errors';

export interface StopFound {
  readonly text: string;
  /** Where it begins in all that was written, in UTF-16 units. */
  readonly at: number;
}

const MOST_STOPS = 16;
const LONGEST_STOP = 1000;

export class StopTexts {
  private readonly longest: number;
  /** The end of what was written, long enough for any stop but its last unit. */
  private tail = '';
  private dropped = 0;

  /** @throws ArLensError for an empty text, or too many or too long ones. */
  constructor(private readonly texts: readonly string[]) {
    checkStops(texts);
    this.longest = Math.max(0, ...texts.map(({ length }) => length));
  }

  /** @returns the stop that is complete first, if any is with this piece; of those that end together, the longest. */
  push(piece: string): StopFound | undefined {
    const written = this.tail + piece;
    let found: { readonly text: string; readonly start: number } | undefined;
    for (const text of this.texts) {
      const start = written.indexOf(text);
      if (start < 0) continue;
      const later = found === undefined ? -1 : start + text.length - (found.start + found.text.length);
      if (later < 0 || (later === 0 && found !== undefined && text.length > found.text.length)) {
        found = { text, start };
      }
    }
    if (found !== undefined) return { text: found.text, at: this.dropped + found.start };
    const keep = Math.max(0, this.longest - 1);
    this.tail = keep === 0 ? '' : written.slice(-keep);
    this.dropped += written.length - this.tail.length;
    return undefined;
  }
}

/** The first stop in a text that is there as a whole. */
export function findStop(written: string, texts: readonly string[]): StopFound | undefined {
  return new StopTexts(texts).push(written);
}

function checkStops(texts: readonly string[]): void {
  if (texts.length > MOST_STOPS) {
    throw new ArLensError('badInput', `stop: expected at most ${MOST_STOPS} texts, got ${texts.length}.`);
  }
  for (const { length } of texts) {
    if (length >= 1 && length <= LONGEST_STOP) continue;
    const got = length === 0 ? 'an empty one' : `one of ${length}`;
    throw new ArLensError(
      'badInput',
      `stop: expected a text of 1 to ${LONGEST_STOP} characters, got ${got}.`,
    );
  }
}
