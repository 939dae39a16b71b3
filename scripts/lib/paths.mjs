// Where things are: one source for every script. Plain Node, no dependency: it runs before `npm ci`.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
/** Everything the end-to-end suite and `npm start` download; ignored by git, safe to delete. */
export const toolsFolder = path.join(root, '.tools');
