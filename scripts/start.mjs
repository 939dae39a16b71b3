// `npm start`: installs, builds, and opens a real VS Code with AR Lens on a copy of examples/workspace.
// An installed `code` is used where there is one; else code-server from npm, in the browser. Plain Node.
//   -- --no-open   print the address, open no browser      -- --web    code-server even where `code` is installed
//   -- --port N    code-server's port                      -- --fresh  start over: new copy, new settings
import { spawn } from 'node:child_process';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { updateCopy } from './lib/exampleCopy.mjs';
import { installDependencies } from './lib/install.mjs';
import { root, toolsFolder } from './lib/paths.mjs';
import { codeServer } from './tools/codeServer.mjs';
import { findOnPath, run } from './tools/npm.mjs';
import { startWorkbench } from './tools/workbench.mjs';

const FIRST_FILE = 'notes/water.md';
const PORT = 8421;
const MINIMUM = [1, 100]; // VS Code's version, as package.json's engines say

const { values } = parseArgs({
  options: {
    'no-open': { type: 'boolean', default: false },
    web: { type: 'boolean', default: false },
    port: { type: 'string' },
    fresh: { type: 'boolean', default: false },
  },
});
const say = (line) => console.log(`start: ${line}`);
const home = path.join(toolsFolder, 'start');
const folder = path.join(home, 'workspace');

process.env.AR_LENS_FIRST_LOOK = '1'; // the extension then shows its walkthrough, once

try {
  await installDependencies(say);
  await run(process.execPath, [path.join(root, 'scripts/build.mjs')], { cwd: root });
  if (values.fresh) await rm(home, { recursive: true, force: true });
  await updateCopy(path.join(root, 'examples/workspace'), folder, values.fresh);
  const code = values.web ? undefined : await installedCode();
  await (code ? openCode(code) : openCodeServer());
} catch (error) {
  console.error(`start: ${error.message}`);
  process.exitCode = 1;
}

/** The desktop editor's command, when it is one that can load an extension from a folder. */
async function installedCode() {
  const code = findOnPath('code');
  if (!code || process.env.VSCODE_IPC_HOOK_CLI) return undefined; // inside a remote window `code` only opens files
  const shell = process.platform === 'win32';
  const version = await run(code, ['--version'], { quiet: true, shell }).catch(() => '');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return code;
  say(`the installed \`code\` does not answer as VS Code ${MINIMUM.join('.')} or later: using code-server`);
  return undefined;
}

async function openCode(code) {
  const first = path.join(folder, FIRST_FILE);
  const args = [
    '--new-window',
    `--extensionDevelopmentPath=${root}`,
    '--disable-workspace-trust',
    folder,
    ...((await exists(first)) ? [first] : []),
  ];
  await run(code, args, { shell: process.platform === 'win32' });
  say(`VS Code is open on ${folder} with AR Lens loaded from this folder`);
  hint();
}

async function openCodeServer() {
  const tools = await codeServer(say);
  if (tools.lost) say(`note: ${tools.lost}`);
  const vsix = path.join(home, 'ar-lens.vsix');
  await run(process.execPath, [path.join(root, 'scripts/package.mjs'), '--no-build', '--out', vsix], {
    cwd: root,
    quiet: true,
  });
  const workbench = await startWorkbench({
    ...tools,
    home: path.join(home, 'server'),
    folder,
    vsix,
    port: values.port === undefined ? PORT : Number(values.port),
    // The folder is the project's own copy: trusting it asks nobody anything.
    settings: { 'workbench.startupEditor': 'welcomePage', 'git.openRepositoryInParentFolders': 'never' },
  });
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      say('stopping');
      workbench.stop().then(() => process.exit(0));
    });
  }
  const address = await addressWithFile(workbench);
  say(`VS Code with AR Lens: ${address}`);
  hint();
  say('Ctrl-C ends it');
  if (!values['no-open']) openBrowser(address);
  const code = await workbench.exited;
  if (!stopping)
    throw new Error(
      `code-server ended by itself with ${code}; its log is ${path.join(home, 'server/server.log')}`,
    );
}

async function addressWithFile({ url, port }) {
  const first = path.join(folder, FIRST_FILE);
  if (!(await exists(first))) return url;
  const payload = JSON.stringify([['openFile', `vscode-remote://127.0.0.1:${port}${first}`]]);
  return `${url}&payload=${encodeURIComponent(payload)}`;
}

function hint() {
  say('press F1 and type “AR Lens”: “Annotate Likelihood” colours the open text at once');
  say('the walkthrough opens beside the text; again: F1, “Welcome: Open Walkthrough…”, AR Lens');
}

/** Where no browser can be opened, the printed address is enough. */
function openBrowser(address) {
  const [command, ...args] = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }[process.platform] ?? [
    'xdg-open',
  ];
  const child = spawn(command, [...args, address], { stdio: 'ignore', detached: true });
  child.once('error', () => say('no browser could be opened here: open the address above'));
  child.unref();
}

function exists(file) {
  return stat(file).then(
    () => true,
    () => false,
  );
}
