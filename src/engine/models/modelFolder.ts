// A model folder in Hugging Face's layout: config.json, model.safetensors or shards, tokenizer.json, tokenizer_config.json.
// Every part is checked against the others before the model answers anything. Knows families by the registry only.
import { basename, join, resolve } from 'node:path';
import { stat } from 'node:fs/promises';
import { tensor, tidy } from '@tensorflow/tfjs-core';
import { paddedTokenizer, type Tokenizer } from '../../data/tokenizer';
import type { Family, Model, TextFacts } from '../../families/family';
import type { ImageFamily } from '../../families/imageFamily';
import { FAMILIES, IMAGE_FAMILIES } from '../../families/registry';
import { writeFileAtomic } from '../../formats/atomicFile';
import { writeSafetensors, type NamedTensor } from '../../formats/safetensors';
import type { ModelInfo } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import { RUN_FILES } from '../../protocol/run';
import { LONGEST_CONTEXT, memoryNeeded, parameterCount, sizeProblem } from '../spec/limits';
import { requirePlacement } from '../webgpu/placement';
import { licenceOf } from './licence';
import { loadWeights } from './loadWeights';
import { readJsonObject } from './modelFiles';
import { requirePlainWeights, unreadModel } from './modelTypes';
import { readTokenizerOf } from './tokenizerFile';
import { openWeights, type WeightFiles } from './weightFiles';

export interface LoadedModel {
  /** Absolute path. */
  readonly folder: string;
  readonly family: Family;
  readonly facts: TextFacts;
  readonly model: Model;
  readonly tokenizer: Tokenizer;
  readonly info: ModelInfo;
}

/** Reads and checks everything, then builds. The caller disposes `model`. */
export async function loadModelFolder(
  path: string,
  families: readonly Family[] = FAMILIES,
): Promise<LoadedModel> {
  const folder = resolve(path);
  const { family, config, facts } = await readModelConfig(folder, families);
  const tokenizer = await readModelTokenizer(folder, facts);
  const licence = await licenceOf(folder);
  const model = await loadModelWeights(folder, family, looked(family, config), facts);
  const { contextLength: declared } = config as { readonly contextLength?: number };
  const info: ModelInfo = {
    ...describeModel(folder, family, model, tokenizer),
    ...(declared !== undefined && declared > model.contextLength && { declaredContext: declared }),
    ...(licence !== undefined && { licence }),
  };
  return { folder, family, facts, model, tokenizer, info };
}

/** What config.json says, before any weight is looked at. */
export async function readModelConfig(
  folder: string,
  families: readonly Family[] = FAMILIES,
): Promise<{ readonly family: Family; readonly config: Model['config']; readonly facts: TextFacts }> {
  await requireFolder(folder);
  return readConfig(join(folder, RUN_FILES.config), families);
}

/** A folder's tokenizer, checked against what its configuration says. */
export async function readModelTokenizer(folder: string, facts: TextFacts): Promise<Tokenizer> {
  return readTokenizer(folder, facts);
}

/** Builds the model and reads the folder's weights into it. The caller disposes it. */
export async function loadModelWeights(
  folder: string,
  family: Family,
  config: Model['config'],
  facts: TextFacts,
): Promise<Model> {
  const files = await openWeights(folder);
  try {
    checkSizes(folder, family, config, facts, files);
    await requirePlacement(memoryNeeded({ family, model: asConfig(config), vocabulary: facts.vocabulary }));
    return await loadWeights(family, asConfig(config), facts, files);
  } finally {
    await files.close();
  }
}

/** With the context that is looked at here, where the weights leave it open: the declared one can be far too long. */
export function looked(family: Family, config: Model['config']): Model['config'] {
  const { contextLength } = config as { readonly contextLength?: number };
  const open = family.free?.includes('contextLength') === true && contextLength !== undefined;
  return open && contextLength > LONGEST_CONTEXT
    ? { ...(config as object), contextLength: LONGEST_CONTEXT }
    : config;
}

/** Writes the tokenizer's files and the configuration: what does not change while a run trains. */
export async function saveModelDescription(
  folder: string,
  family: Family,
  config: Model['config'],
  facts: TextFacts,
  tokenizer: Tokenizer,
): Promise<void> {
  const files = tokenizer.files();
  await writeFileAtomic(join(folder, RUN_FILES.tokenizer), json(files.tokenizer));
  await writeFileAtomic(join(folder, RUN_FILES.tokenizerConfig), json(files.tokenizerConfig));
  await writeFileAtomic(join(folder, RUN_FILES.config), json(family.files.toConfig(asConfig(config), facts)));
}

export async function saveWeights(folder: string, model: Pick<Model, 'variables'>): Promise<void> {
  await writeSafetensors(join(folder, RUN_FILES.weights), await weightsOf(model));
}

/** The variables' values in host memory, by their names on disk. */
export async function weightsOf(model: Pick<Model, 'variables'>): Promise<Map<string, NamedTensor>> {
  const tensors = new Map<string, NamedTensor>();
  for (const { name, variable } of model.variables) {
    const data = Float32Array.from(await variable.data());
    tensors.set(name, { dtype: 'F32', shape: variable.shape, data });
  }
  return tensors;
}

/** Assigns every variable of `model` from `tensors`, which must match in name, type and shape. */
export function assignWeights(
  model: Pick<Model, 'variables'>,
  tensors: ReadonlyMap<string, NamedTensor>,
  path: string,
): void {
  const checked = model.variables.map(({ name, variable }) => ({
    variable,
    data: checkedTensor(tensors.get(name), name, variable.shape, path),
  }));
  for (const { variable, data } of checked) tidy(() => variable.assign(tensor(data, variable.shape)));
}

