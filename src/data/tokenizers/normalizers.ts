// The normalisers of a tokenizer.json: functions from a text to a changed text that still knows its places.
// What each kind does is Hugging Face's; which kinds are known is said when another one is met.
import { codePointAt } from '../encoded';
import type { Aligned, Edit } from './aligned';
import { byteLevelText } from './byteLevel';
import { readFinder } from './find';
import type { Fields } from './fields';
import { precompiled } from './precompiled';
import { normalForm } from './unicodeNormal';
import {
  isBertChinese,
  isMark,
  isNonspacingMark,
  isOther,
  isWhitespace,
  inRanges,
  type CodeTest,
} from './unicode';

export type Normalizer = (text: Aligned) => Aligned;

const KINDS = [
  'NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'Strip', 'StripAccents', 'Nmt', 'Prepend', 'Replace', 'Precompiled',
  'BertNormalizer', 'ByteLevel', 'Sequence',
] as const; // prettier-ignore
const MOST_STEPS = 100;

export function readNormalizer(fields: Fields): Normalizer {
  const kind = fields.oneOf('type', KINDS);
  switch (kind) {
    case 'NFC':
    case 'NFD':
    case 'NFKC':
    case 'NFKD':
      return normalForm(kind);
    case 'Lowercase':
      return lowercase;
    case 'Strip':
      return strip(fields.flag('strip_left'), fields.flag('strip_right'));
    case 'StripAccents':
      return without(isMark);
    case 'Nmt':
      return nmt;
    case 'Prepend':
      return prepend(fields.text('prepend'));
    case 'Replace':
      return replace(fields);
    case 'Precompiled':
      return precompiled(fields.text('precompiled_charsmap'), fields.file, fields.at('precompiled_charsmap'));
    case 'BertNormalizer':
      return bert(fields);
    case 'ByteLevel':
      return byteLevelText;
    case 'Sequence': {
      const steps = fields.objects('normalizers', MOST_STEPS).map(readNormalizer);
      return (text) => steps.reduce((before, step) => step(before), text);
    }
    default:
      return kind satisfies never;
  }
}

/** Edits character by character; `change` answers undefined for one that stays. */
function byCharacter(change: (code: number) => string | undefined): Normalizer {
  return (text) => {
    const edits: Edit[] = [];
    for (let at = 0; at < text.text.length;) {
      const code = codePointAt(text.text, at);
      const next = at + (code > 0xffff ? 2 : 1);
      const other = change(code);
      if (other !== undefined) edits.push({ start: at, end: next, text: other });
      at = next;
    }
    return text.edited(edits);
  };
}

function without(test: CodeTest): Normalizer {
  return byCharacter((code) => (test(code) ? '' : undefined));
}

/** Character by character: no rule of JavaScript's that looks at the neighbours (final sigma) applies. */
const lowercase = byCharacter((code) => {
  if (code < 0x80) return code >= 65 && code <= 90 ? String.fromCharCode(code + 32) : undefined;
  const text = String.fromCodePoint(code);
  const lower = text.toLowerCase();
  return lower === text ? undefined : lower;
});

function strip(left: boolean, right: boolean): Normalizer {
  return (text) => {
    const codes = [...text.text];
    const isSpace = (character: string | undefined): boolean =>
      character !== undefined && isWhitespace(character.codePointAt(0) ?? 0);
    let [start, end] = [0, codes.length];
    while (left && start < end && isSpace(codes[start])) start++;
    while (right && end > start && isSpace(codes[end - 1])) end--;
    const from = codes.slice(0, start).join('').length;
    return text.slicer().cut(from, from + codes.slice(start, end).join('').length);
  };
}

const nmtRemoved = inRanges('1-8 b e-1f 7f 8f 9f');
const nmtSpaces = inRanges('9-a c-d 1680 200b-200f 2028-2029 2581 feff fffd');
const nmt = byCharacter((code) => (nmtRemoved(code) ? '' : nmtSpaces(code) ? ' ' : undefined));

/** An empty text stays empty. */
export function prepend(what: string): Normalizer {
  return (text) => (text.text === '' ? text : text.edited([{ start: 0, end: 0, text: what }]));
}

function replace(fields: Fields): Normalizer {
  const find = readFinder(fields, 'pattern');
  const content = fields.text('content');
  return (text) => {
    const edits: Edit[] = [];
    find(text.text, (start, end) => edits.push({ start, end, text: content }));
    return text.edited(edits);
  };
}

/** BERT's: clean, put spaces around Chinese characters, strip accents, lower the case. */
function bert(fields: Fields): Normalizer {
  const lower = fields.flag('lowercase');
  const stripAccents = fields.has('strip_accents') ? fields.flag('strip_accents') : lower;
  const steps: Normalizer[] = [];
  if (fields.flag('clean_text')) {
    steps.push(without((code) => code === 0 || isOther(code)));
    steps.push(byCharacter((code) => (code !== 32 && isWhitespace(code) ? ' ' : undefined)));
  }
  if (fields.flag('handle_chinese_chars')) steps.push(spacedChinese);
  if (stripAccents) steps.push(normalForm('NFD'), without(isNonspacingMark));
  if (lower) steps.push(lowercase);
  return (text) => steps.reduce((before, step) => step(before), text);
}

const spacedChinese: Normalizer = (text) => {
  const edits: Edit[] = [];
  for (let at = 0; at < text.text.length;) {
    const code = codePointAt(text.text, at);
    const next = at + (code > 0xffff ? 2 : 1);
    if (isBertChinese(code))
      edits.push({ start: at, end: at, text: ' ' }, { start: next, end: next, text: ' ' });
    at = next;
  }
  return text.edited(edits);
};
