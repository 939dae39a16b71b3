// Unicode's normal forms, stretch by stretch, so that each character keeps its place in the document.
// As Hugging Face's tokenizers know them: later versions of Unicode decompose characters that these leave alone.
import { codePointAt } from '../encoded';
import type { Aligned, Edit } from './aligned';
import { isCompatibleLater, isDecomposedLater, remembered, type CodeTest } from './unicode';

export type NormalForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD';

/** Marks, vowels and final consonants of Hangul, and the vowels of Kirat Rai: what may join with what stands before. */
const JOINS = /^[\p{M}\u1160-\u11ff\u{16d63}\u{16d67}-\u{16d6a}]/u;

const forms = new Map<NormalForm, (text: Aligned) => Aligned>();

export function normalForm(form: NormalForm): (text: Aligned) => Aligned {
  const known = forms.get(form);
  if (known) return known;
  const compatible = form === 'NFKC' || form === 'NFKD';
  const later = compatible ? isCompatibleLater : isDecomposedLater;
  const joins = remembered((code) =>
    JOINS.test(String.fromCodePoint(code).normalize(compatible ? 'NFKD' : 'NFD')),
  );
  const made = (text: Aligned): Aligned =>
    isAscii(text.text) ? text : text.edited(editsOf(text.text, form, joins, later));
  forms.set(form, made);
  return made;
}

const BEYOND_ASCII = /[^\p{ASCII}]/u;
export function isAscii(text: string): boolean {
  return !BEYOND_ASCII.test(text);
}

function editsOf(text: string, form: NormalForm, joins: CodeTest, later: CodeTest): Edit[] {
  const edits: Edit[] = [];
  let start = 0;
  const close = (end: number): void => {
    const before = text.slice(start, end);
    const after = normalized(before, form, later);
    if (after !== before) edits.push(...narrowed(before, after, start));
    start = end;
  };
  for (let at = 0; at < text.length;) {
    const code = codePointAt(text, at);
    if (at > start && !joins(code)) close(at);
    at += code > 0xffff ? 2 : 1;
  }
  if (start < text.length) close(text.length);
  return edits;
}

function normalized(text: string, form: NormalForm, later: CodeTest): string {
  if (text.length === 1 && text < '\u0080') return text;
  let result = '';
  let plain = '';
  for (const character of text) {
    if (later(character.codePointAt(0) ?? 0)) {
      result += plain.normalize(form) + character;
      plain = '';
    } else plain += character;
  }
  return result + plain.normalize(form);
}

/** What really changed: a common beginning and end of whole characters keep their own places. */
function narrowed(before: string, after: string, start: number): Edit[] {
  const [old, made] = [[...before], [...after]];
  let head = 0;
  while (head < old.length && head < made.length && old[head] === made[head]) head++;
  let tail = 0;
  while (tail < old.length - head && tail < made.length - head && old.at(-1 - tail) === made.at(-1 - tail))
    tail++;
  const from = start + old.slice(0, head).join('').length;
  const middle = old.slice(head, old.length - tail).join('').length;
  return [{ start: from, end: from + middle, text: made.slice(head, made.length - tail).join('') }];
}
