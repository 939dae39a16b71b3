// A spec whose training starts from somebody's weights (`train.initialize`): what it leaves out is the folder's, what it
// says must agree with the folder. Reads the folder's configuration and tokenizer, no weight.
import { dirname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Tokenizer } from '../../data/tokenizer';
import type { TextFacts } from '../../families/family';
import { ArLensError, toErrorRecord } from '../../protocol/errors';
import { readModelConfig, readModelTokenizer, looked } from '../models/modelFolder';
import { sizeProblem } from './limits';
import type { Spec } from './spec';

export interface Start {
  /** Absolute path of the model folder. */
  readonly folder: string;
  readonly facts: TextFacts;
  readonly tokenizer: Tokenizer;
}

/** One sentence without its end, and the key of the spec it is about. */
export interface StartProblem {
  readonly keys: readonly string[];
  readonly message: string;
}

/** @returns the spec as it will be trained, and what it starts from where that is a model */
export async function startOf(
  spec: Spec,
  specPath: string,
): Promise<{ readonly spec: Spec; readonly start?: Start } | StartProblem> {
  const { initialize } = spec.train;
  if (initialize === undefined) return { spec };
  const keys = ['train', 'initialize'];
  const folder = resolve(dirname(specPath), initialize);
  try {
    const { family, config, facts } = await readModelConfig(folder);
    if (family !== spec.family) {
      const message = `train.initialize: expected a model of the family "${spec.family.id}", got "${family.id}"`;
      return { keys, message };
    }
    if (spec.written.has('data.tokenizer')) {
      const message =
        'data.tokenizer: expected nothing beside train.initialize, whose tokenizer is used, got one';
      return { keys: ['data', 'tokenizer'], message };
    }
    const merged = mergedModel(spec, looked(family, config) as Spec['model'], facts);
    if ('message' in merged) return merged;
    const tokenizer = await readModelTokenizer(folder, facts);
    return { spec: { ...spec, model: merged.model }, start: { folder, facts, tokenizer } };
  } catch (error) {
    if (!(error instanceof ArLensError)) throw error;
    return { keys, message: `train.initialize: ${toErrorRecord(error).message.replace(/\.$/, '')}` };
  }
}

/** As `startOf`, with a problem thrown as one sentence that names the spec. */
export async function requireStart(
  spec: Spec,
  specPath: string,
): Promise<{ readonly spec: Spec; readonly start?: Start }> {
  const found = await startOf(spec, specPath);
  if (!('message' in found)) return found;
  throw new ArLensError('badInput', `${specPath}: ${found.message}.`, 'Correct the spec file.');
}

/** The folder's sizes; a key that the spec writes must mean the same, unless no weight depends on it. */
function mergedModel(
  spec: Spec,
  folder: Spec['model'],
  facts: TextFacts,
): { readonly model: Spec['model'] } | StartProblem {
  const { family } = spec;
  const merged: Spec['model'] = { ...folder };
  for (const [key, value] of Object.entries(spec.model)) {
    if (!spec.written.has(`model.${key}`)) continue;
    const changed = { ...folder, [key]: value };
    // A size may be left out in one and said in the other: equal is what gives the same config.json.
    const agrees = isDeepStrictEqual(
      family.files.toConfig(changed, facts),
      family.files.toConfig(folder, facts),
    );
    if (family.free?.includes(key)) {
      merged[key] = value;
    } else if (!agrees) {
      const expected = JSON.stringify(folder[key]) ?? 'nothing';
      const message = `model.${key}: expected ${expected} as in train.initialize's model, got ${JSON.stringify(value)}`;
      return { keys: ['model', key], message };
    }
  }
  const problem =
    family.problem?.(merged) ?? sizeProblem({ ...spec, model: merged, vocabulary: facts.vocabulary });
  if (typeof problem !== 'string') return { model: merged };
  const named = /^model\.(\w+): (.*)$/.exec(problem.replace(/\.$/, ''));
  return named
    ? { keys: ['model', named[1] ?? ''], message: named[0] }
    : { keys: ['model'], message: `model: ${problem.replace(/\.$/, '')}` };
}
