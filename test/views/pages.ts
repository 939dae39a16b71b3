// Builds the views as the product does and serves them from memory under the product's content security policy,
// with a mock host beside them. What a page asks for beyond its own four files is refused and kept.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { chromium as findChromium } from '../../scripts/tools/chromium.mjs';
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

export type ViewName =
  'attention' | 'inspector' | 'information' | 'sampler' | 'training' | 'likelihood' | 'logProbs';
/** Views whose host says more than one state, and stands in a file of its own. */
const OWN_HOST: ReadonlySet<string> = new Set(['sampler', 'logProbs', 'information']);

export interface OpenPage {
  readonly page: Page;
  /** Console errors, page errors, requests beyond the page's own files. */
  readonly complaints: string[];
}

export class ViewPages {
  private constructor(
    private readonly browser: Browser,
    private readonly files: ReadonlyMap<string, string>,
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
      const contentType = pathname.endsWith('.css')
        ? 'text/css'
        : pathname.endsWith('.js')
          ? 'text/javascript'
          : 'text/html';
      return route.fulfill({ body, contentType: `${contentType}; charset=utf-8` });
    });
    await page.goto(`${ORIGIN}/`);
    await page.waitForSelector('main[data-state]');
    await page.waitForFunction(() => window.harness.settled());
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    // Evaluated by the debugger, outside the page's policy: the audit is no part of the page.
    await page.evaluate(this.files.get('audit.js') ?? '');
    await page.evaluate(this.files.get('savedPicture.js') ?? '');
    return { page, complaints };
  }

  async stop(): Promise<void> {
    await this.browser.close();
    rmSync(this.home, { recursive: true, force: true });
  }
}

async function bundle(): Promise<Map<string, string>> {
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
  } as const;
  const results = await build({
    ...common,
    entryPoints: {
      attention: 'webview/views/attention/main.tsx',
      sampler: 'webview/views/sampler/main.tsx',
      samplerHost: 'test/views/page/samplerHost.ts',
      training: 'webview/views/training/main.tsx',
      likelihood: 'webview/views/likelihood/main.tsx',
      inspector: 'webview/views/inspector/main.tsx',
      logProbs: 'webview/views/logProbs/main.tsx',
      logProbsHost: 'test/views/page/logProbsHost.ts',
      information: 'webview/views/information/main.tsx',
      informationHost: 'test/views/page/informationHost.ts',
      mockHost: 'test/views/page/mockHost.ts',
      audit: 'test/views/page/audit.ts',
      savedPicture: 'test/views/page/savedPicture.ts',
    },
  });
  return new Map(results.outputFiles.map((file) => [path.basename(file.path), file.text]));
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
<script nonce="${NONCE}" src="/${OWN_HOST.has(view) ? `${view}Host` : 'mockHost'}.js"></script>
<script nonce="${NONCE}" src="/${view}.js"></script>
</body>
</html>`;
}
