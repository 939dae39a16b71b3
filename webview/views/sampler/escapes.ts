// Texts with line ends and tabs in a field of one line: \n, \r, \t and \\. Pure; reading undoes writing.

const WRITTEN = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);
const READ = new Map([...WRITTEN].map(([text, written]) => [written, text]));

export function writeEscapes(text: string): string {
  return text.replaceAll(/[\\\n\r\t]/g, (character) => WRITTEN.get(character) ?? character);
}

/** A backslash before anything else stays as it is. */
export function readEscapes(written: string): string {
  return written.replaceAll(/\\[\\nrt]/g, (pair) => READ.get(pair) ?? pair);
}