export function describeModel(folder: string, family: Family, model: Model, tokenizer: Tokenizer): ModelInfo {
  const { model_type: type } = family.files.toConfig(asConfig(model.config), {
    vocabulary: model.vocabulary,
  });
  return {
    model: folder,
    family: family.id,
    title: family.title,
    likelihood: family.likelihood,
    parameters: model.variables.reduce((sum, { variable }) => sum + variable.size, 0),
    context: model.contextLength,
    vocabulary: model.vocabulary,
    tokenizer: tokenizer.name,
    bos: tokenizer.bos !== undefined,
    ...(typeof type === 'string' && { architecture: type }),
    ...(model.cacheBytes && { cacheBytes: model.cacheBytes(model.contextLength) }),
  };
}

/** The values of a tensor of a file, once it is what a model asks for. */
export function checkedTensor(
  found: NamedTensor | undefined,
  name: string,
  shape: readonly number[],
  path: string,
): Float32Array {
  const expected = shapeText(shape);
  if (!found) throw wrong(path, `tensor ${name}`, `shape ${expected}`, 'no such tensor');
  if (found.dtype !== 'F32' || !(found.data instanceof Float32Array)) {
    throw wrong(path, `tensor ${name}`, 'dtype F32', found.dtype);
  }
  // A side of −1 is the file's to say: tables have as many rows as were counted.
  const fits =
    found.shape.length === shape.length && shape.every((side, at) => side === -1 || side === found.shape[at]);
  if (!fits) throw wrong(path, `tensor ${name}`, `shape ${expected}`, shapeText(found.shape));
  return found.data;
}

export async function requireFolder(folder: string): Promise<void> {
  const stats = await stat(folder).catch(() => undefined);
  if (!stats) throw new ArLensError('notFound', `${folder}: expected a model folder, got nothing there.`);
  if (!stats.isDirectory())
    throw new ArLensError('badInput', `${folder}: expected a model folder, got a file.`);
}

async function readConfig(path: string, families: readonly Family[]) {
  const content = await readJsonObject(path);
  requirePlainWeights(path, content);
  for (const family of families) {
    const read = readByFamily(path, family, content);
    if (read) return { family, ...read };
  }
  const image = IMAGE_FAMILIES.find((family) => hasConfig(family, content));
  if (image) {
    throw new ArLensError(
      'unsupported',
      `${path}: ${image.title} is a model of images, which can be scored, sampled and looked into by the command line; texts it cannot read.`,
    );
  }
  throw unreadModel(path, content, families);
}

/** Whether the file is an image family's, right or wrong. */
function hasConfig({ files }: ImageFamily, content: Record<string, unknown>): boolean {
  try {
    return files.fromConfig(content) !== null;
  } catch {
    return true;
  }
}

function readByFamily(path: string, family: Family, content: Record<string, unknown>) {
  try {
    return family.files.fromConfig(content);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ArLensError('badInput', `${path}: ${message.replace(/^config\.json: /, '')}`);
  }
}

/** The folder's tokenizer with an id for every row of the model's table. */
async function readTokenizer(folder: string, facts: TextFacts): Promise<Tokenizer> {
  const { tokenizer, path } = await readTokenizerOf(folder);
  // Tables are often padded to a round number of rows; a token without a row could not be fed.
  const padded = tokenizer.kind === 'token' && tokenizer.vocabulary < facts.vocabulary;
  if (!padded && tokenizer.vocabulary !== facts.vocabulary) {
    const most = tokenizer.kind === 'token' ? 'at most ' : '';
    throw wrong(
      path,
      'vocabulary',
      `${most}${facts.vocabulary} tokens as in config.json`,
      String(tokenizer.vocabulary),
    );
  }
  // Whether a text starts with a token is the tokenizer's to say: GPT-2 has a BOS and puts none there.
  if (tokenizer.kind !== 'token' && tokenizer.bos !== facts.bos) {
    throw wrong(
      path,
      'BOS token',
      `id ${facts.bos ?? 'none'} as in config.json`,
      String(tokenizer.bos ?? 'none'),
    );
  }
  return padded ? paddedTokenizer(tokenizer, facts.vocabulary) : tokenizer;
}

/** Before anything is allocated: the files must hold about as many numbers as the configuration asks for. */
function checkSizes(
  folder: string,
  family: Family,
  config: Model['config'],
  facts: TextFacts,
  { tensors, path }: WeightFiles,
): void {
  const configPath = join(folder, RUN_FILES.config);
  const sized = asConfig(config);
  const problem =
    family.problem?.(sized) ?? sizeProblem({ family, model: sized, vocabulary: facts.vocabulary });
  if (typeof problem === 'string')
    throw new ArLensError('badInput', `${configPath}: ${problem.replace(/\.?$/, '.')}`);
  let held = 0;
  for (const { entry } of tensors.values()) {
    held += entry.shape.reduce((product, side) => product * side, 1);
  }
  const declared = parameterCount(family, sized);
  // Declared counts may leave out what depends on the vocabulary; they never exceed what the weights hold.
  if (declared > held + facts.vocabulary) {
    throw wrong(configPath, 'sizes', `at most the ${held} parameters of ${basename(path)}`, String(declared));
  }
}

/** A family's own config type is opaque here: it only ever goes back to the family it came from. */
function asConfig(config: Model['config']): Parameters<Family['taps']>[0] {
  return config as Parameters<Family['taps']>[0];
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.map((side) => (side === -1 ? 'any' : side)).join(', ')}]`;
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function wrong(path: string, place: string, expected: string, got: string): ArLensError {
  return new ArLensError('badInput', `${path}: ${place}: expected ${expected}, got ${got}.`);
}
