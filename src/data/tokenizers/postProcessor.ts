// The post-processor of a tokenizer.json, as far as it concerns a text that is scored: which token it puts in front.
// What comes behind a text (an end token) is not part of the text, and offsets are exact without trimming.
import type { Fields } from './fields';
import { isObject, shown } from './fields';

const KINDS = ['BertProcessing', 'ByteLevel', 'RobertaProcessing', 'Sequence', 'TemplateProcessing'] as const;
const MOST = 100;

/** @returns the id in front of every text, or undefined. */
export function readFirstToken(fields: Fields, most: number): number | undefined {
  const kind = fields.oneOf('type', KINDS);
  switch (kind) {
    case 'ByteLevel':
      return undefined;
    case 'BertProcessing':
    case 'RobertaProcessing': {
      const id = fields.list('cls', 2)[1];
      if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > most) {
        throw fields.wrong('cls', 'a token and its id', shown(fields.value('cls')));
      }
      return id;
    }
    case 'TemplateProcessing':
      return ofTemplate(fields, most);
    case 'Sequence': {
      const found = fields
        .objects('processors', MOST)
        .map((each) => readFirstToken(each, most))
        .filter((id) => id !== undefined);
      if (found.length > 1)
        throw fields.wrong('processors', 'one token in front of a text', String(found.length));
      return found[0];
    }
    default:
      return kind satisfies never;
  }
}

function ofTemplate(fields: Fields, most: number): number | undefined {
  const front: string[] = [];
  for (const piece of fields.objects('single', MOST)) {
    if (piece.has('Sequence')) {
      return front.length === 0 ? undefined : idOf(fields, front, most);
    }
    front.push(piece.object('SpecialToken').text('id'));
  }
  throw fields.wrong('single', 'a place for the text', 'none');
}

function idOf(fields: Fields, front: readonly string[], most: number): number {
  const [name = ''] = front;
  const tokens = fields.object('special_tokens');
  const entry = tokens.value(name);
  const ids: unknown = isObject(entry) && Object.hasOwn(entry, 'ids') ? entry['ids'] : undefined;
  const list: readonly unknown[] = Array.isArray(ids) ? ids : [];
  const [id] = list;
  if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id > most) {
    throw tokens.wrong(name, 'the id of a token', shown(entry));
  }
  if (front.length > 1 || list.length > 1) {
    throw fields.wrong(
      'single',
      'at most one token in front of a text',
      `${Math.max(front.length, list.length)}`,
    );
  }
  return id;
}
