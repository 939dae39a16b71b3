// Small JSON files of a model folder: read with a bound, parsed with one sentence for whatever is wrong.
// Knows no family: what the objects mean is the caller's business.
import { parseTree, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { DEEPEST_JSON, tooDeepAt } from '../../formats/jsonDepth';
import { openForReading } from '../../formats/openFile';
import { ArLensError } from '../../protocol/errors';

/** A character tokenizer of all of Unicode stays below this; anything larger is not one of these files. */
const LARGEST_JSON = 64 * 2 ** 20;

/** Reads a file of at most `limit` bytes. @throws ArLensError naming the file, what was expected and what is there. */
export async function readBounded(path: string, limit: number, what: string): Promise<Uint8Array> {
  const file = await openForReading(path, what);
  try {
    const stats = await file.stat();
    if (stats.size > limit) {
      throw new ArLensError(
        'badInput',
        `${path}: expected ${what} of at most ${limit} bytes, got ${stats.size}.`,
      );
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** The JSON object in a file. */
export async function readJsonObject(path: string): Promise<Record<string, unknown>> {
  const bytes = await readBounded(path, LARGEST_JSON, 'a JSON object');
  const text = new TextDecoder().decode(bytes);
  if (tooDeepAt(text) >= 0) {
    throw new ArLensError(
      'badInput',
      `${path}: expected JSON of at most ${DEEPEST_JSON} brackets one inside another, got more.`,
    );
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    throw new ArLensError('badInput', `${path}${placeOfError(text)}`);
  }
  throw new ArLensError('badInput', `${path}: expected a JSON object, got another JSON value.`);
}

function placeOfError(text: string): string {
  const errors: ParseError[] = [];
  if (text.trim() === '') return ': expected a JSON object, got an empty file.';
  parseTree(text, errors, { disallowComments: true });
  const first = errors[0];
  if (!first) return ': expected JSON, got a text that is not.';
  const before = text.slice(0, first.offset).split('\n');
  const words = printParseErrorCode(first.error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return `:${before.length}:${(before.at(-1) ?? '').length + 1}: expected JSON, got: ${words}.`;
}
