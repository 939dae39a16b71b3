// Runs npm and other programs: streamed or captured, with a clean environment. Plain Node.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean, shell?: boolean}} [options] quiet: output only comes with a failure
 */
export function run(command, args, { quiet = false, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
      ...options,
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(output);
      const tail = output.trim().split('\n').slice(-15).join('\n');
      reject(
        new Error(
          `${path.basename(command)} ${args.join(' ')} ended with ${signal ?? code}${tail && `\n${tail}`}`,
        ),
      );
    });
  });
}

/**
 * `npm …` under a chosen node. What `npm test` put into the environment is left out: an inherited
 * npm_config_* would decide over the tools' install, above all `nodedir`, which names the wrong headers.
 */
export function npm(args, { cwd, node = process.execPath, env = {}, quiet = true } = {}) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const settings = {
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
  };
  const merged = {
    ...clean,
    ...settings,
    ...env,
    PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`,
  };
  const cli = npmCli();
  if (cli) return run(node, [cli, ...args], { cwd, env: merged, quiet });
  return run('npm', args, { cwd, env: merged, quiet, shell: process.platform === 'win32' });
}

/** npm's own script, so that the node which runs it is our choice. */
function npmCli() {
  const given = process.env.npm_execpath;
  if (given && /npm-cli\.[cm]?js$/.test(given) && existsSync(given)) return given;
  const found = findOnPath('npm');
  const real = found && realpathSync(found);
  return real?.endsWith('.js') ? real : undefined;
}

/** The first executable of that name on PATH, or undefined. */
export function findOnPath(name) {
  const suffixes = process.platform === 'win32' ? ['.cmd', '.exe', ''] : [''];
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const suffix of suffixes) {
      const file = path.join(folder, name + suffix);
      if (folder && existsSync(file)) return file;
    }
  }
  return undefined;
}
