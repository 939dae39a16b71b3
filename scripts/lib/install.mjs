// Brings node_modules in line with package-lock.json, and does nothing when it is. Plain Node.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { npm } from '../tools/npm.mjs';
import { root } from './paths.mjs';

/**
 * Scripts of dependencies stay off: none is needed (esbuild's binary is a package of its own), and one
 * optional package would download an old TensorFlow, where a setup of the device takes a new one.
 * @param {(line: string) => void} say
 */
export async function installDependencies(say) {
  const reason = await staleness();
  if (!reason) return say('node_modules agrees with package-lock.json');
  say(`npm ci: ${reason}`);
  await npm(['ci', '--ignore-scripts'], { cwd: root, quiet: false });
}

/** Why an install is due, in words, or undefined. */
async function staleness() {
  const installedFile = path.join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return 'nothing is installed yet';
  const wanted = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(await readFile(installedFile, 'utf8')).packages;
  for (const [place, { version, optional }] of Object.entries(wanted)) {
    if (place === '' || (optional && !installed[place])) continue;
    if (installed[place]?.version !== version)
      return `${place} should be ${version}, found ${installed[place]?.version ?? 'none'}`;
  }
  return undefined;
}
