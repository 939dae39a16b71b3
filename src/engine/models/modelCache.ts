// The models of texts an engine has loaded: a few, by path and by the files' times.
import { join, resolve } from 'node:path';
import { readdir, stat } from 'node:fs/promises';
import { RUN_FILES } from '../../protocol/run';
import { loadModelFolder, type LoadedModel } from './modelFolder';
import { TOKENIZER_FILES } from './tokenizerFile';
import { VersionedCache } from './versionedCache';

/** Weights in one file or in shards with their index; a run's training state is none of the model's. */
const isWeights = (name: string): boolean =>
  /\.safetensors(\.index\.json)?$/.test(name) && name !== RUN_FILES.optimizer;

export class ModelCache {
  private readonly cache: VersionedCache<LoadedModel>;

  constructor(capacity = 3, load: (folder: string) => Promise<LoadedModel> = loadModelFolder) {
    this.cache = new VersionedCache({
      capacity,
      versionOf,
      make: load,
      dispose: ({ model }) => model.dispose(),
    });
  }

  /** Runs `work` with the model of `folder`, loaded anew when its files changed. `version` tells its contents apart. */
  use<T>(folder: string, work: (loaded: LoadedModel, version: string) => Promise<T>): Promise<T> {
    return this.cache.use(resolve(folder), work);
  }

  /** Forgets every model. */
  clear(): void {
    this.cache.clear();
  }
}

/** Of a folder: its path, and the times and sizes of the files that a model is read from. */
export async function versionOf(folder: string): Promise<string> {
  const { config, tokenizer, tokenizerConfig } = RUN_FILES;
  const names = new Set<string>([config, tokenizer, tokenizerConfig, ...Object.values(TOKENIZER_FILES)]);
  for (const name of await readdir(folder).catch(() => [])) if (isWeights(name)) names.add(name);
  const parts = [...names].map(async (name) => {
    const stats = await stat(join(folder, name)).catch(() => undefined);
    return `${name} ${stats ? `${stats.mtimeMs}:${stats.size}:${stats.ino}` : '-'}`;
  });
  return `${folder}\n${(await Promise.all(parts)).join(' ')}`;
}
