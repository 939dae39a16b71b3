// The decoders of a tokenizer.json: from token texts back to a text. Each step is a function over all of them, as in
// Hugging Face's tokenizers, since some look at the neighbours.
import { bytesOfAlphabet } from './byteLevel';
import { readFinder } from './find';
import type { Fields } from './fields';

export type Decoder = (tokens: readonly string[]) => string[];

const KINDS = [
  'BPEDecoder', 'ByteFallback', 'ByteLevel', 'Fuse', 'Metaspace', 'Replace', 'Sequence', 'Strip', 'WordPiece',
] as const; // prettier-ignore
const MOST_STEPS = 100;

export interface Decoders {
  readonly decode: Decoder;
  /** What the tokens' texts are made of, for showing one alone. */
  readonly byteLevel: boolean;
  /** What one token's own text becomes, wherever it stands. */
  readonly shown: (text: string) => string;
}

export function readDecoders(fields: Fields): Decoders {
  const steps = flattened(fields).map(readStep);
  return {
    decode: (tokens) => steps.reduce<string[]>((before, { decode }) => decode(before), [...tokens]),
    byteLevel: steps.some(({ byteLevel }) => byteLevel),
    shown: (text) => steps.reduce((before, { shown }) => shown?.(before) ?? before, text),
  };
}

interface Step {
  readonly decode: Decoder;
  readonly byteLevel?: boolean;
  readonly shown?: (text: string) => string;
}

function flattened(fields: Fields): Fields[] {
  return fields.value('type') === 'Sequence'
    ? fields.objects('decoders', MOST_STEPS).flatMap(flattened)
    : [fields];
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function readStep(fields: Fields): Step {
  const kind = fields.oneOf('type', KINDS);
  switch (kind) {
    case 'ByteLevel':
      return { decode: byteLevel, byteLevel: true };
    case 'Fuse':
      return { decode: (tokens) => [tokens.join('')] };
    case 'ByteFallback':
      return { decode: byteFallback };
    case 'Metaspace':
      return metaspace(fields);
    case 'Replace': {
      const find = readFinder(fields, 'pattern');
      const content = fields.text('content');
      const replaced = (token: string): string => {
        let [text, read] = ['', 0];
        find(token, (start, end) => {
          text += token.slice(read, start) + content;
          read = end;
        });
        return text + token.slice(read);
      };
      return { decode: (tokens) => tokens.map(replaced), shown: replaced };
    }
    case 'Strip':
      return {
        decode: strip(
          fields.text('content'),
          fields.integer('start', 0, 1e9),
          fields.integer('stop', 0, 1e9),
        ),
      };
    case 'WordPiece':
      return { decode: wordPiece(fields.text('prefix'), fields.flag('cleanup')) };
    case 'BPEDecoder': {
      const suffix = fields.text('suffix');
      const shown = (token: string): string => token.split(suffix).join(' ');
      const decode: Decoder = (tokens) =>
        tokens.map((token, index) => token.split(suffix).join(index === tokens.length - 1 ? '' : ' '));
      return { decode, shown };
    }
    case 'Sequence':
      return { decode: (tokens) => [...tokens] };
    default:
      return kind satisfies never;
  }
}

/** All bytes together, and what is not UTF-8 as U+FFFD. A text outside the alphabet stands for its own bytes. */
function byteLevel(tokens: readonly string[]): string[] {
  return [utf8.decode(Buffer.concat(tokens.map((token) => bytesOfAlphabet(token) ?? Buffer.from(token))))];
}

/** Runs of byte tokens: their text where they are UTF-8, else one U+FFFD for each byte. */
function byteFallback(tokens: readonly string[]): string[] {
  const texts: string[] = [];
  let bytes: number[] = [];
  const flush = (): void => {
    if (bytes.length === 0) return;
    try {
      texts.push(strict.decode(Uint8Array.from(bytes)));
    } catch {
      texts.push(...bytes.map(() => '\ufffd'));
    }
    bytes = [];
  };
  for (const token of tokens) {
    const byte = byteOf(token);
    if (byte !== undefined) bytes.push(byte);
    else {
      flush();
      texts.push(token);
    }
  }
  flush();
  return texts;
}
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The byte of `<0x41>`, or undefined. */
export function byteOf(token: string): number | undefined {
  return /^<0x[0-9A-Fa-f]{2}>$/.test(token) ? Number.parseInt(token.slice(3, 5), 16) : undefined;
}

function metaspace(fields: Fields): Step {
  const replacement = fields.text('replacement');
  const never = fields.has('prepend_scheme')
    ? fields.text('prepend_scheme') === 'never'
    : !fields.flag('add_prefix_space', true);
  const shown = (token: string): string => token.split(replacement).join(' ');
  // The first token loses the space that encoding put in.
  const decode: Decoder = (tokens) =>
    tokens.map((token, index) => (index === 0 && !never ? token.split(replacement).join('') : shown(token)));
  return { decode, shown };
}

function strip(content: string, start: number, stop: number): Decoder {
  return (tokens) =>
    tokens.map((token) => {
      const characters = [...token];
      let from = 0;
      while (from < start && characters[from] === content) from++;
      let to = characters.length;
      while (to > from && characters.length - to < stop && characters[to - 1] === content) to--;
      return characters.slice(from, to).join('');
    });
}

const CLEANED: ReadonlyArray<readonly [string, string]> = [
  [' .', '.'], [' ?', '?'], [' !', '!'], [' ,', ','], [" ' ", "'"], [" n't", "n't"], [" 'm", "'m"], [' do not', " don't"],
  [" 's", "'s"], [" 've", "'ve"], [" 're", "'re"],
]; // prettier-ignore

function wordPiece(prefix: string, cleanup: boolean): Decoder {
  return (tokens) =>
    tokens.map((token, index) => {
      const text = index === 0 ? token : token.startsWith(prefix) ? token.replace(prefix, '') : ` ${token}`;
      return cleanup ? CLEANED.reduce((before, [from, to]) => before.replaceAll(from, to), text) : text;
    });
}
