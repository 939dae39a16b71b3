// Learns a byte-level BPE from texts: the most frequent pair of neighbours becomes a token, again and again.
// Counts are kept up to date merge by merge, so that a megabyte takes seconds; of equally frequent pairs the one with
// the lower ids comes first, and a pair met again is merged again, as in Hugging Face's BpeTrainer: the same ids.
// Source: Sennrich, Haddow, Birch 2016, arXiv 1508.07909.
import { ArLensError } from '../../protocol/errors';
import { BOS_TEXT, type TokenizerFiles } from '../tokenizerFiles';
import { BYTE_ALPHABET, inAlphabet } from './byteLevel';
import { cutText, findPattern } from './find';
import { PairCounts } from './pairCounts';
import { GPT2_PATTERN } from './preTokenizers';

/** BOS and the 256 bytes: a tokenizer of this size has no merges. */
export const FEWEST_TOKENS = 257;
export const MOST_TRAINED_TOKENS = 32_768;

export interface BpeTraining {
  /** Called between pieces of work with the share that is done: lets others run. */
  readonly pause?: (share: number) => Promise<void>;
  readonly signal?: AbortSignal;
}

/** Merges between two looks at the clock. */
const MERGES_PER_TURN = 16;
const TURN_MILLISECONDS = 50;

/**
 * @param size ids in all: `<bos>`, then the bytes in the order of their characters, then the merges
 * @returns the files of the tokenizer, with fewer tokens where the texts have no more pairs
 */
export async function trainBpe(
  texts: readonly string[],
  size: number,
  { pause, signal }: BpeTraining = {},
): Promise<TokenizerFiles> {
  const alphabet = [...BYTE_ALPHABET].sort();
  const tokens = [BOS_TEXT, ...alphabet];
  const idOf = new Map(tokens.map((text, id) => [text, id]));
  const counts = new PairCounts(wordsOf(texts, idOf));
  const merges: Array<readonly [string, string]> = [];
  let turn = performance.now();
  while (tokens.length < size) {
    const top = counts.next();
    if (!top) break;
    const [left, right] = [tokens[top.left] ?? '', tokens[top.right] ?? ''];
    let id = idOf.get(left + right);
    if (id === undefined) {
      id = tokens.push(left + right) - 1;
      idOf.set(left + right, id);
    }
    merges.push([left, right]);
    counts.merge(top, id);
    if (merges.length % MERGES_PER_TURN !== 0 || performance.now() - turn < TURN_MILLISECONDS) continue;
    await pause?.((tokens.length - FEWEST_TOKENS) / Math.max(1, size - FEWEST_TOKENS));
    turn = performance.now();
    if (signal?.aborted) throw new ArLensError('cancelled', 'Learning the tokenizer was stopped.');
  }
  return filesOf(tokens, merges);
}

/** Each different word once, as ids, and how often it occurs. */
function wordsOf(
  texts: readonly string[],
  idOf: ReadonlyMap<string, number>,
): Array<readonly [word: Int32Array, count: number]> {
  const seen = new Map<string, number>();
  const finder = findPattern(GPT2_PATTERN, 'GPT-2', 'pattern');
  for (const text of texts) {
    const whole = text.replace(/\p{Surrogate}/gu, '\ufffd');
    cutText(whole, finder, 'Isolated', false, (start, end) => {
      const word = whole.slice(start, end);
      seen.set(word, (seen.get(word) ?? 0) + 1);
    });
  }
  return [...seen].map(([word, count]) => [
    Int32Array.from(inAlphabet(word), (character) => idOf.get(character) ?? 0),
    count,
  ]);
}

function filesOf(
  tokens: readonly string[],
  merges: ReadonlyArray<readonly [string, string]>,
): TokenizerFiles {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: true };
  const bos = { SpecialToken: { id: BOS_TEXT, type_id: 0 } };
  const text = { Sequence: { id: 'A', type_id: 0 } };
  return {
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: [
        {
          id: 0,
          content: BOS_TEXT,
          single_word: false,
          lstrip: false,
          rstrip: false,
          normalized: false,
          special: true,
        },
      ],
      normalizer: null,
      pre_tokenizer: byteLevel,
      post_processor: {
        type: 'TemplateProcessing',
        single: [bos, text],
        pair: [bos, text, { Sequence: { id: 'B', type_id: 0 } }],
        special_tokens: { [BOS_TEXT]: { id: BOS_TEXT, ids: [0], tokens: [BOS_TEXT] } },
      },
      decoder: byteLevel,
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: false,
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        merges,
      },
    },
    tokenizerConfig: {
      tokenizer_class: 'PreTrainedTokenizerFast',
      bos_token: BOS_TEXT,
      clean_up_tokenization_spaces: false,
      // A text that happens to contain "<bos>" is text: only the post-processor makes the special token.
      split_special_tokens: true,
      ar_lens_tokenizer: 'bpe',
    },
  };
}
