// Finds a key that occurs twice in one object of a JSON text, which JSON.parse passes over in silence.
// Expects a text that JSON.parse has already accepted; not recursive, so depth costs no stack.

/** @returns the first such key, or null. */
export function duplicateKey(json: string): string | null {
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < json.length; at++) {
    switch (json.charCodeAt(at)) {
      case 0x7b: // {
        open.push(new Set());
        break;
      case 0x5b: // [
        open.push(null);
        break;
      case 0x7d: // }
      case 0x5d: // ]
        open.pop();
        break;
      case 0x22: {
        const end = stringEnd(json, at);
        const keys = open.at(-1);
        if (keys && isKey(json, end)) {
          const key = JSON.parse(json.slice(at, end)) as string;
          if (keys.has(key)) return key;
          keys.add(key);
        }
        at = end - 1;
        break;
      }
    }
  }
  return null;
}

/** @param from offset of the opening quote. @returns the offset after the closing one. */
function stringEnd(json: string, from: number): number {
  let at = from + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}

function isKey(json: string, after: number): boolean {
  let at = after;
  while (/[ \t\r\n]/.test(json[at] ?? '')) at++;
  return json[at] === ':';
}
