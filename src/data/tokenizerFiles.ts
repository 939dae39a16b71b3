// The two tokenizers in Hugging Face's tokenizer.json and tokenizer_config.json, written and read back.
// Bytes are BPE without merges over ByteLevel's alphabet; characters are BPE without merges and with <unk>.
// Other tokenizers are readTokenizer's business.
import { ArLensError } from '../protocol/errors';
import { BYTE_ALPHABET } from './tokenizers/byteLevel';

export const BOS_TEXT = '<bos>';
export const UNKNOWN_TEXT = '<unk>';

/** The contents of tokenizer.json and tokenizer_config.json. */
export interface TokenizerFiles {
  readonly tokenizer: Readonly<Record<string, unknown>>;
  readonly tokenizerConfig: Readonly<Record<string, unknown>>;
}

export type ParsedTokenizer =
  | { readonly kind: 'byte' }
  /** Code points in the order of their ids. */
  | { readonly kind: 'character'; readonly characters: readonly number[] };

/** Whether tokenizer_config.json says that the tokenizer is one of the two. */
export function isOwnKind(tokenizerConfig: unknown): boolean {
  const kind = record(tokenizerConfig)?.['ar_lens_tokenizer'];
  return kind === 'byte' || kind === 'character';
}

const BYTES = 256;
const MAX_CODE_POINTS = 0x110000;

export function byteFiles(): TokenizerFiles {
  const vocabulary = Object.fromEntries([
    ...BYTE_ALPHABET.map((text, id) => [text, id] as const),
    [BOS_TEXT, BYTES],
  ]);
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false };
  return {
    tokenizer: tokenizerJson(vocabulary, null, byteLevel, byteLevel, [special(BYTES, BOS_TEXT)], BYTES),
    tokenizerConfig: configJson('byte'),
  };
}

/** @param characters code points in the order of their ids. */
export function characterFiles(characters: readonly number[]): TokenizerFiles {
  const bos = characters.length;
  const vocabulary = Object.fromEntries([
    ...characters.map((code, id) => [String.fromCodePoint(code), id] as const),
    [BOS_TEXT, bos] as const,
    [UNKNOWN_TEXT, bos + 1] as const,
  ]);
  const added = [special(bos, BOS_TEXT), special(bos + 1, UNKNOWN_TEXT)];
  return {
    tokenizer: tokenizerJson(vocabulary, UNKNOWN_TEXT, null, { type: 'Fuse' }, added, bos),
    tokenizerConfig: { ...configJson('character'), unk_token: UNKNOWN_TEXT },
  };
}

/** Decides which tokenizer two parsed JSON files describe. @throws ArLensError for one that is neither. */
export function parseFiles(tokenizer: unknown, tokenizerConfig: unknown, file: string): ParsedTokenizer {
  const refuse = (got: string): never => {
    throw new ArLensError(
      'unsupported',
      `${file}: expected a byte or character tokenizer as AR Lens writes them (BPE without merges, ${BOS_TEXT} in front), got ${got}.`,
    );
  };
  const root = record(tokenizer) ?? refuse(`${describe(tokenizer)} instead of an object`);
  const model = record(root.model) ?? refuse('no model');
  if (model.type !== 'BPE') refuse(`a model of type ${describe(model.type)}`);
  if (!Array.isArray(model.merges)) refuse('no list of merges');
  if ((model.merges as unknown[]).length > 0) refuse(`${(model.merges as unknown[]).length} merges`);
  const vocabulary = record(model.vocab) ?? refuse('no vocabulary');
  const byId = inverse(vocabulary, refuse);
  const byteLevel = record(root.pre_tokenizer)?.type === 'ByteLevel';
  const expected = byteLevel ? byteFiles() : characterFiles(codePoints(byId, refuse));
  if (byteLevel && !sameJson(vocabulary, record(record(expected.tokenizer.model)?.vocab))) {
    refuse('a byte vocabulary in another order');
  }
  for (const key of ['normalizer', 'pre_tokenizer', 'post_processor', 'decoder', 'added_tokens']) {
    if (!sameJson(root[key] ?? null, expected.tokenizer[key] ?? null)) refuse(`another ${key}`);
  }
  const bos = record(tokenizerConfig)?.bos_token;
  if (bos !== BOS_TEXT) refuse(`bos_token ${describe(bos)} in tokenizer_config.json`);
  return byteLevel ? { kind: 'byte' } : { kind: 'character', characters: codePoints(byId, refuse) };
}

function tokenizerJson(
  vocabulary: Record<string, number>,
  unknown: string | null,
  preTokenizer: object | null,
  decoder: object,
  added: readonly object[],
  bos: number,
): Record<string, unknown> {
  const bosPiece = { SpecialToken: { id: BOS_TEXT, type_id: 0 } };
  const text = { Sequence: { id: 'A', type_id: 0 } };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: preTokenizer,
    post_processor: {
      type: 'TemplateProcessing',
      single: [bosPiece, text],
      pair: [bosPiece, text, { Sequence: { id: 'B', type_id: 0 } }],
      special_tokens: { [BOS_TEXT]: { id: BOS_TEXT, ids: [bos], tokens: [BOS_TEXT] } },
    },
    decoder,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: unknown,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: vocabulary,
      merges: [],
    },
  };
}

function configJson(kind: ParsedTokenizer['kind']): Record<string, unknown> {
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    bos_token: BOS_TEXT,
    clean_up_tokenization_spaces: false,
    // A text that happens to contain "<bos>" is text: only the post-processor makes the special token.
    split_special_tokens: true,
    ar_lens_tokenizer: kind,
  };
}

function special(id: number, content: string): object {
  return { id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
}

/** Token texts by id: ids must be 0, 1, 2, … each once. */
function inverse(vocabulary: Record<string, unknown>, refuse: (got: string) => never): string[] {
  const entries = Object.entries(vocabulary);
  if (entries.length > MAX_CODE_POINTS + 2) refuse(`a vocabulary of ${entries.length} entries`);
  const byId = new Array<string | undefined>(entries.length).fill(undefined);
  for (const [text, id] of entries) {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= entries.length) {
      refuse(`id ${describe(id)} in a vocabulary of ${entries.length}`);
    }
    if (byId[id] !== undefined) refuse(`id ${describe(id)} twice`);
    byId[id] = text;
  }
  return byId.map((text) => text ?? refuse('a vocabulary with a missing id'));
}

function codePoints(byId: readonly string[], refuse: (got: string) => never): number[] {
  if (byId.at(-2) !== BOS_TEXT || byId.at(-1) !== UNKNOWN_TEXT) {
    refuse(`a vocabulary that does not end with ${BOS_TEXT} and ${UNKNOWN_TEXT}`);
  }
  const codes = byId.slice(0, -2).map((text) => {
    const code = text.codePointAt(0);
    if (code === undefined || String.fromCodePoint(code) !== text)
      return refuse(`the token ${describe(text)}`);
    return code;
  });
  codes.forEach((code, id) => {
    if (id > 0 && code <= (codes[id - 1] ?? 0)) refuse(`characters out of order at id ${id}`);
  });
  return codes;
}

function record(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** Equal as JSON, whatever the order of keys. */
function sameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  const left = record(a);
  const right = record(b);
  if (left === null || right === null) return a === b;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => sameJson(left[key], right[key]));
}

function describe(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
