// The licence that a model folder's README names in its first lines (the YAML block that model cards open with).
// A word to show to a person, never to decide by; a README that cannot be read says nothing.
import { open } from 'node:fs/promises';
import { join } from 'node:path';

/** The block stands at the very beginning; what lies further is prose. */
const HEAD_BYTES = 16_384;
const LONGEST = 80;

export async function licenceOf(folder: string): Promise<string | undefined> {
  const text = await headOf(join(folder, 'README.md')).catch(() => '');
  const [, block] = /^\ufeff?---\r?\n(.*?)\r?\n---\s/s.exec(text) ?? [];
  if (block === undefined) return undefined;
  const value = (key: string): string | undefined =>
    new RegExp(`^${key}:[ \\t]*["']?([^"'\\r\\n#]+)`, 'm').exec(block)?.[1]?.trim();
  const licence = value('license');
  // "other" is followed by what it is called.
  const name = licence === 'other' ? (value('license_name') ?? licence) : licence;
  return name === undefined || name === '' ? undefined : name.slice(0, LONGEST);
}

async function headOf(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    if (!(await file.stat()).isFile()) return '';
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
