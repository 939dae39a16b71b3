// A few things that are costly to make, by key and version, oldest out first. What is in use is never disposed: it goes
// when its last user is done. Knows neither models nor files.

export interface Making<Value> {
  readonly capacity: number;
  /** Tells the contents behind a key apart: another version is made anew. */
  readonly versionOf: (key: string) => Promise<string>;
  readonly make: (key: string) => Promise<Value>;
  readonly dispose: (value: Value) => void;
}

interface Entry<Value> {
  readonly version: string;
  readonly made: Promise<Value>;
  users: number;
  evicted: boolean;
}

export class VersionedCache<Value> {
  private readonly entries = new Map<string, Entry<Value>>();

  constructor(private readonly making: Making<Value>) {}

  /** Runs `work` with what `key` stands for, made anew when its version changed. */
  async use<T>(key: string, work: (value: Value, version: string) => Promise<T>): Promise<T> {
    const version = await this.making.versionOf(key);
    let entry = this.entries.get(key);
    if (entry?.version !== version) {
      if (entry) this.evict(key, entry);
      entry = { version, made: this.making.make(key), users: 0, evicted: false };
      entry.made.catch(() => this.entries.get(key)?.version === version && this.entries.delete(key));
    }
    this.entries.delete(key);
    this.entries.set(key, entry);
    entry.users++;
    try {
      for (const [oldest, other] of this.entries) {
        if (this.entries.size <= this.making.capacity) break;
        this.evict(oldest, other);
      }
      return await work(await entry.made, version);
    } finally {
      entry.users--;
      this.disposeIfDone(entry);
    }
  }

  /** Forgets everything. */
  clear(): void {
    for (const [key, entry] of [...this.entries]) this.evict(key, entry);
  }

  private evict(key: string, entry: Entry<Value>): void {
    this.entries.delete(key);
    entry.evicted = true;
    this.disposeIfDone(entry);
  }

  private disposeIfDone(entry: Entry<Value>): void {
    if (!entry.evicted || entry.users > 0) return;
    void entry.made.then(this.making.dispose, () => undefined);
  }
}
