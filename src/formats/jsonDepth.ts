// Finds where a JSON text (comments allowed) nests deeper than anything here is written: parsers and printers that
// call themselves would run out of stack on it. Not recursive; the text may be any text.

export const DEEPEST_JSON = 64;

const PARTS = /"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|[[{]|[\]}]/g;

/** @returns the offset of the first bracket that opens level `limit` + 1, or −1. */
export function tooDeepAt(text: string, limit = DEEPEST_JSON): number {
  let depth = 0;
  for (const { 0: part, index } of text.matchAll(PARTS)) {
    if (part === '[' || part === '{') depth++;
    else if (part === ']' || part === '}') depth--;
    if (depth > limit) return index;
  }
  return -1;
}
