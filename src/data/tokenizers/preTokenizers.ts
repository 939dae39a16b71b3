// The pre-tokenizers of a tokenizer.json: they cut a text into the pieces that the model sees one by one.
// Pieces are passed on as they are found, since a long text has millions.
import type { Aligned } from './aligned';
import { byteLevelText } from './byteLevel';
import type { Fields } from './fields';
import {
  BEHAVIORS,
  cutText,
  findCodes,
  findPattern,
  findString,
  readFinder,
  type Behavior,
  type Finder,
} from './find';
import { prepend } from './normalizers';
import { isNumeric, isPunctuation, isWhitespace } from './unicode';

export type Emit = (piece: Aligned) => void;
export type PreTokenizer = (text: Aligned, emit: Emit) => void;

/** GPT-2's pattern, which ByteLevel cuts by. */
export const GPT2_PATTERN =
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

const KINDS = [
  'BertPreTokenizer', 'ByteLevel', 'CharDelimiterSplit', 'Digits', 'FixedLength', 'Metaspace', 'Punctuation', 'Sequence',
  'Split', 'Whitespace', 'WhitespaceSplit',
] as const; // prettier-ignore
const MOST_STEPS = 100;

export interface PreTokenizers {
  readonly steps: readonly PreTokenizer[];
  /** Whether the pieces are to be put into the byte alphabet after the last step. */
  readonly byteLevel: boolean;
}

export function readPreTokenizers(fields: Fields): PreTokenizers {
  const list = flattened(fields);
  const byteLevel = list.at(-1)?.text('type') === 'ByteLevel';
  const steps = list.flatMap((each, index) => readStep(each, byteLevel && index === list.length - 1));
  return { steps, byteLevel };
}

function flattened(fields: Fields): Fields[] {
  return fields.value('type') === 'Sequence'
    ? fields.objects('pretokenizers', MOST_STEPS).flatMap(flattened)
    : [fields];
}

/** @param last leaves the byte alphabet to the model, which then knows more of its pieces. */
function readStep(fields: Fields, last: boolean): PreTokenizer[] {
  const kind = fields.oneOf('type', KINDS);
  switch (kind) {
    case 'BertPreTokenizer':
      return [cut(findCodes(isWhitespace), 'Removed'), cut(findCodes(isPunctuation), 'Isolated')];
    case 'ByteLevel':
      return byteLevel(fields, last);
    case 'CharDelimiterSplit':
      return [cut(findString(fields.text('delimiter')), 'Removed')];
    case 'Digits':
      return [cut(findCodes(isNumeric), fields.flag('individual_digits', false) ? 'Isolated' : 'Contiguous')];
    case 'FixedLength':
      return [cut(stretches(fields.integer('length', 1, 1_000_000)), 'Isolated')];
    case 'Metaspace':
      return metaspace(fields);
    case 'Punctuation':
      return [cut(findCodes(isPunctuation), behaviorOf(fields, 'behavior', 'Isolated'))];
    case 'Split':
      return [
        cut(readFinder(fields, 'pattern'), behaviorOf(fields, 'behavior'), fields.flag('invert', false)),
      ];
    case 'Whitespace':
      return [
        cut(
          findPattern('[[:word:]\\u200c\\u200d]+|[^[:word:]\\u200c\\u200d\\s]+', fields.file, fields.place),
          'Removed',
          true,
        ),
      ];
    case 'WhitespaceSplit':
      return [cut(findCodes(isWhitespace), 'Removed')];
    case 'Sequence':
      return [];
    default:
      return kind satisfies never;
  }
}

function cut(finder: Finder, behavior: Behavior, invert = false): PreTokenizer {
  return (text, emit) => {
    const slicer = text.slicer();
    cutText(text.text, finder, behavior, invert, (start, end) => emit(slicer.cut(start, end)));
  };
}

function behaviorOf(fields: Fields, key: string, otherwise?: Behavior): Behavior {
  return fields.oneOf(key, BEHAVIORS, otherwise);
}

function byteLevel(fields: Fields, last: boolean): PreTokenizer[] {
  const steps: PreTokenizer[] = [];
  if (fields.flag('add_prefix_space')) {
    const space = prepend(' ');
    steps.push((text, emit) => emit(text.text.startsWith(' ') ? text : space(text)));
  }
  if (fields.flag('use_regex', true))
    steps.push(cut(findPattern(GPT2_PATTERN, fields.file, fields.place), 'Isolated'));
  if (!last) steps.push((text, emit) => emit(byteLevelText(text)));
  return steps;
}

const SCHEMES = ['always', 'first', 'never'] as const;

function metaspace(fields: Fields): PreTokenizer[] {
  const replacement = fields.text('replacement');
  const scheme = fields.oneOf(
    'prepend_scheme',
    SCHEMES,
    fields.flag('add_prefix_space', true) ? 'always' : 'never',
  );
  const put = prepend(replacement);
  const spaces = findString(' ');
  const steps: PreTokenizer[] = [
    (text, emit) => {
      const edits: Array<{ start: number; end: number; text: string }> = [];
      spaces(text.text, (start, end) => edits.push({ start, end, text: replacement }));
      const replaced = text.edited(edits);
      const isFirst = scheme === 'always' || (scheme === 'first' && text.start === 0);
      emit(isFirst && !replaced.text.startsWith(replacement) ? put(replaced) : replaced);
    },
  ];
  if (fields.flag('split', true)) steps.push(cut(findString(replacement), 'MergedWithNext'));
  return steps;
}

function stretches(length: number): Finder {
  return (text, onMatch) => {
    let [start, count, at] = [0, 0, 0];
    for (const character of text) {
      at += character.length;
      if (++count < length) continue;
      onMatch(start, at);
      [start, count] = [at, 0];
    }
    if (at > start) onMatch(start, at);
  };
}

/** Sends a text through all steps. */
export function preTokenize(steps: readonly PreTokenizer[], text: Aligned, emit: Emit): void {
  const from = (index: number): Emit => {
    const step = steps[index];
    if (!step) return emit;
    const next = from(index + 1);
    return (piece) => {
      if (piece.text !== '') step(piece, next);
    };
  };
  from(0)(text);
}
