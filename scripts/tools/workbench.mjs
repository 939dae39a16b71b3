// Starts code-server on the loopback address with folders of its own, and ends everything it started. Plain Node.
// Serves `npm start` and the end-to-end suite; types in workbench.d.mts.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './npm.mjs';

/** No telemetry, no update, no gallery, no assistant: nothing here asks the network for anything. */
export const QUIET_SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.settings.enableNaturalLanguageSearch': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'typescript.disableAutomaticTypeAcquisition': true,
  'json.schemaDownload.enable': false,
  'npm.fetchOnlinePackageInfo': false,
};

export async function startWorkbench({
  node,
  entry,
  home,
  folder,
  vsix,
  settings = {},
  trust = 'off',
  env = {},
  port,
}) {
  const user = path.join(home, 'data/User');
  await mkdir(user, { recursive: true });
  await mkdir(path.join(home, 'tmp'), { recursive: true });
  await writeFile(path.join(home, 'config.yaml'), '');
  const settingsFile = path.join(user, 'settings.json');
  if (!existsSync(settingsFile))
    await writeFile(settingsFile, JSON.stringify({ ...QUIET_SETTINGS, ...settings }, null, 2));

  const common = [
    '--config',
    path.join(home, 'config.yaml'),
    '--user-data-dir',
    path.join(home, 'data'),
    '--extensions-dir',
    path.join(home, 'extensions'),
  ];
  const environment = cleanEnvironment(home, env);
  if (vsix)
    await run(node, [entry, ...common, '--install-extension', vsix, '--force'], {
      env: environment,
      quiet: true,
    });

  const chosen = await freePort(port);
  const logFile = path.join(home, 'server.log');
  const log = openSync(logFile, 'a');
  const args = [
    ...common,
    ...['--auth', 'none', '--bind-addr', `127.0.0.1:${chosen}`],
    ...[
      '--disable-telemetry',
      '--disable-update-check',
      '--disable-getting-started-override',
      '--disable-proxy',
      '--ignore-last-opened',
    ],
    ...(trust === 'off' ? ['--disable-workspace-trust'] : []),
  ];
  const child = spawn(node, [entry, ...args], {
    env: environment,
    stdio: ['ignore', log, log],
    detached: process.platform !== 'win32',
  });
  closeSync(log);
  const end = (signal) => {
    try {
      process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal);
    } catch {
      // already gone
    }
  };
  process.once('exit', () => end('SIGKILL'));

  const base = `http://127.0.0.1:${chosen}`;
  const deadline = Date.now() + 60_000;
  while ((await status(`${base}/healthz`)) !== 200) {
    if (child.exitCode !== null)
      throw new Error(
        `code-server ended with ${child.exitCode}: ${(await readFile(logFile, 'utf8')).slice(-2000)}`,
      );
    if (Date.now() > deadline)
      throw new Error(`code-server did not answer within 60 seconds; its log is ${logFile}`);
    await sleep(100);
  }
  return {
    port: chosen,
    base,
    pid: child.pid,
    url: `${base}/?folder=${encodeURIComponent(folder)}`,
    settingsFile,
    logs: path.join(home, 'data/logs'),
    exited: new Promise((resolve) => child.once('exit', (code) => resolve(code))),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      end('SIGTERM');
      await Promise.race([gone, sleep(5000, undefined, { ref: false })]);
      end('SIGKILL');
    },
  };
}

/** What the surrounding session set must not decide here: no inherited VSCODE_*, npm_* or server settings. */
function cleanEnvironment(home, env) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|npm_|CODE_SERVER|ELECTRON_|PORT$|PASSWORD|NODE_OPTIONS$|VITEST)/i.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    XDG_CONFIG_HOME: path.join(home, 'config'),
    XDG_DATA_HOME: path.join(home, 'share'),
    XDG_CACHE_HOME: path.join(home, 'cache'),
    TMPDIR: path.join(home, 'tmp'),
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    ...env,
  };
}

/** The wanted port where it is free, else any. */
function freePort(wanted = 0) {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', (error) => (wanted === 0 ? reject(error) : resolve(freePort())));
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function status(url) {
  return new Promise((resolve) => {
    const request = http.get(url, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once('error', () => resolve(0));
    request.setTimeout(2000, () => request.destroy());
  });
}
