// The files that hold a model folder's weights: one safetensors file, or shards by an index that is checked against
// them name by name. Pickles are refused with what to run instead. Knows names and places of tensors, no model.
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { duplicateKey } from '../../formats/duplicateKey';
import { openSafetensors, type SafetensorsReader } from '../../formats/safetensorsReader';
import type { TensorEntry } from '../../formats/safetensorsHeader';
import { ArLensError } from '../../protocol/errors';
import { RUN_FILES } from '../../protocol/run';
import { readBounded } from './modelFiles';

export interface WeightTensor {
  readonly reader: SafetensorsReader;
  readonly entry: TensorEntry;
}

export interface WeightFiles {
  /** What sentences about the weights as a whole name. */
  readonly path: string;
  /** By their names in the files. */
  readonly tensors: ReadonlyMap<string, WeightTensor>;
  close(): Promise<void>;
}

const LARGEST_INDEX = 64 * 2 ** 20;
const MOST_SHARDS = 1024;
const PICKLE = /\.(bin|pt|pth|ckpt|pkl|pickle)$/;

/** Opens and checks every header. The caller closes. @throws ArLensError: one sentence, for pickles with the way out. */
export async function openWeights(folder: string): Promise<WeightFiles> {
  const single = join(folder, RUN_FILES.weights);
  if (await exists(single)) return openAll(single, [single]);
  const index = join(folder, RUN_FILES.weightsIndex);
  if (await exists(index)) return openShards(folder, index);
  const pickles = (await readdir(folder)).sort().filter((name) => PICKLE.test(name));
  const pickle = pickles.find((name) => name.startsWith('pytorch_model')) ?? pickles[0];
  if (pickle !== undefined) throw pickleError(folder, pickle);
  return openAll(single, [single]);
}

async function openShards(folder: string, index: string): Promise<WeightFiles> {
  const shardOf = await readIndex(index);
  const shards = [...new Set(shardOf.values())].sort();
  if (shards.length > MOST_SHARDS) {
    throw wrong(index, 'weight_map', `at most ${MOST_SHARDS} files`, String(shards.length));
  }
  const files = await openAll(
    index,
    shards.map((shard) => join(folder, shard)),
  );
  try {
    for (const [name, { reader }] of files.tensors) {
      const listed = shardOf.get(name);
      const got = basename(reader.path);
      if (listed === undefined) {
        throw wrong(index, 'weight_map', `every tensor of ${got}`, `nothing about ${name}`);
      }
      if (listed !== got) throw wrong(index, `tensor ${name}`, `it in ${got}, where it is`, `"${listed}"`);
    }
    for (const [name, shard] of shardOf) {
      if (!files.tensors.has(name)) {
        throw wrong(join(folder, shard), `tensor ${name}`, `it here, as the index says`, 'no such tensor');
      }
    }
    return files;
  } catch (error) {
    await files.close();
    throw error;
  }
}

async function openAll(path: string, parts: readonly string[]): Promise<WeightFiles> {
  const readers: SafetensorsReader[] = [];
  const tensors = new Map<string, WeightTensor>();
  const close = async (): Promise<void> => {
    for (const reader of readers) await reader.close();
  };
  try {
    for (const part of parts) {
      const reader = await openSafetensors(part);
      readers.push(reader);
      for (const entry of reader.entries) {
        const other = tensors.get(entry.name);
        if (other) {
          throw wrong(
            part,
            `tensor ${entry.name}`,
            'each tensor once',
            `it in ${basename(other.reader.path)} too`,
          );
        }
        tensors.set(entry.name, { reader, entry });
      }
    }
    return { path, tensors, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Which file of the folder holds each tensor. A name that leads out of the folder is refused. */
async function readIndex(path: string): Promise<ReadonlyMap<string, string>> {
  const bytes = await readBounded(path, LARGEST_INDEX, 'an index of shards');
  const text = new TextDecoder().decode(bytes);
  const map = weightMap(text);
  if (map === null) throw wrong(path, 'the index', 'JSON with an object "weight_map"', 'something else');
  const twice = duplicateKey(text);
  if (twice !== null) throw wrong(path, 'weight_map', 'every name once', `${JSON.stringify(twice)} twice`);
  const entries = Object.entries(map);
  if (entries.length === 0) throw wrong(path, 'weight_map', 'at least one tensor', 'none');
  for (const [name, shard] of entries) {
    const fine =
      typeof shard === 'string' && /^[^/\\:\0]+\.safetensors$/.test(shard) && basename(shard) === shard;
    if (!fine) {
      const got = JSON.stringify(shard) ?? 'nothing';
      throw wrong(path, `tensor ${name}`, 'the name of a safetensors file in the same folder', got);
    }
  }
  return new Map(entries as Array<[string, string]>);
}

function weightMap(text: string): Record<string, unknown> | null {
  try {
    const { weight_map: map } = JSON.parse(text) as { readonly weight_map?: unknown };
    return typeof map === 'object' && map !== null && !Array.isArray(map)
      ? (map as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** A pickle is a program: reading one could do anything, so it is converted where a person decides to trust it. */
function pickleError(folder: string, name: string): ArLensError {
  const place = JSON.stringify(folder);
  const program = `from transformers import AutoModelForCausalLM as M; M.from_pretrained(${place}).save_pretrained(${place})`;
  return new ArLensError(
    'unsupported',
    `${join(folder, name)}: expected ${RUN_FILES.weights}, got a pickle, which can run code and is never read.`,
    `If you trust it, convert it once: python -c '${program.replaceAll("'", "'\\''")}'`,
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function wrong(path: string, place: string, expected: string, got: string): ArLensError {
  return new ArLensError('badInput', `${path}: ${place}: expected ${expected}, got ${got}.`);
}
