// What a normaliser or pre-tokenizer looks for in a text: a regular expression, a string, or characters of a kind; and
// the ways to cut a text at what was found. Knows no file but to name it in sentences.
import { ArLensError } from '../../protocol/errors';
import { codePointAt } from '../encoded';
import { isObject, shown, type Fields } from './fields';
import { Pattern, TooManySteps, type OnMatch } from './regex/matcher';
import { PatternError } from './regex/reader';
import type { CodeTest } from './unicode';

export type Finder = (text: string, onMatch: OnMatch) => void;

/** `{ "Regex": … }` or `{ "String": … }`. */
export function readFinder(fields: Fields, key: string): Finder {
  const value = fields.value(key);
  if (isObject(value)) {
    if (typeof value['Regex'] === 'string') return findPattern(value['Regex'], fields.file, fields.at(key));
    if (typeof value['String'] === 'string') return findString(value['String']);
  }
  throw fields.wrong(key, '{ "Regex": … } or { "String": … }', shown(value));
}

export function findPattern(source: string, file: string, place: string): Finder {
  let pattern: Pattern;
  try {
    pattern = new Pattern(source);
  } catch (error) {
    if (!(error instanceof PatternError) && !(error instanceof RangeError)) throw error;
    throw new ArLensError(
      'unsupported',
      `${file}: ${place}: expected a regular expression without backreferences, conditions and commands, got ${error.message}.`,
    );
  }
  return (text, onMatch) => {
    try {
      pattern.findAll(text, onMatch);
    } catch (error) {
      if (!(error instanceof TooManySteps)) throw error;
      throw new ArLensError(
        'unsupported',
        `${file}: ${place}: expected a pattern whose work grows with the text, got ${error.message} on a text of ${text.length} UTF-16 units.`,
      );
    }
  };
}

export function findString(wanted: string): Finder {
  return (text, onMatch) => {
    if (wanted === '') return;
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
      onMatch(at, at + wanted.length);
    }
  };
}

/** Every code point of a kind, one by one. */
export function findCodes(test: CodeTest): Finder {
  return (text, onMatch) => {
    for (let at = 0; at < text.length;) {
      const code = codePointAt(text, at);
      const next = at + (code > 0xffff ? 2 : 1);
      if (test(code)) onMatch(at, next);
      at = next;
    }
  };
}

export const BEHAVIORS = [
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
] as const;
export type Behavior = (typeof BEHAVIORS)[number];

/** Calls `emit` for each piece [start, end) that is left of `text`, in order. */
export function cutText(
  text: string,
  finder: Finder,
  behavior: Behavior,
  invert: boolean,
  emit: (start: number, end: number) => void,
): void {
  const cutter = new Cutter(behavior, emit);
  let read = 0;
  finder(text, (start, end) => {
    if (start > read) cutter.add(read, start, invert);
    cutter.add(start, end, !invert);
    read = end;
  });
  if (read < text.length) cutter.add(read, text.length, invert);
  cutter.end();
}

/** Joins or drops stretches as they come, one behind the other. */
class Cutter {
  /** The stretch that may still grow. */
  private start = -1;
  private endOfStretch = -1;
  private before = false;

  constructor(
    private readonly behavior: Behavior,
    private readonly emit: (start: number, end: number) => void,
  ) {}

  add(start: number, end: number, matched: boolean): void {
    if (this.behavior === 'Removed' && matched) return;
    if (this.start >= 0 && this.joins(matched)) this.endOfStretch = end;
    else {
      this.end();
      [this.start, this.endOfStretch] = [start, end];
    }
    this.before = matched;
  }

  end(): void {
    if (this.start >= 0 && this.endOfStretch > this.start) this.emit(this.start, this.endOfStretch);
    this.start = -1;
  }

  private joins(matched: boolean): boolean {
    switch (this.behavior) {
      case 'Removed':
      case 'Isolated':
        return false;
      case 'Contiguous':
        return matched === this.before;
      case 'MergedWithPrevious':
        return matched && !this.before;
      case 'MergedWithNext':
        // Of several matches in a row only the last is merged with what follows.
        return this.before && !matched;
      default:
        return this.behavior satisfies never;
    }
  }
}
