// Where AR Lens keeps what belongs to a person and to no workspace: the same folders for the editor and the terminal.
import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Things that are made again when lost. `AR_LENS_CACHE` decides over everything. */
export function cacheFolder(environment: Environment = process.env): string {
  const { AR_LENS_CACHE: named, XDG_CACHE_HOME: cache, LOCALAPPDATA: local } = environment;
  if (named) return named;
  if (process.platform === 'win32')
    return join(local ?? join(homedir(), 'AppData', 'Local'), 'ar-lens', 'cache');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'ar-lens');
  return join(cache ?? join(homedir(), '.cache'), 'ar-lens');
}

/** Things that a person set up. `AR_LENS_DATA` decides over everything. */
export function dataFolder(environment: Environment = process.env): string {
  const { AR_LENS_DATA: named, XDG_DATA_HOME: data, LOCALAPPDATA: local } = environment;
  if (named) return named;
  if (process.platform === 'win32') return join(local ?? join(homedir(), 'AppData', 'Local'), 'ar-lens');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'ar-lens');
  return join(data ?? join(homedir(), '.local', 'share'), 'ar-lens');
}
