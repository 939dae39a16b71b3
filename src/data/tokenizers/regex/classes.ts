// Sets of characters in a regular expression: escapes, properties and bracketed classes, with Oniguruma's meanings.
import { codeTest, isWhitespace, unicode16, type CodeTest } from '../unicode';
import type { Reader } from './reader';

const DIGIT = unicode16('\\p{Nd}');
const POSIX_WORD = unicode16('[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}]');
/** Oniguruma's \w and \b also know ² ³ ¹ ¼ ½ ¾; a \w between brackets does not. */
export const isWordCode: CodeTest = (code) =>
  POSIX_WORD(code) || code === 0xb2 || code === 0xb3 || code === 0xb9 || (code >= 0xbc && code <= 0xbe);
const HEX = codeTest('[0-9a-fA-F]');
export const NOT_NEWLINE: CodeTest = (code) => code !== 10;
export const ANY: CodeTest = () => true;

export const not =
  (test: CodeTest): CodeTest =>
  (code) =>
    !test(code);
export const only =
  (wanted: number): CodeTest =>
  (code) =>
    code === wanted;
const oneOf =
  (tests: readonly CodeTest[]): CodeTest =>
  (code) =>
    tests.some((test) => test(code));

const CONTROLS: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, a: 7, e: 27 };
const SHORT: Readonly<Record<string, CodeTest>> = { s: isWhitespace, d: DIGIT, w: isWordCode, h: HEX };

/** What `\` is followed by, where that is one character or a set of them; undefined where it is something else. */
export function readEscape(
  reader: Reader,
  inClass = false,
): { readonly test: CodeTest; readonly code?: number } | undefined {
  const from = reader.at - 1;
  const letter = reader.peek();
  const control = CONTROLS[letter];
  if (control !== undefined) {
    reader.next();
    return { test: only(control), code: control };
  }
  const set = inClass && /[wW]/.test(letter) ? POSIX_WORD : SHORT[letter.toLowerCase()];
  if (set && /^[a-zA-Z]$/.test(letter)) {
    reader.next();
    return { test: letter === letter.toLowerCase() ? set : not(set) };
  }
  if (/^[pP]$/.test(letter)) {
    reader.next();
    return { test: readProperty(reader, letter === 'P', from) };
  }
  const hex = reader.match(/x\{([0-9a-fA-F]{1,8})\}|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})/y);
  if (hex) {
    const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16);
    if (code > 0x10ffff || (hex[2] !== undefined && code > 0x7f))
      throw reader.error('a byte or too large a code', from);
    return { test: only(code), code };
  }
  if (/^[a-zA-Z0-9]$/.test(letter)) return undefined;
  const code = reader.next();
  return { test: only(code), code };
}

function readProperty(reader: Reader, negated: boolean, from: number): CodeTest {
  const found = reader.match(/\{(\^?)([A-Za-z0-9 _-]+)\}/y);
  const test = found ? propertyOf(found[2] ?? '') : undefined;
  if (!found || !test) throw reader.error('an unknown property', from);
  return (found[1] === '^') === negated ? test : not(test);
}

const CATEGORIES =
  'C Other|Cc Control|Cf Format|Cn Unassigned|Co Private_Use|Cs Surrogate|L Letter|Ll Lowercase_Letter|' +
  'Lm Modifier_Letter|Lo Other_Letter|Lt Titlecase_Letter|Lu Uppercase_Letter|M Mark|Mc Spacing_Mark|' +
  'Me Enclosing_Mark|Mn Nonspacing_Mark|N Number|Nd Decimal_Number|Nl Letter_Number|No Other_Number|P Punctuation|' +
  'Pc Connector_Punctuation|Pd Dash_Punctuation|Pe Close_Punctuation|Pf Final_Punctuation|Pi Initial_Punctuation|' +
  'Po Other_Punctuation|Ps Open_Punctuation|S Symbol|Sc Currency_Symbol|Sk Modifier_Symbol|Sm Math_Symbol|' +
  'So Other_Symbol|Z Separator|Zl Line_Separator|Zp Paragraph_Separator|Zs Space_Separator';
const SCRIPTS =
  'Arabic Armenian Bengali Bopomofo Cherokee Common Coptic Cyrillic Devanagari Ethiopic Georgian Gothic Greek ' +
  'Gujarati Gurmukhi Han Hangul Hebrew Hiragana Inherited Kannada Katakana Khmer Lao Latin Malayalam Mongolian ' +
  'Myanmar Ogham Oriya Runic Sinhala Syriac Tamil Telugu Thaana Thai Tibetan Yi';
