// When a text ends before its length: a stop text is written, or the token that stands between texts is.
// Watches tokens as they come; only what is written counts, never the prompt.
import type { Tokenizer } from '../../data/tokenizer';
import { findStop, StopTexts } from '../../decoding/stopTexts';
import { ArLensError } from '../../protocol/errors';
import type { Stopped } from '../../protocol/sample';
import { LONGEST_CHARACTER, TextStream } from './textStream';

export interface StopParams {
  readonly stop?: readonly string[];
  readonly stopAtEnd?: boolean;
}

/** What `ended` says of a text that was not stopped. */
export const AT_LENGTH: Stopped = { why: 'length' };

export class StopWatch {
  private readonly stream: TextStream;
  private readonly texts: StopTexts;
  private readonly end: number | undefined;
  /** Why the text has ended, once it has. */
  stopped: Stopped | undefined;

  /**
   * @param before tokens in front: the first token written may complete their last character.
   * @throws ArLensError for stops that are none.
   */
  constructor(
    tokenizer: Tokenizer,
    { stop = [], stopAtEnd = false }: StopParams,
    before: readonly number[] = [],
  ) {
    this.stream = new TextStream(tokenizer);
    this.texts = new StopTexts(stop);
    this.end = stopAtEnd ? endOf(tokenizer) : undefined;
    for (const id of before.slice(1 - LONGEST_CHARACTER)) this.stream.push(id);
  }

  /** @returns whether the text ends with this token. */
  push(id: number): boolean {
    if (id === this.end) {
      this.stopped = { why: 'end' };
      return true;
    }
    const found = this.texts.push(this.stream.push(id));
    if (found !== undefined) this.stopped = { why: 'text', ...found };
    return found !== undefined;
  }
}

/** The same of a text that is there as a whole: whether it has ended, for a search that holds many. */
export function stopRule(
  tokenizer: Tokenizer,
  { stop = [], stopAtEnd = false }: StopParams,
): (ids: readonly number[]) => Stopped | undefined {
  const end = stopAtEnd ? endOf(tokenizer) : undefined;
  findStop('', stop); // refuses stops that are none before anything is searched
  return (ids) => {
    if (end !== undefined && ids.at(-1) === end) return { why: 'end' };
    const found = stop.length === 0 ? undefined : findStop(tokenizer.decode(ids), stop);
    return found === undefined ? undefined : { why: 'text', ...found };
  };
}

function endOf({ end }: Tokenizer): number {
  if (end !== undefined) return end;
  throw new ArLensError('unsupported', 'This model’s tokenizer has no token that ends a text.');
}
