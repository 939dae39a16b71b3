// One Chromium for the whole suite, with a proxy that stands between it and the network and refuses everything.
// What the proxy saw is the record of every request that would have left the machine.
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { chromium, type BrowserServer } from 'playwright-core';
import { chromium as findOrInstall } from '../../../scripts/tools/chromium.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
  '--force-color-profile=srgb',
];

/** What Chromium itself asks for, whatever page is open: not the editor's doing, and refused all the same. */
const BROWSERS_OWN =
  /(^|\/\/)(update|content-autofill|optimizationguide-pa|clients\d|safebrowsing)\.(googleapis|google)\.com|(^|\/\/)accounts\.google\.com/;

export interface StartedBrowser {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** @param attempts a file that gets one line for each request that anything in the browser made beyond 127.0.0.1 */
export async function startBrowser(attempts: string): Promise<StartedBrowser> {
  const executablePath = await findOrInstall((line) => console.log(line));
  writeFileSync(attempts, '');
  const proxy = await refusingProxy(attempts);
  const { port } = proxy.address() as AddressInfo;
  const home = mkdtempSync(path.join(os.tmpdir(), 'ar-lens-browser-'));
  const server: BrowserServer = await chromium.launchServer({
    executablePath,
    // '<-loopback>' keeps Chromium from its own exceptions; only this address goes around the proxy.
    args: [...FLAGS, `--proxy-server=127.0.0.1:${port}`, '--proxy-bypass-list=<-loopback>;127.0.0.1'],
    env: { ...stringsOf(process.env), HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
  });
  return {
    endpoint: server.wsEndpoint(),
    async stop() {
      await server.close();
      proxy.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function refusingProxy(attempts: string): Promise<Server> {
  const note = (target = 'unknown'): void => {
    if (!BROWSERS_OWN.test(target)) appendFileSync(attempts, `${target}\n`);
  };
  const server = createServer((request, response) => {
    note(request.url);
    response.writeHead(502).end();
  });
  server.on('connect', (request, socket) => {
    note(request.url);
    socket.end('HTTP/1.1 502 Refused\r\n\r\n');
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

function stringsOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
