// An image model's folder: config.json and model.safetensors, checked against one another before anything answers.
import { join, resolve } from 'node:path';
import type { ImageFacts, ImageFamily, ImageModel } from '../../families/imageFamily';
import { IMAGE_FAMILIES } from '../../families/registry';
import { writeFileAtomic } from '../../formats/atomicFile';
import { readSafetensors, requireFinite } from '../../formats/safetensors';
import { ArLensError } from '../../protocol/errors';
import { RUN_FILES } from '../../protocol/run';
import { readJsonObject } from '../models/modelFiles';
import { checkedTensor, requireFolder } from '../models/modelFolder';
import { imageMemoryNeeded, imageSizeProblem } from '../spec/limits';
import { requirePlacement } from '../webgpu/placement';

export interface LoadedImageModel {
  /** Absolute path. */
  readonly folder: string;
  readonly family: ImageFamily;
  readonly facts: ImageFacts;
  readonly model: ImageModel;
}

export async function saveImageDescription(
  folder: string,
  family: ImageFamily,
  config: Parameters<ImageFamily['taps']>[0],
  facts: ImageFacts,
): Promise<void> {
  const content = family.files.toConfig(config, facts);
  await writeFileAtomic(join(folder, RUN_FILES.config), `${JSON.stringify(content, null, 2)}\n`);
}

/** Whether the folder's config.json is an image family's; false where there is none to read. */
export async function isImageModel(folder: string): Promise<boolean> {
  const content = await readJsonObject(join(resolve(folder), RUN_FILES.config)).catch(() => undefined);
  const type = content?.['model_type'];
  return IMAGE_FAMILIES.some((family) => modelTypeOf(family) === type);
}

export interface ImageDescription {
  /** Absolute path. */
  readonly folder: string;
  readonly family: ImageFamily;
  readonly config: Parameters<ImageFamily['taps']>[0];
  readonly facts: ImageFacts;
}

/** What config.json says, checked; no weight is looked at. */
export async function readImageDescription(path: string): Promise<ImageDescription> {
  const folder = resolve(path);
  await requireFolder(folder);
  const configPath = join(folder, RUN_FILES.config);
  const content = await readJsonObject(configPath);
  const family = IMAGE_FAMILIES.find((each) => modelTypeOf(each) === content['model_type']);
  if (!family) {
    const names = IMAGE_FAMILIES.map(({ id }) => `"${id}"`).join(' or ');
    const type = JSON.stringify(content['model_type']) ?? 'none';
    throw new ArLensError(
      'unsupported',
      `${configPath}: expected the config of ${names}, got model_type ${type}.`,
    );
  }
  const { config, facts } = readConfig(family, content, configPath);
  const problem =
    family.problem?.(config) ??
    family.factsProblem?.(config, facts) ??
    imageSizeProblem({ family, model: config }, facts);
  if (typeof problem === 'string') throw new ArLensError('badInput', `${configPath}: ${problem}.`);
  return { folder, family, config, facts };
}

/** Reads and checks everything, then builds. The caller disposes `model`. */
export async function loadImageModel(path: string): Promise<LoadedImageModel> {
  const { folder, family, config, facts } = await readImageDescription(path);
  await requirePlacement(imageMemoryNeeded({ family, model: config }, facts));
  const weightsPath = join(folder, RUN_FILES.weights);
  const { tensors } = await readSafetensors(weightsPath);
  requireFinite(weightsPath, tensors);
  const asked = new Set<string>();
  const model = family.build(config, facts, (name, shape) => {
    asked.add(name);
    return checkedTensor(tensors.get(name), name, shape, weightsPath);
  });
  const surplus = [...tensors.keys()].find((name) => !asked.has(name));
  if (surplus === undefined) return { folder, family, facts, model };
  model.dispose();
  throw new ArLensError(
    'badInput',
    `${weightsPath}: tensor ${surplus}: expected only the ${asked.size} tensors that config.json implies, got this one too.`,
  );
}

function readConfig(family: ImageFamily, content: Record<string, unknown>, path: string) {
  try {
    const read = family.files.fromConfig(content);
    if (read) return read;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ArLensError('badInput', `${path}: ${message.replace(/^config\.json: /, '')}`);
  }
  throw new ArLensError('badInput', `${path}: expected the config of "${family.id}", got another.`);
}

function modelTypeOf(family: ImageFamily): unknown {
  return family.files.toConfig(family.example, { height: 1, width: 1, channels: 1, levels: 2 })['model_type'];
}
