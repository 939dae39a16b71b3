// Everything the view shows that is derived from the scores, worked out once per scoring or choice and kept. No DOM.
import type { LogProbsContent, LogProbsRun } from '../../../src/protocol/logProbs';
import { align, wins, type Aligned, type Wins } from './alignment';
import { countCharacters } from './ledger';
import { passages, type Passage } from './passages';
import { rollingBitsPerByte } from './rolling';
import type { Colours } from './settings';
import { differenceSource, histogramOf, surprisalSource, type StripSource } from './stripSource';
import { firstAfter, type TokenColumns } from '../../ui/tokenColumns';

const PASSAGES = 5;

export interface Scored {
  readonly run: LogProbsRun;
  readonly columns: TokenColumns;
}

export class Analysis {
  readonly characters: number;
  private readonly lineStarts: Uint32Array;
  private readonly kept = new Map<string, unknown>();

  constructor(
    readonly text: string,
    readonly first: Scored,
    readonly second: Scored | undefined,
  ) {
    this.characters = countCharacters(text);
    this.lineStarts = lineStarts(text);
  }

  /** Whether the parts that have come are the ones this content speaks of. */
  static of(
    content: LogProbsContent,
    text: string,
    columns: ReadonlyMap<number, TokenColumns>,
  ): Analysis | undefined {
    const scored = (run: LogProbsRun): Scored | undefined => {
      const found = columns.get(run.scoring);
      return found?.complete === true && found.tokens > 0 ? { run, columns: found } : undefined;
    };
    const first = scored(content.first);
    if (first === undefined) return undefined;
    const { comparison } = content;
    return new Analysis(text, first, comparison.kind === 'result' ? scored(comparison.second) : undefined);
  }

  get aligned(): Aligned | undefined {
    const { second } = this;
    return second && this.once('aligned', () => align(this.first.columns, second.columns));
  }

  get wins(): Wins | undefined {
    const { aligned } = this;
    return aligned && this.once('wins', () => wins(aligned.difference));
  }

  source(colours: Colours): StripSource {
    const { aligned, second } = this;
    return this.once(`source ${colours}`, () => {
      if (colours === 'difference' && aligned !== undefined) return differenceSource(aligned);
      if (colours === 'second' && second !== undefined) return surprisalSource(second.columns);
      return surprisalSource(this.first.columns);
    });
  }

  histogram(colours: Colours): readonly number[] {
    return this.once(`histogram ${colours}`, () => histogramOf(this.source(colours)));
  }

  rolling(which: 'first' | 'second', window: number): Float32Array | undefined {
    const scored = this[which];
    return (
      scored && this.once(`rolling ${which} ${window}`, () => rollingBitsPerByte(scored.columns, window))
    );
  }

  passages(window: number, sign: 1 | -1): readonly Passage[] {
    return this.once(`passages ${window} ${sign}`, () =>
      passages(this.first.columns, window, PASSAGES, sign),
    );
  }

  /** Counted from one. */
  line(offset: number): number {
    return firstAfter(this.lineStarts, offset);
  }

  private once<T>(key: string, make: () => T): T {
    const found = this.kept.get(key);
    if (found !== undefined) return found as T;
    const made = make();
    this.kept.set(key, made);
    return made;
  }
}

function lineStarts(text: string): Uint32Array {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return Uint32Array.from(starts);
}
