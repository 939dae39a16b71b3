// The tokenizer of a model folder: tokenizer.json and tokenizer_config.json, or GPT-2's vocab.json and merges.txt.
// Knows no model: what the ids must be is the caller's business.
import { basename, dirname, join } from 'node:path';
import { stat } from 'node:fs/promises';
import { loadTokenizer, type Tokenizer } from '../../data/tokenizer';
import { tokenizerJsonOf } from '../../data/tokenizers/readTokenizer';
import { ArLensError } from '../../protocol/errors';
import { RUN_FILES } from '../../protocol/run';
import { readBounded, readJsonObject } from './modelFiles';

export const TOKENIZER_FILES = {
  vocabulary: 'vocab.json',
  merges: 'merges.txt',
  added: 'added_tokens.json',
} as const;
const LARGEST_MERGES = 64 * 2 ** 20;

/** The tokenizer of a folder, and the file that says what it is. */
export async function readTokenizerOf(
  folder: string,
): Promise<{ readonly tokenizer: Tokenizer; readonly path: string }> {
  const path = join(folder, RUN_FILES.tokenizer);
  const old = join(folder, TOKENIZER_FILES.vocabulary);
  const used = !(await isThere(path)) && (await isThere(old)) ? old : path;
  return { tokenizer: await readTokenizerFile(used), path: used };
}

/** @param path a tokenizer.json, or a vocab.json with merges.txt beside it */
export async function readTokenizerFile(path: string): Promise<Tokenizer> {
  const content = await readJsonObject(path);
  const folder = dirname(path);
  const config = await optionalJson(join(folder, RUN_FILES.tokenizerConfig));
  if (basename(path) !== TOKENIZER_FILES.vocabulary) return loadTokenizer(content, config, path);
  const files = {
    vocabulary: path,
    merges: join(folder, TOKENIZER_FILES.merges),
    added: join(folder, TOKENIZER_FILES.added),
  };
  const bytes = await readBounded(files.merges, LARGEST_MERGES, 'a list of merges');
  let merges: string;
  try {
    merges = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ArLensError('badInput', `${files.merges}: expected UTF-8 text, got bytes that are not.`);
  }
  return loadTokenizer(
    tokenizerJsonOf(content, merges, config, await optionalJson(files.added), files),
    config,
    path,
  );
}

async function optionalJson(path: string): Promise<Record<string, unknown> | undefined> {
  return (await isThere(path)) ? readJsonObject(path) : undefined;
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
