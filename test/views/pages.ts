// Builds the views as the product does and serves them from memory under the product's content security policy,
// with a mock host beside them. What a page asks for beyond its own four files is refused and kept.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { sharedScripts, webviewPlugins } from '../../scripts/lib/webviewPlugins.mjs';
import { chromium as findChromium } from '../../scripts/tools/chromium.mjs';
import type { ViewId } from '../../src/protocol/views';
import type { ThemeFixture } from './themes';

const root = path.resolve(import.meta.dirname, '../..');
const ORIGIN = 'http://views.test';
const NONCE = 'testNonce0123456789';
const POLICY = `default-src 'none'; style-src ${ORIGIN}; script-src 'nonce-${NONCE}'; img-src ${ORIGIN} data:; font-src ${ORIGIN}`;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export type ViewName = ViewId;

/** Every view there is: a folder with an entry. A test page needs no more than that, and a host that knows it. */
export const VIEW_NAMES = readdirSync(path.join(root, 'webview/views')).filter((name) =>
  existsSync(path.join(root, 'webview/views', name, 'main.tsx')),
) as ViewName[];

/** The mock host of a view: `page/<view>Host.ts` where there is one, else the common one. */
const hostOf = (view: string): string =>
  existsSync(path.join(import.meta.dirname, 'page', `${view}Host.ts`)) ? `${view}Host` : 'mockHost';

export interface OpenPage {
  readonly page: Page;
  /** Console errors, page errors, requests beyond the page's own files. */
  readonly complaints: string[];
}

export class ViewPages {
  private constructor(
    private readonly browser: Browser,
    private readonly files: ReadonlyMap<string, Buffer>,
    private readonly home: string,
  ) {}

  static async start(): Promise<ViewPages> {
    const files = await bundle();
    const home = mkdtempSync(path.join(os.tmpdir(), 'ar-lens-views-'));
    const browser = await chromium.launch({
      executablePath: await findChromium(() => undefined),
      args: FLAGS,
      env: {
        ...(process.env as Record<string, string>),
        HOME: home,
        XDG_CONFIG_HOME: home,
        XDG_CACHE_HOME: home,
      },
    });
    return new ViewPages(browser, files, home);
  }

  async open(
    view: ViewName,
    state: string,
    theme: ThemeFixture,
    width: number,
    height = 900,
  ): Promise<OpenPage> {
    const context = await this.browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.route('**/*', async (route) => {
      const { pathname, origin } = new URL(route.request().url());
      const body = pathname === '/' ? html(view, state, theme) : this.files.get(pathname.slice(1));
      if (origin !== ORIGIN || body === undefined) {
        complaints.push(`request for ${route.request().url()}`);
        return route.abort();
      }
      return route.fulfill({
        body,
        contentType: TYPES[path.extname(pathname)] ?? 'text/html; charset=utf-8',
      });
    });
    await page.goto(`${ORIGIN}/`);
    await page.waitForSelector('main[data-state]');
    await page.waitForFunction(() => window.harness.settled());
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    // Evaluated by the debugger, outside the page's policy: the audit is no part of the page.
    for (const script of ['audit.js', 'savedPicture.js'])
      await page.evaluate(this.files.get(script)?.toString('utf8') ?? '');
    return { page, complaints };
  }

  async stop(): Promise<void> {
    await this.browser.close();
    rmSync(this.home, { recursive: true, force: true });
  }
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.woff2': 'font/woff2',
};

async function bundle(): Promise<Map<string, Buffer>> {
  const common = {
    bundle: true,
    write: false,
    absWorkingDir: root,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    outdir: 'out',
    tsconfig: 'webview/tsconfig.json',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
    loader: { '.woff2': 'file' },
    assetNames: '[name]',
    plugins: webviewPlugins,
  } as const;
  const results = await build({
    ...common,
    entryPoints: Object.fromEntries([
      ...VIEW_NAMES.map((view) => [view, `webview/views/${view}/main.tsx`]),
      ...[...VIEW_NAMES.map(hostOf), 'audit', 'savedPicture'].map((name) => [
        name,
        `test/views/page/${name}.ts`,
      ]),
      ...Object.entries(sharedScripts),
    ]) as Record<string, string>,
  });
  return new Map(
    results.outputFiles.map((file) => [path.basename(file.path), Buffer.from(file.contents)] as const),
  );
}

function html(view: ViewName, state: string, theme: ThemeFixture): string {
  const variables = JSON.stringify(theme.variables);
  // VS Code, too, sets the theme's variables by script, through the style API.
  return `<!doctype html>
<html lang="en" data-view="${view}" data-state="${state}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<title>AR Lens</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/${view}.css">
</head>
<body class="${theme.bodyClass}" data-vscode-theme-kind="${theme.kind}" data-view="${view}">
<div id="root"></div>
<script nonce="${NONCE}">for (const [key, value] of Object.entries(${variables})) document.documentElement.style.setProperty(key, value);</script>
<script nonce="${NONCE}" src="/${hostOf(view)}.js"></script>
<script nonce="${NONCE}" src="/${view}.js"></script>
</body>
</html>`;
}
