// The `checkSpec` call: what is wrong with a spec as it stands in an editor, its sources included.
// Looks for the files that a source names without reading them.
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { findFiles } from '../../data/corpus';
import type { SpecProblem } from '../../protocol/engine';
import { ArLensError, toErrorRecord } from '../../protocol/errors';
import { startOf } from './initialize';
import { parseSpec, placeOf } from './spec';

/** Words in place of a path. */
const OWN_TOKENIZERS: readonly string[] = ['byte', 'character'];

interface Checked {
  readonly path: string;
  readonly text: string;
  readonly workspace?: string;
}

export async function checkSpec({ path, text, workspace }: Checked): Promise<readonly SpecProblem[]> {
  const { spec, problems } = parseSpec(text);
  if (!spec) return problems;
  const base = dirname(path);
  const place = { base, workspace: workspace ?? base };
  const found: SpecProblem[] = [];
  const isFolder = (source: string): Promise<boolean> =>
    stat(resolve(base, source)).then(
      (info) => info.isDirectory(),
      () => false,
    );
  for (const [key, source] of [
    ['source', spec.data.source],
    ['validation', spec.data.validation],
    ['tokenizer', spec.domain === 'text' ? spec.data.tokenizer : undefined],
  ] as const) {
    if (typeof source !== 'string' || (key === 'tokenizer' && OWN_TOKENIZERS.includes(source))) continue;
    // A folder of pictures is a source of images.
    if (spec.domain === 'image' && (await isFolder(source))) continue;
    const at = `data.${key}`;
    const problem = await findFiles({ ...place, source }, at).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (problem === undefined) continue;
    // Other failures (a folder that cannot be listed) are training's to report.
    if (problem instanceof ArLensError) {
      found.push({ ...placeOf(text, ['data', key]), message: toErrorRecord(problem).message });
    }
  }
  if (spec.domain === 'image') return found;
  const start = await startOf(spec, path);
  if ('message' in start) found.push({ ...placeOf(text, start.keys), message: start.message });
  return found;
}
