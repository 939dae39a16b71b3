// Added tokens: texts that are one token wherever they stand, found before the model sees anything.
// As Hugging Face's tokenizers find them: those that are not normalised in the text as it is, the others in each
// normalised rest; of several at one place the longest; `lstrip`, `rstrip` and `single_word` look at the neighbours.
import { Aligned } from './aligned';
import { shown, type Fields } from './fields';
import type { Normalizer } from './normalizers';
import { PairTable } from './pairTable';
import { isWhitespace, isWord } from './unicode';

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly singleWord: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly normalized: boolean;
  readonly special: boolean;
}

const MOST_ADDED = 200_000;

/** @param idOf the id of a text that the model knows already, which an added token must have too */
export function readAddedTokens(
  root: Fields,
  idOf: (text: string) => number | undefined,
  most: number,
): AddedToken[] {
  if (!root.has('added_tokens')) return [];
  const seen = new Map<string, number>();
  return root.objects('added_tokens', MOST_ADDED).map((fields) => {
    const token: AddedToken = {
      id: fields.integer('id', 0, most),
      content: fields.text('content'),
      singleWord: fields.flag('single_word', false),
      lstrip: fields.flag('lstrip', false),
      rstrip: fields.flag('rstrip', false),
      normalized: fields.flag('normalized', !fields.flag('special', false)),
      special: fields.flag('special', false),
    };
    const known = seen.get(token.content) ?? idOf(token.content);
    if (known !== undefined && known !== token.id) {
      throw fields.wrong('id', `${known}, the id that ${shown(token.content)} has in the vocabulary`);
    }
    seen.set(token.content, token.id);
    return token;
  });
}

/** Finds the added tokens in a text. */
export class AddedTokens {
  private readonly plain: Matcher;
  private readonly normalized: Matcher;

  /** @param asText special tokens that stand in a text are text (`split_special_tokens`). */
  constructor(
    tokens: readonly AddedToken[],
    private readonly normalize: Normalizer,
    asText: boolean,
  ) {
    // Special tokens first: of two with the same text the first counts.
    const ordered = [...tokens.filter(({ special }) => special), ...tokens.filter(({ special }) => !special)];
    const found = ordered.filter(({ content }) => content !== '');
    this.plain = new Matcher(
      found.filter(({ normalized }) => !normalized).map((token) => [token.content, token]),
      asText,
    );
    this.normalized = new Matcher(
      found
        .filter(({ normalized }) => normalized)
        .map((token) => [this.normalize(new Aligned(token.content, 0)).text, token]),
      asText,
    );
  }

  /** Calls back, in order, for each token found and for each normalised stretch between them. */
  split(
    text: Aligned,
    onToken: (token: AddedToken, where: Aligned) => void,
    onText: (text: Aligned) => void,
  ): void {
    this.plain.split(text, onToken, (rest) => this.normalized.split(this.normalize(rest), onToken, onText));
  }
}

class Matcher {
  /** (node, UTF-16 unit) to the node behind it, and 1 + the index of the token that ends there. */
  private readonly trie = new PairTable(64);
  private readonly tokens: AddedToken[] = [];

  constructor(
    entries: ReadonlyArray<readonly [text: string, token: AddedToken]>,
    private readonly asText: boolean,
  ) {
    let nodes = 1;
    for (const [text, token] of entries) {
      let node = 0;
      for (let at = 0; at < text.length; at++) {
        const unit = text.charCodeAt(at);
        const slot = this.trie.slotOf(node, unit);
        const child = slot < 0 ? nodes++ : this.trie.first(slot);
        const before = slot < 0 ? 0 : this.trie.second(slot);
        const isEnd = at === text.length - 1 && before === 0;
        if (slot < 0 || isEnd) this.trie.set(node, unit, child, isEnd ? this.tokens.push(token) : before);
        node = child;
      }
    }
  }

  split(
    whole: Aligned,
    onToken: (token: AddedToken, where: Aligned) => void,
    onText: (text: Aligned) => void,
  ): void {
    const { text } = whole;
    if (this.tokens.length === 0) return text === '' ? undefined : onText(whole);
    const slicer = whole.slicer();
    let read = 0;
    for (let at = 0; at < text.length;) {
      const found = this.longestAt(text, at);
      if (!found) {
        at++;
        continue;
      }
      const { token } = found;
      let [start, end] = [at, found.end];
      at = end;
      if (token.special && this.asText) continue;
      if (token.singleWord && !standsAlone(text, start, end)) continue;
      if (token.lstrip) start = Math.max(read, spacesBefore(text, start));
      if (token.rstrip) end = spacesBehind(text, end);
      if (start > read) onText(slicer.cut(read, start));
      onToken(token, slicer.cut(start, end));
      read = end;
    }
    if (read < text.length) onText(slicer.cut(read, text.length));
  }

  private longestAt(
    text: string,
    start: number,
  ): { readonly token: AddedToken; readonly end: number } | undefined {
    let found: { readonly token: AddedToken; readonly end: number } | undefined;
    for (let node = 0, at = start; at < text.length;) {
      const slot = this.trie.slotOf(node, text.charCodeAt(at));
      if (slot < 0) break;
      node = this.trie.first(slot);
      at++;
      const token = this.tokens[this.trie.second(slot) - 1];
      if (token) found = { token, end: at };
    }
    return found;
  }
}

function standsAlone(text: string, start: number, end: number): boolean {
  const before = codeBefore(text, start);
  const behind = text.codePointAt(end);
  return (before === undefined || !isWord(before)) && (behind === undefined || !isWord(behind));
}

function codeBefore(text: string, at: number): number | undefined {
  if (at === 0) return undefined;
  const code = at > 1 ? text.codePointAt(at - 2) : undefined;
  return code !== undefined && code > 0xffff ? code : text.charCodeAt(at - 1);
}

/** White space is one UTF-16 unit each. */
function spacesBefore(text: string, at: number): number {
  let start = at;
  while (start > 0 && isWhitespace(text.charCodeAt(start - 1))) start--;
  return start;
}

function spacesBehind(text: string, at: number): number {
  let end = at;
  while (end < text.length && isWhitespace(text.charCodeAt(end))) end++;
  return end;
}
