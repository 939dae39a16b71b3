// The texts a spec's source names: found inside the workspace, read in a fixed order, hashed.
// Knows no tokenizer and no split.
import { createHash } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { ArLensError } from '../protocol/errors';
import { MAX_TEXT_BYTES, readTextFile } from './textFile';

export interface CorpusOptions {
  /** A path or glob, relative to `base`, with forward slashes. */
  readonly source: string;
  /** Nothing outside this folder is read. */
  readonly workspace: string;
  /** The spec's folder. */
  readonly base: string;
  /** Names the source in sentences; 'data.source' when absent. */
  readonly place?: string;
  readonly maximumBytes?: number;
  readonly maximumFiles?: number;
}

export interface CorpusDocument {
  /** Absolute, links resolved. */
  readonly path: string;
  readonly text: string;
  readonly bytes: number;
}

export interface Corpus {
  /** Sorted by path. */
  readonly documents: readonly CorpusDocument[];
  readonly files: number;
  readonly bytes: number;
  /** Of the files' bytes one after another in this order: what `cat … | sha256sum` prints. */
  readonly sha256: string;
}

const MAX_FILES = 10_000;
const IGNORED = ['**/node_modules/**', '**/.git/**', '**/.arlens/**'];

/** @throws ArLensError in one sentence: nothing matched, outside the workspace, too large, not UTF-8, empty. */
export async function loadCorpus(options: CorpusOptions): Promise<Corpus> {
  const { source, place = 'data.source', maximumBytes = MAX_TEXT_BYTES } = options;
  const paths = await findFiles(options, place);
  const hash = createHash('sha256');
  const documents: CorpusDocument[] = [];
  let total = 0;
  for (const path of paths) {
    total += (await stat(path)).size;
    if (total > maximumBytes) {
      throw new ArLensError(
        'badInput',
        `${place}: expected at most ${maximumBytes} bytes of text in "${source}", got more than that by ${path}.`,
      );
    }
    const { text, bytes } = await readTextFile(path, maximumBytes);
    hash.update(bytes);
    documents.push({ path, text, bytes: bytes.length });
  }
  const bytes = documents.reduce((sum, document) => sum + document.bytes, 0);
  if (bytes === 0) {
    const what = paths.length === 1 ? `${paths[0]}, which is empty` : `${paths.length} empty files`;
    throw new ArLensError('badInput', `${place}: expected text in "${source}", got ${what}.`);
  }
  return { documents, files: documents.length, bytes, sha256: hash.digest('hex') };
}

/** The files a source names, without reading them: real paths, sorted. @throws as loadCorpus does. */
export async function findFiles(
  { source, workspace, base, maximumFiles = MAX_FILES }: CorpusOptions,
  place = 'data.source',
): Promise<string[]> {
  const realWorkspace = await realpath(workspace);
  const realBase = await realpath(base);
  const outside = (got: string) =>
    new ArLensError('badInput', `${place}: expected files inside the workspace ${workspace}, got ${got}.`);
  // Before looking: a pattern that starts outside must not walk the disk.
  if (!isInside(realWorkspace, resolve(realBase, fixedPart(source)))) throw outside(`"${source}"`);
  const asFile = await stat(resolve(realBase, source)).catch(() => null);
  const found = asFile?.isFile()
    ? [resolve(realBase, source)]
    : await glob(source, {
        cwd: realBase,
        absolute: true,
        onlyFiles: true,
        followSymbolicLinks: false,
        expandDirectories: false,
        ignore: IGNORED,
      });
  if (found.length === 0) {
    const got = asFile?.isDirectory() ? `a folder (try "${source.replace(/\/+$/, '')}/*.txt")` : 'none';
    throw new ArLensError(
      'notFound',
      `${place}: expected files that match "${source}" in ${base}, got ${got}.`,
    );
  }
  if (found.length > maximumFiles) {
    throw new ArLensError(
      'badInput',
      `${place}: expected at most ${maximumFiles} files, got ${found.length} for "${source}".`,
    );
  }
  const real = await Promise.all(found.map((path) => realpath(path)));
  for (const path of real) if (!isInside(realWorkspace, path)) throw outside(`${path} for "${source}"`);
  return [...new Set(real)].sort();
}

/** The folders of a pattern before its first special character. */
function fixedPart(pattern: string): string {
  const special = pattern.search(/[*?[\]{}()!+@]/);
  if (special < 0) return pattern;
  const climbs = pattern.slice(special).split('/').includes('..');
  // `a/*/../../..` climbs after the star; treat the whole as written, so that it is refused when it leaves.
  return climbs
    ? pattern.replace(/[*?[\]{}()!+@]+/g, '')
    : pattern.slice(0, pattern.lastIndexOf('/', special) + 1) || '.';
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
