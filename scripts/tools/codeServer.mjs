// Installs code-server (a real VS Code workbench, served to a browser) from npm into .tools/. Plain Node.
// Its own postinstall builds nine native modules; only two matter here, so scripts stay off and those two are rebuilt.
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { toolsFolder } from '../lib/paths.mjs';
import { node24 } from './node24.mjs';
import { findOnPath, npm, run } from './npm.mjs';

const VERSION = '4.139.1';

/**
 * Idempotent: a finished install is recognised by its mark and costs nothing.
 * @param {(line: string) => void} say
 * @returns {Promise<{node: string, entry: string, lost: string | undefined}>} lost: what does not work, in one sentence
 */
export async function codeServer(say) {
  const { node, headers } = await node24(say);
  const folder = path.join(toolsFolder, 'code-server');
  const home = path.join(folder, 'node_modules/code-server');
  const entry = path.join(home, 'out/node/entry.js');
  const mark = path.join(folder, `.installed-${VERSION}`);
  const vscode = path.join(home, 'lib/vscode');
  if (!existsSync(mark)) {
    say(`installing code-server ${VERSION} from npm (some 900 MB on disk, a minute or two)`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'package.json'), '{"private":true}\n');
    await npm(['install', '--ignore-scripts', '--no-save', '--no-package-lock', `code-server@${VERSION}`], {
      cwd: folder,
      node,
    });
    say("installing VS Code's own modules");
    for (const inner of [vscode, path.join(vscode, 'extensions')]) {
      await npm(['install', '--omit=dev', '--ignore-scripts', '--no-audit'], { cwd: inner, node });
    }
    await rebuildAddons(vscode, node, headers, say);
    await writeFile(mark, `${new Date().toISOString()}\n`);
  }
  const lost = (await addonsLoad(vscode, node))
    ? undefined
    : 'output channels and log files stay empty, since @vscode/spdlog could not be compiled';
  return { node, entry, lost };
}

async function rebuildAddons(vscode, node, headers, say) {
  if (await addonsLoad(vscode, node)) return;
  const compiler = findOnPath('c++') ?? findOnPath('g++') ?? findOnPath('clang++');
  if (!compiler || !findOnPath('make') || !findOnPath('python3') || !headers) {
    say('no C++ compiler, make, python3 or headers: spdlog and native-watchdog stay unbuilt');
    return;
  }
  say('compiling @vscode/spdlog and @vscode/native-watchdog');
  try {
    // The headers must be those of the node above, whatever the user's .npmrc says.
    await npm(['rebuild', '@vscode/spdlog', '@vscode/native-watchdog'], {
      cwd: vscode,
      node,
      env: { npm_config_nodedir: headers },
    });
  } catch (error) {
    say(`the two addons did not compile: ${error.message.split('\n')[0]}`);
  }
}

async function addonsLoad(vscode, node) {
  const script = "require('@vscode/spdlog');require('@vscode/native-watchdog')";
  return run(node, ['-e', script], { cwd: vscode, quiet: true }).then(
    () => true,
    () => false,
  );
}
