// Finds a regular expression in a text: the leftmost, then the first way to match, as Oniguruma does, by backtracking
// over a stack of its own. The work is counted and bounded: no pattern and no text keeps an engine busy for ever.
import { parsePattern } from './parse';
import { compile, type Program } from './program';
import { isWordCode } from './classes';
import { shortened } from './reader';
import type { Assertion } from './syntax';

/** Calls back for each match, in order, empty ones included. */
export type OnMatch = (start: number, end: number) => void;

/** Steps allowed for each UTF-16 unit of a text; patterns of real tokenizers take about ten. */
const STEPS_PER_UNIT = 200;
const STEPS_AT_LEAST = 1_000_000;
/** Numbers on the stack: 96 MB. */
const DEEPEST_STACK = 12_000_000;

export class TooManySteps extends Error {
  override readonly name = 'TooManySteps';
}

export class Pattern {
  private readonly program: Program;
  private text = '';
  private steps = 0;

  /** @throws PatternError for syntax that is not understood. */
  constructor(readonly source: string) {
    this.program = compile(parsePattern(source));
  }

  /** Every match in `text`, not overlapping. @throws TooManySteps. */
  findAll(text: string, onMatch: OnMatch): void {
    this.text = text;
    this.steps = STEPS_AT_LEAST + STEPS_PER_UNIT * text.length;
    let last = -1;
    for (let at = 0; at <= text.length;) {
      const end = this.run(this.program, at);
      // An empty match right behind another match is none.
      const found = end >= 0 && !(end === at && at === last);
      if (found) {
        onMatch(at, end);
        last = end;
      }
      at = found && end > at ? end : at + unitsAt(text, at);
    }
    this.text = '';
  }

  /** @returns where the first way to match from `start` ends, or −1. */
  private run(program: Program, start: number): number {
    const { text } = this;
    // Each entry: instruction, position, least position; the last is −1 but for spans, which give characters back.
    const stack: number[] = [];
    let [pc, at] = [0, start];
    for (;;) {
      if (--this.steps < 0 || stack.length > DEEPEST_STACK)
        throw new TooManySteps(`too many steps for ${shortened(this.source)}`);
      const instruction = program[pc];
      let alive = true;
      switch (instruction?.op) {
        case 'set': {
          alive = at < text.length && instruction.test(codeAt(text, at));
          if (alive) at += unitsAt(text, at);
          pc++;
          break;
        }
        case 'span': {
          let count = 0;
          let least = at;
          const begin = at;
          while (count < instruction.most && at < text.length && instruction.test(codeAt(text, at))) {
            at += unitsAt(text, at);
            if (++count === instruction.least) least = at;
          }
          this.steps -= count;
          alive = count >= instruction.least;
          if (instruction.least === 0) least = begin;
          pc++;
          if (alive && at > least) stack.push(pc, at, least);
          break;
        }
        case 'split':
          stack.push(instruction.then, at, -1);
          pc = instruction.first;
          break;
        case 'jump':
          pc = instruction.to;
          break;
        case 'assert':
          alive = holds(instruction.what, text, at);
          pc++;
          break;
        case 'atomic': {
          const end = this.run(instruction.inner, at);
          alive = end >= 0;
          at = end;
          pc++;
          break;
        }
        case 'look': {
          const found = instruction.options.some(({ back, program: inner }) => {
            const from = stepsBack(text, at, back);
            return from >= 0 && this.run(inner, from) >= 0;
          });
          alive = found !== instruction.negative;
          pc++;
          break;
        }
        case 'match':
        case undefined:
          return at;
        default:
          return instruction satisfies never;
      }
      if (alive) continue;
      const least = stack.pop();
      if (least === undefined) return -1;
      at = stack.pop() ?? 0;
      pc = stack.pop() ?? 0;
      if (least < 0) continue;
      at -= unitsBefore(text, at);
      if (at > least) stack.push(pc, at, least);
    }
  }
}

function codeAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return (unit & 0xfc00) === 0xd800 ? (text.codePointAt(at) ?? unit) : unit;
}

function unitsAt(text: string, at: number): number {
  return (text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00 ? 2 : 1;
}

function unitsBefore(text: string, at: number): number {
  return at > 1 &&
    (text.charCodeAt(at - 1) & 0xfc00) === 0xdc00 &&
    (text.charCodeAt(at - 2) & 0xfc00) === 0xd800
    ? 2
    : 1;
}

function stepsBack(text: string, at: number, count: number): number {
  let place = at;
  for (let step = 0; step < count; step++) {
    if (place === 0) return -1;
    place -= unitsBefore(text, place);
  }
  return place;
}

function holds(what: Assertion, text: string, at: number): boolean {
  switch (what) {
    case 'textStart':
      return at === 0;
    case 'textEnd':
      return at === text.length;
    case 'textEndOrLast':
      return at === text.length || (at === text.length - 1 && text[at] === '\n');
    case 'lineStart':
      return at === 0 || (text[at - 1] === '\n' && at < text.length);
    case 'lineEnd':
      return at === text.length || text[at] === '\n';
    case 'word':
    case 'noWord': {
      const before = at > 0 && isWordCode(codeAt(text, at - unitsBefore(text, at)));
      const behind = at < text.length && isWordCode(codeAt(text, at));
      return (before !== behind) === (what === 'word');
    }
    default:
      return what satisfies never;
  }
}
