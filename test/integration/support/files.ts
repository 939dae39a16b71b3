// The few file questions that the integration tests ask.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export { existsSync, statSync };

/** Every file below `folder` with this ending, tests left out. */
export function globSync(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.endsWith(`.test${ending}`))
    .map((name) => join(folder, name));
}
