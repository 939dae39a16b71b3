// SentencePiece's compiled normaliser: a double-array trie over UTF-8 that maps short stretches of text to others.
// Layout (darts-clone, and SentencePiece's normalizer.cc): a length, the trie's units, then the replacements, each ended by NUL.
// As Hugging Face's tokenizers walk it: by grapheme clusters of fewer than six bytes first, else by characters.
import type { Aligned, Edit } from './aligned';
import { wrong } from './fields';
import { isAscii } from './unicodeNormal';

const LONGEST_CLUSTER = 6;

/** @param map the base64 text of `precompiled_charsmap` */
export function precompiled(map: string, file: string, place: string): (text: Aligned) => Aligned {
  const trie = readTrie(map, file, place);
  const known = new Map<string, string | undefined>();
  const transform = (part: string): string | undefined => {
    if (!known.has(part)) known.set(part, trie(part));
    return known.get(part);
  };
  return (text) => {
    const edits: Edit[] = [];
    const byCharacters = (cluster: string, start: number): void => {
      let at = start;
      for (const character of cluster) {
        const other = transform(character);
        if (other !== undefined) edits.push({ start: at, end: at + character.length, text: other });
        at += character.length;
      }
    };
    const byCluster = (cluster: string, start: number): void => {
      const other = Buffer.byteLength(cluster) < LONGEST_CLUSTER ? transform(cluster) : undefined;
      if (other === undefined) byCharacters(cluster, start);
      else edits.push({ start, end: start + cluster.length, text: other });
    };
    clusters(text.text, byCluster);
    return text.edited(edits);
  };
}

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });
/** UTF-16 units that are cut into clusters at once: the segmenter's time grows with the square of a text's length. */
const STRETCH = 2000;

/** Calls back for each grapheme cluster, in order. */
function clusters(text: string, each: (cluster: string, start: number) => void): void {
  if (isAscii(text)) {
    // Without marks every character is a cluster, but for the end of a line.
    for (let at = 0; at < text.length;) {
      const cluster = text.startsWith('\r\n', at) ? '\r\n' : (text[at] ?? '');
      each(cluster, at);
      at += cluster.length;
    }
    return;
  }
  let length = STRETCH;
  for (let at = 0; at < text.length;) {
    const isLast = at + length >= text.length;
    const found = [...segmenter.segment(text.slice(at, at + length))];
    // The last cluster of a stretch may go on behind it.
    const whole = isLast ? found : found.slice(0, -1);
    for (const { segment, index } of whole) each(segment, at + index);
    const done = whole.reduce((sum, { segment }) => sum + segment.length, 0);
    at += done;
    length = done > 0 ? STRETCH : 2 * length;
  }
}

function readTrie(map: string, file: string, place: string): (part: string) => string | undefined {
  const bytes = Buffer.from(map, 'base64');
  const size = bytes.length >= 4 ? bytes.readUInt32LE(0) : -1;
  if (size < 0 || size % 4 !== 0 || size > bytes.length - 4) {
    const got = size < 0 ? `${bytes.length} bytes` : `a trie of ${size} bytes in ${bytes.length}`;
    throw wrong(file, place, 'a compiled normaliser in base64', got);
  }
  const units = Uint32Array.from({ length: size / 4 }, (_, index) => bytes.readUInt32LE(4 + 4 * index));
  const replacements = bytes.subarray(4 + size);
  // darts-clone: bit 8 says that a key ends here, bits 10–31 (shifted by 8 where bit 9 is set) lead on.
  const offsetOf = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6);
  return (part) => {
    let node = offsetOf(units[0] ?? 0);
    for (const byte of Buffer.from(part)) {
      if (byte === 0) return undefined;
      node ^= byte;
      const unit = units[node];
      if (unit === undefined || (unit & 0x800000ff) >>> 0 !== byte) return undefined;
      node ^= offsetOf(unit);
      if ((unit & 0x100) !== 0) {
        const from = (units[node] ?? 0) & 0x7fffffff;
        const end = replacements.indexOf(0, from);
        return replacements.toString('utf8', from, end < 0 ? replacements.length : end);
      }
    }
    return undefined;
  };
}
