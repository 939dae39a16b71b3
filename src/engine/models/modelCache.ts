// The models an engine has loaded: a few, by path and by the files' times, oldest out first.
// A model in use is never disposed: it goes when its last user is done.
import { join, resolve } from 'node:path';
import { readdir, stat } from 'node:fs/promises';
import { RUN_FILES } from '../../protocol/run';
import { loadModelFolder, type LoadedModel } from './modelFolder';
import { TOKENIZER_FILES } from './tokenizerFile';

/** Weights in one file or in shards with their index; a run's training state is none of the model's. */
const isWeights = (name: string): boolean =>
  /\.safetensors(\.index\.json)?$/.test(name) && name !== RUN_FILES.optimizer;

interface Entry {
  readonly key: string;
  readonly loaded: Promise<LoadedModel>;
  users: number;
  evicted: boolean;
}

export class ModelCache {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly capacity = 3,
    private readonly load: (folder: string) => Promise<LoadedModel> = loadModelFolder,
  ) {}

  /** Runs `work` with the model of `folder`, loaded anew when its files changed. `version` tells its contents apart. */
  async use<T>(folder: string, work: (loaded: LoadedModel, version: string) => Promise<T>): Promise<T> {
    const path = resolve(folder);
    const key = `${path}\n${await versionOf(path)}`;
    let entry = this.entries.get(path);
    if (entry?.key !== key) {
      if (entry) this.evict(path, entry);
      entry = { key, loaded: this.load(path), users: 0, evicted: false };
      entry.loaded.catch(() => this.entries.get(path)?.key === key && this.entries.delete(path));
    }
    this.entries.delete(path);
    this.entries.set(path, entry);
    entry.users++;
    try {
      for (const [oldest, other] of this.entries) {
        if (this.entries.size <= this.capacity) break;
        this.evict(oldest, other);
      }
      return await work(await entry.loaded, key);
    } finally {
      entry.users--;
      this.disposeIfDone(entry);
    }
  }

  /** Forgets every model. */
  clear(): void {
    for (const [path, entry] of [...this.entries]) this.evict(path, entry);
  }

  private evict(path: string, entry: Entry): void {
    this.entries.delete(path);
    entry.evicted = true;
    this.disposeIfDone(entry);
  }

  private disposeIfDone(entry: Entry): void {
    if (!entry.evicted || entry.users > 0) return;
    void entry.loaded.then(
      ({ model }) => model.dispose(),
      () => undefined,
    );
  }
}

async function versionOf(folder: string): Promise<string> {
  const { config, tokenizer, tokenizerConfig } = RUN_FILES;
  const names = new Set<string>([config, tokenizer, tokenizerConfig, ...Object.values(TOKENIZER_FILES)]);
  for (const name of await readdir(folder).catch(() => [])) if (isWeights(name)) names.add(name);
  const parts = [...names].map(async (name) => {
    const stats = await stat(join(folder, name)).catch(() => undefined);
    return `${name} ${stats ? `${stats.mtimeMs}:${stats.size}:${stats.ino}` : '-'}`;
  });
  return (await Promise.all(parts)).join(' ');
}
