// Reads a pattern in Oniguruma's syntax, as tokenizer.json holds them, into a tree. What is not understood is refused
// with its place: it is never read as something else.
import { lengths, type Node } from './syntax';
import { ANY, NOT_NEWLINE, only, readClass, readEscape } from './classes';
import { Reader } from './reader';
import { remembered, type CodeTest } from '../unicode';

const LONGEST_PATTERN = 10_000;
const DEEPEST = 100;
const MOST_REPEATS = 1000;

/** @throws PatternError naming what is not understood and where. */
export function parsePattern(pattern: string): Node {
  const reader = new Reader(pattern);
  if (pattern.length > LONGEST_PATTERN) throw reader.error(`more than ${LONGEST_PATTERN} characters`);
  return new Parser(reader).whole();
}

class Parser {
  private depth = 0;
  private ignoreCase = false;
  private dotAll = false;

  constructor(private readonly reader: Reader) {}

  whole(): Node {
    const node = this.choice();
    if (!this.reader.done) throw this.reader.error('an unmatched ")"');
    return node;
  }

  private choice(): Node {
    if (++this.depth > DEEPEST) throw this.reader.error(`groups more than ${DEEPEST} deep`);
    const flags = [this.ignoreCase, this.dotAll] as const;
    const options = [this.sequence()];
    while (this.reader.take('|')) options.push(this.sequence());
    [this.ignoreCase, this.dotAll] = flags;
    this.depth--;
    return options.length === 1 ? (options[0] as Node) : { kind: 'choice', options };
  }

  private sequence(): Node {
    const parts: Node[] = [];
    let literal = '';
    while (!this.reader.done && !this.reader.looksAt('|') && !this.reader.looksAt(')')) {
      const from = this.reader.at;
      const node = this.repeated(this.item());
      if (node === undefined) continue;
      parts.push(node);
      const text = this.reader.pattern.slice(from, this.reader.at);
      literal = /^\p{L}$/u.test(text) ? `${literal}${text}`.slice(-2).toLowerCase() : '';
      if (this.ignoreCase && FOLDED_PAIRS.has(literal)) {
        throw this.reader.error(`"${literal}" whatever its case, which may be one character,`, from);
      }
    }
    return parts.length === 1 ? (parts[0] as Node) : { kind: 'sequence', parts };
  }

  /** One item without what repeats it; undefined for one that only sets flags. */
  private item(): Node | undefined {
    const { reader } = this;
    const from = reader.at;
    if (reader.take('(')) return this.group(from);
    if (reader.take('[')) return this.set(readClass(reader), from);
    if (reader.take('\\')) return this.escape(from);
    if (reader.take('.')) return { kind: 'set', test: this.dotAll ? ANY : NOT_NEWLINE };
    if (reader.take('^')) return { kind: 'assertion', what: 'lineStart' };
    if (reader.take('$')) return { kind: 'assertion', what: 'lineEnd' };
    if (reader.match(/[*+?]/y)) throw reader.error('a repetition of nothing', from);
    return this.character(reader.next(), from);
  }

  private character(code: number, from: number): Node {
    return this.set(only(code), from);
  }

  private set(test: CodeTest, from: number): Node {
    if (!this.ignoreCase) return { kind: 'set', test: remembered(test) };
    if (holdsCased(test)) {
      throw this.reader.error(
        'letters beyond ASCII whatever their case, which may be several letters,',
        from,
      );
    }
    return { kind: 'set', test: remembered((code) => cases(code).some(test)) };
  }

  private escape(from: number): Node {
    const { reader } = this;
    const named = NAMED.get(reader.peek());
    if (named) {
      reader.next();
      return named;
    }
    const escape = readEscape(reader);
    if (!escape) throw reader.error(`the escape \\${reader.peek()}`, from);
    return escape.code === undefined ? this.set(escape.test, from) : this.character(escape.code, from);
  }