const BINARY = 'Alphabetic Uppercase Lowercase White_Space ASCII Any Emoji';
const plain = (name: string): string => name.toLowerCase().replace(/[ _-]/g, '');
const PROPERTIES = new Map<string, string>();
for (const entry of CATEGORIES.split('|')) {
  const [short = ''] = entry.split(' ');
  for (const name of entry.split(' ')) PROPERTIES.set(plain(name), `\\p{${short}}`);
}
for (const name of SCRIPTS.split(' ')) PROPERTIES.set(plain(name), `\\p{Script=${name}}`);
for (const name of BINARY.split(' ')) PROPERTIES.set(plain(name), `\\p{${name}}`);
const properties = new Map<string, CodeTest>();

function propertyOf(name: string): CodeTest | undefined {
  const key = plain(name);
  const known = properties.get(key) ?? POSIX.get(key);
  if (known) return known;
  const pattern = PROPERTIES.get(key);
  if (pattern === undefined) return undefined;
  const test = propertyTest(pattern);
  properties.set(key, test);
  return test;
}

function propertyTest(pattern: string): CodeTest {
  const test = unicode16(pattern);
  // What was not assigned before is now, and one letter changed its case.
  if (pattern === '\\p{Cn}' || pattern === '\\p{C}') return (code) => test(code) || !ASSIGNED(code);
  if (pattern === '\\p{Ll}') return (code) => test(code) || code === 0x295;
  if (pattern === '\\p{Lo}') return (code) => test(code) && code !== 0x295;
  return test;
}
const ASSIGNED = unicode16('\\P{Cn}');

const POSIX = new Map<string, CodeTest>([
  ['alpha', unicode16('\\p{Alphabetic}')],
  ['digit', DIGIT],
  ['alnum', unicode16('[\\p{Alphabetic}\\p{Nd}]')],
  ['space', isWhitespace],
  ['upper', unicode16('\\p{Uppercase}')],
  ['lower', unicode16('\\p{Lowercase}')],
  ['punct', unicode16('[\\p{P}\\p{S}]')],
  ['word', POSIX_WORD],
  ['xdigit', HEX],
  ['cntrl', unicode16('\\p{Cc}')],
]);

/** A bracketed class, from behind its `[`. */
export function readClass(reader: Reader): CodeTest {
  const from = reader.at - 1;
  const negated = reader.take('^');
  const intersected: CodeTest[] = [];
  let members: CodeTest[] = [];
  for (let first = true; ; first = false) {
    if (reader.done) throw reader.error('an unfinished class', from);
    if (reader.take(']')) {
      if (!first) break;
      throw reader.error('a class that starts with "]"', from);
    }
    if (reader.take('&&')) {
      intersected.push(oneOf(members));
      members = [];
    } else {
      members.push(readMember(reader));
    }
  }
  intersected.push(oneOf(members));
  const test: CodeTest = (code) => intersected.every((part) => part(code));
  return negated ? not(test) : test;
}

function readMember(reader: Reader): CodeTest {
  const from = reader.at;
  const posix = reader.match(/\[:(\^?)([a-z]+):\]/y);
  if (posix) {
    const test = POSIX.get(posix[2] ?? '');
    if (!test) throw reader.error('an unknown class name', from);
    return posix[1] === '^' ? not(test) : test;
  }
  if (reader.take('[')) return readClass(reader);
  const low = readBound(reader);
  if (
    low.code === undefined ||
    !reader.looksAt('-') ||
    /^-(\]|\[|&&)/.test(reader.pattern.slice(reader.at, reader.at + 3))
  ) {
    return low.test;
  }
  reader.take('-');
  const high = readBound(reader);
  if (high.code === undefined || high.code < low.code) throw reader.error('a range that is none', from);
  const [least, most] = [low.code, high.code];
  return (code) => code >= least && code <= most;
}

function readBound(reader: Reader): { readonly test: CodeTest; readonly code?: number } {
  const from = reader.at;
  if (reader.take('\\')) {
    const escape = readEscape(reader, true);
    if (!escape) throw reader.error(`the escape \\${reader.peek()} in a class`, from);
    return escape;
  }
  const code = reader.next();
  return { test: only(code), code };
}
