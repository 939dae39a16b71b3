// Reads a tokenizer.json of Hugging Face's, or a vocab.json with its merges.txt, into a tokenizer.
// Whatever is not known is refused in one sentence that names what is: a tokenizer never runs nearly right.
import type { Tokenizer } from '../tokenizerType';
import { AddedTokens, readAddedTokens } from './addedTokens';
import { readBpe } from './bpe';
import { readDecoders } from './decoders';
import { Fields, isObject, shown, wrong } from './fields';
import { MOST_TOKENS, type PieceModel } from './model';
import { readNormalizer } from './normalizers';
import { pipelineTokenizer } from './pipeline';
import { readFirstToken } from './postProcessor';
import { readPreTokenizers } from './preTokenizers';
import { readUnigram } from './unigram';
import { readWordLevel, readWordPiece } from './wordPiece';

const MODELS = ['BPE', 'Unigram', 'WordLevel', 'WordPiece'] as const;

/**
 * @param json the content of tokenizer.json
 * @param config the content of tokenizer_config.json, if there is one
 * @throws ArLensError naming file, place, expected and got
 */
export function readTokenizer(json: unknown, config: unknown, file: string): Tokenizer {
  const root = Fields.of(file, '', json);
  const model = readModel(root.object('model'));
  const added = readAddedTokens(root, (text) => model.idOf(text), MOST_TOKENS - 1);
  const normalize = root.has('normalizer')
    ? readNormalizer(root.object('normalizer'))
    : (text: Parameters<ReturnType<typeof readNormalizer>>[0]) => text;
  const bos = root.has('post_processor')
    ? knownToken(root, readFirstToken(root.object('post_processor'), MOST_TOKENS - 1), model, added)
    : undefined;
  const named = isObject(config) ? contentOf(config['eos_token']) : undefined;
  const asText = isObject(config) && config['split_special_tokens'] === true;
  return pipelineTokenizer({
    model,
    added,
    finder: new AddedTokens(added, normalize, asText),
    preTokenizers: root.has('pre_tokenizer')
      ? readPreTokenizers(root.object('pre_tokenizer'))
      : { steps: [], byteLevel: false },
    ...(root.has('decoder') ? { decoders: readDecoders(root.object('decoder')) } : {}),
    bos,
    // Without a name it is BOS, which stands between two texts in training here.
    end:
      named === undefined ? bos : (added.find(({ content }) => content === named)?.id ?? model.idOf(named)),
    files: {
      tokenizer: json as Readonly<Record<string, unknown>>,
      tokenizerConfig: isObject(config) ? config : { tokenizer_class: 'PreTrainedTokenizerFast' },
    },
  });
}

function readModel(fields: Fields): PieceModel {
  // Old files leave the type out where the rest says it.
  const kind = fields.oneOf('type', MODELS, fields.has('merges') ? 'BPE' : undefined);
  switch (kind) {
    case 'BPE':
      return readBpe(fields);
    case 'Unigram':
      return readUnigram(fields);
    case 'WordPiece':
      return readWordPiece(fields);
    case 'WordLevel':
      return readWordLevel(fields);
    default:
      return kind satisfies never;
  }
}

function knownToken(
  root: Fields,
  id: number | undefined,
  model: PieceModel,
  added: ReadonlyArray<{ readonly id: number }>,
): number | undefined {
  if (id === undefined || model.texts[id] !== undefined || added.some((token) => token.id === id)) return id;
  throw root.wrong('post_processor', 'a token in front that the vocabulary holds', `id ${id}`);
}

/** What GPT-2's own files say, as the tokenizer.json that says the same. */
export function tokenizerJsonOf(
  vocabulary: unknown,
  merges: string,
  config: unknown,
  addedTokens: unknown,
  files: { readonly vocabulary: string; readonly merges: string; readonly added: string },
): Record<string, unknown> {
  if (!isObject(vocabulary))
    throw wrong(files.vocabulary, '', 'an object of tokens and their ids', shown(vocabulary));
  const lines = merges.split(/\r?\n/);
  const pairs = lines.flatMap((line, index) => {
    if (line === '' || line.startsWith('#version')) return [];
    const parts = line.split(' ');
    if (parts.length !== 2) throw wrong(files.merges, `line ${index + 1}`, 'two tokens', shown(line));
    return [parts];
  });
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  const withPrefix = {
    ...byteLevel,
    add_prefix_space: isObject(config) && config['add_prefix_space'] === true,
  };
  return {
    version: '1.0',
    added_tokens: addedOf(vocabulary, config, addedTokens, files.added),
    normalizer: null,
    pre_tokenizer: withPrefix,
    post_processor: byteLevel,
    decoder: byteLevel,
    model: { type: 'BPE', vocab: vocabulary, merges: pairs },
  };
}

const NAMED = [
  'bos_token',
  'eos_token',
  'unk_token',
  'pad_token',
  'sep_token',
  'cls_token',
  'mask_token',
] as const;

/** The special tokens that GPT-2's files name, and those of added_tokens.json. */
function addedOf(
  vocabulary: Readonly<Record<string, unknown>>,
  config: unknown,
  addedTokens: unknown,
  file: string,
): object[] {
  const named = isObject(config) ? NAMED.map((key) => config[key]).map(contentOf) : [];
  const special = new Set(['<|endoftext|>', ...named.filter((text) => text !== undefined)]);
  const more = addedTokens === undefined ? {} : addedTokens;
  if (!isObject(more)) throw wrong(file, '', 'an object of tokens and their ids', shown(more));
  const ids = new Map<string, unknown>(Object.entries(more));
  for (const text of special) {
    if (!ids.has(text) && Object.hasOwn(vocabulary, text)) ids.set(text, vocabulary[text]);
  }
  return [...ids].map(([content, id]) => ({
    id, content, single_word: false, lstrip: false, rstrip: false, normalized: !special.has(content), special: special.has(content),
  })); // prettier-ignore
}

function contentOf(token: unknown): string | undefined {
  if (typeof token === 'string') return token;
  return isObject(token) && typeof token['content'] === 'string' ? token['content'] : undefined;
}