  private group(from: number): Node | undefined {
    const { reader } = this;
    if (reader.match(/\?#[^)]*\)/y)) return undefined;
    const flags = reader.match(/\?([im]*)(-[im]+)?([:)])/y);
    if (flags) {
      const before = [this.ignoreCase, this.dotAll] as const;
      this.setFlags(flags[1] ?? '', true);
      this.setFlags(flags[2] ?? '', false);
      // `(?i)` holds for the rest of its group, alternatives included.
      const inner = this.choice();
      if (flags[3] === ')') return inner;
      [this.ignoreCase, this.dotAll] = before;
      this.close(from);
      return inner;
    }
    const kind = reader.match(/\?(>|<?=|<?!|<[A-Za-z_]\w*>|'[A-Za-z_]\w*')/y)?.[1] ?? '';
    if (kind === '' && reader.looksAt('?'))
      throw reader.error(`the group (?${reader.pattern[reader.at + 1] ?? ''}`, from);
    const inner = this.choice();
    this.close(from);
    if (kind === '>') return { kind: 'atomic', inner };
    if (!/^<?[=!]$/.test(kind)) return inner;
    const behind = kind.startsWith('<');
    if (behind) this.checkBehind(inner, from);
    return { kind: 'look', behind, negative: kind.endsWith('!'), inner };
  }

  private checkBehind(inner: Node, from: number): void {
    const options = inner.kind === 'choice' ? inner.options : [inner];
    for (const option of options) {
      const [least, most] = lengths(option);
      if (least !== most) throw this.reader.error('a look behind of no fixed length', from);
    }
  }

  private setFlags(letters: string, on: boolean): void {
    if (letters.includes('i')) this.ignoreCase = on;
    if (letters.includes('m')) this.dotAll = on;
  }

  private close(from: number): void {
    if (!this.reader.take(')')) throw this.reader.error('an unfinished group', from);
  }

  private repeated(item: Node | undefined): Node | undefined {
    if (item === undefined) return undefined;
    const { reader } = this;
    let node = item;
    for (;;) {
      const from = reader.at;
      const interval = reader.match(/\{(\d*)(,?)(\d*)\}/y);
      const counted = interval !== undefined && `${interval[1]}${interval[3]}` !== '';
      if (interval !== undefined && !counted) reader.at = from;
      const sign = counted ? undefined : reader.match(/[*+?]/y)?.[0];
      if (!counted && sign === undefined) return node;
      if (node.kind === 'look' || node.kind === 'assertion')
        throw reader.error('a repetition of nothing', from);
      const [least, most] = counted
        ? [
            Number(interval[1] || 0),
            interval[2] === '' ? Number(interval[1]) : interval[3] === '' ? Infinity : Number(interval[3]),
          ]
        : [sign === '+' ? 1 : 0, sign === '?' ? 1 : Infinity];
      if (least > most || least > MOST_REPEATS || (most !== Infinity && most > MOST_REPEATS)) {
        throw reader.error(`a repetition outside 0 to ${MOST_REPEATS}`, from);
      }
      if (most > 1 && lengths(node)[0] === 0) throw reader.error('a repetition of what may be empty', from);
      // A `+` behind a count repeats once more, and `{n}?` may be left out: only other counts take a lazy `?`.
      const fixed = counted && interval[2] === '';
      const greedy = fixed || !reader.take('?');
      const repeat: Node = { kind: 'repeat', inner: node, least, most, greedy };
      node = !counted && greedy && reader.take('+') ? { kind: 'atomic', inner: repeat } : repeat;
    }
  }
}

const CARRIAGE_RETURN: Node = { kind: 'set', test: only(13) };
const NEWLINE: Node = { kind: 'set', test: only(10) };
const LINE_BREAK: Node = {
  kind: 'atomic',
  inner: {
    kind: 'choice',
    options: [
      { kind: 'sequence', parts: [CARRIAGE_RETURN, NEWLINE] },
      {
        kind: 'set',
        test: (code) => (code >= 10 && code <= 13) || code === 0x85 || code === 0x2028 || code === 0x2029,
      },
    ],
  },
};

/** Escapes that are no set of characters, or hold all of them. */
const NAMED: ReadonlyMap<string, Node> = new Map<string, Node>([
  ['b', { kind: 'assertion', what: 'word' }],
  ['B', { kind: 'assertion', what: 'noWord' }],
  ['A', { kind: 'assertion', what: 'textStart' }],
  ['z', { kind: 'assertion', what: 'textEnd' }],
  ['Z', { kind: 'assertion', what: 'textEndOrLast' }],
  ['N', { kind: 'set', test: NOT_NEWLINE }],
  ['O', { kind: 'set', test: ANY }],
  ['R', LINE_BREAK],
]);

/** Two letters that one character may stand for when case is ignored: ﬁ is "fi" to Oniguruma. */
const FOLDED_PAIRS = new Set(['ff', 'fi', 'fl', 'ss', 'st']);

/** Whether a set holds a letter beyond ASCII that has cases. */
function holdsCased(test: CodeTest): boolean {
  casedCodes ??= Array.from({ length: 0x20000 - 0x80 }, (_, index) => 0x80 + index).filter((code) =>
    CASED.test(String.fromCodePoint(code)),
  );
  return casedCodes.some(test);
}
let casedCodes: number[] | undefined;
const CASED = /\p{Changes_When_Casemapped}|\p{Changes_When_Casefolded}/u;

/** The code points that are the same letter in another case: those that fold to the same one. */
function cases(code: number): number[] {
  const text = String.fromCodePoint(code);
  const upper = text.toUpperCase();
  const others = new Set(
    [text.toLowerCase(), upper, upper.toLowerCase()].filter((other) => [...other].length === 1),
  );
  const same = new RegExp(`^\\u{${code.toString(16)}}$`, 'iu');
  const codes = [...others].filter((other) => same.test(other)).map((other) => other.codePointAt(0) ?? code);
  return [...new Set([code, ...codes])];
}
