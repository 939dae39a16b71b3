// The token texts of a model and their ids, as tokenizer.json or vocab.json holds them.
import { isObject, shown, wrong, type Fields } from './fields';
import { LONGEST_TOKEN, MOST_TOKENS } from './model';

export interface Vocabulary {
  readonly ids: ReadonlyMap<string, number>;
  readonly texts: ReadonlyArray<string | undefined>;
}

/** An object of texts to ids. */
export function readVocabulary(fields: Fields, key: string): Vocabulary {
  const value = fields.value(key);
  if (!isObject(value)) throw fields.wrong(key, 'an object of tokens and their ids');
  return vocabularyOf(Object.entries(value), fields.file, fields.at(key));
}

export function vocabularyOf(
  entries: ReadonlyArray<readonly [text: string, id: unknown]>,
  file: string,
  place: string,
): Vocabulary {
  if (entries.length === 0) throw wrong(file, place, 'at least one token', 'none');
  if (entries.length > MOST_TOKENS)
    throw wrong(file, place, `at most ${MOST_TOKENS} tokens`, String(entries.length));
  const ids = new Map<string, number>();
  const texts: Array<string | undefined> = [];
  for (const [text, id] of entries) {
    const at = `${place}[${shown(text)}]`;
    if (text.length > LONGEST_TOKEN)
      throw wrong(file, place, `tokens of at most ${LONGEST_TOKEN} units`, String(text.length));
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= MOST_TOKENS) {
      throw wrong(file, at, `an id from 0 to ${MOST_TOKENS - 1}`, shown(id));
    }
    if (texts[id] !== undefined)
      throw wrong(file, at, 'an id of its own', `${id}, the id of ${shown(texts[id])}`);
    ids.set(text, id);
    while (texts.length < id) texts.push(undefined);
    texts[id] = text;
  }
  return { ids, texts };
}
