// Finds a Chromium for the browser tests, or installs one by the system's package manager. Plain Node.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { findOnPath, run } from './npm.mjs';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'msedge',
  'microsoft-edge',
];
const PLACES = [
  '/usr/bin/chromium',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
  'C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe',
];

/** The browser's path, or undefined. AR_LENS_CHROMIUM decides over everything. */
export async function findChromium() {
  const named =
    process.env.AR_LENS_CHROMIUM ??
    process.env.PLAYWRIGHT_CHROMIUM_EXECUTABLE_PATH ??
    process.env.CHROME_PATH;
  if (named) {
    if (!existsSync(named))
      throw new Error(`the environment names ${named} as the browser, but there is no such file`);
    return named;
  }
  return (
    NAMES.map(findOnPath).find(Boolean) ?? PLACES.find((file) => existsSync(file)) ?? (await fromPlaywright())
  );
}

/**
 * @param {(line: string) => void} say
 * @returns {Promise<string>} the browser's path
 * @throws one sentence on what to install
 */
export async function chromium(say) {
  const found = await findChromium();
  if (found) return found;
  const apt = process.platform === 'linux' && findOnPath('apt-get');
  const prefix = apt ? await rootPrefix() : undefined;
  if (!prefix) {
    throw new Error('no Chromium or Chrome found: install one, or name it in AR_LENS_CHROMIUM');
  }
  say(`installing Debian's chromium with ${[...prefix, 'apt-get'].join(' ')}`);
  const command = [
    ...prefix,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-o',
    'DPkg::Lock::Timeout=300',
    '-qq',
  ];
  const [program, ...args] = command;
  await run(program, [...args, 'update'], { quiet: true });
  await run(program, [...args, 'install', '-y', '--no-install-recommends', 'chromium'], { quiet: true });
  const installed = await findChromium();
  if (!installed)
    throw new Error('apt-get installed chromium, but no browser can be found: name it in AR_LENS_CHROMIUM');
  return installed;
}

/** [] as root, sudo where it asks for no password, undefined otherwise. */
async function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  if (!findOnPath('sudo')) return undefined;
  return run('sudo', ['-n', 'true'], { quiet: true }).then(
    () => ['sudo', '-n'],
    () => undefined,
  );
}

/** A browser that `npx playwright install chromium` left in its cache. */
async function fromPlaywright() {
  const cache =
    process.env.PLAYWRIGHT_BROWSERS_PATH ??
    path.join(
      os.homedir(),
      process.platform === 'darwin' ? 'Library/Caches/ms-playwright' : '.cache/ms-playwright',
    );
  if (!existsSync(cache)) return undefined;
  const folders = (await readdir(cache))
    .filter((name) => name.startsWith('chromium-'))
    .sort()
    .reverse();
  const inside = [
    'chrome-linux/chrome',
    'chrome-linux64/chrome',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
    'chrome-win/chrome.exe',
  ];
  return folders
    .flatMap((folder) => inside.map((file) => path.join(cache, folder, file)))
    .find((file) => existsSync(file));
}
