// Builds everything the extension and the CLI need into dist/, one line per artefact.
// `node scripts/build.mjs [part…]` builds only the named parts: kernels webgpu tensorflow extension engine cli webview schema notices.
// A part that fails does not stop the others, but the exit code is 1 and the reason is printed.
import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { completionSchema } from './lib/completionSchema.mjs';
import { thirdPartyNotices } from './lib/notices.mjs';
import { formatBytes, formatSeconds } from './lib/format.mjs';
import { root } from './lib/paths.mjs';
import { sharedScripts, webviewPlugins } from './lib/webviewPlugins.mjs';

const dist = path.join(root, 'dist');
const inputs = new Set(); // every file that went into a bundle, for the notices
process.chdir(root);

/** What all bundles share. Names are kept so that a stack in the log can be read. */
const common = {
  bundle: true,
  absWorkingDir: root,
  metafile: true,
  write: true,
  sourcemap: 'linked',
  sourcesContent: false,
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'silent',
  define: { 'process.env.NODE_ENV': '"production"' },
};

const node = {
  ...common,
  platform: 'node',
  target: 'node20',
  mainFields: ['module', 'main'],
  conditions: ['import', 'module', 'default'],
};

// CommonJS dependencies inside an ES module still say `require` and `__dirname`.
const moduleBanner = [
  "import{createRequire as arLensCreateRequire}from'node:module';",
  "import{fileURLToPath as arLensFileUrl}from'node:url';",
  'const require=arLensCreateRequire(import.meta.url);',
  'const __filename=arLensFileUrl(import.meta.url);',
  "const __dirname=arLensFileUrl(new URL('.',import.meta.url));",
].join('');

const webviewOptions = {
  ...common,
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  minifyIdentifiers: true,
  tsconfig: 'webview/tsconfig.json',
  loader: { '.ttf': 'file', '.woff2': 'file', '.svg': 'dataurl' },
  assetNames: '[name]',
  plugins: webviewPlugins,
};

const parts = {
  async kernels() {
    const script = path.join(root, 'scripts/build-kernels.mjs');
    if (!existsSync(script)) throw new Error('scripts/build-kernels.mjs is missing');
    await runNode(script);
    const target = path.join(dist, 'kernels');
    await rm(target, { recursive: true, force: true }); // a native addon of yesterday must not stay
    const isAsset = (file) => !file.endsWith('.stamp');
    await cp(path.join(root, 'build/kernels'), target, { recursive: true, filter: isAsset });
    return filesIn(target);
  },

  /** Dawn for this platform alone, out of a package that brings all five; without it the device says so. */
  async webgpu() {
    const target = path.join(dist, 'webgpu');
    await rm(target, { recursive: true, force: true });
    const arch = process.platform === 'darwin' ? 'universal' : process.arch;
    const source = path.join(root, 'node_modules/webgpu/dist', `${process.platform}-${arch}`);
    if (!existsSync(source)) {
      console.log(
        `webgpu: no Dawn for ${process.platform}-${process.arch}: the device says that it is missing`,
      );
      return [];
    }
    await cp(source, target, { recursive: true });
    await cp(path.join(root, 'node_modules/webgpu/LICENSE.md'), path.join(target, 'LICENSE.md'));
    return filesIn(target);
  },

  /** What setup compiles on a person's machine: the binding's sources and Node's headers, without a download. */
  async tensorflow() {
    const target = path.join(dist, 'tensorflow');
    await rm(target, { recursive: true, force: true });
    const source = path.join(root, 'node_modules/@tensorflow/tfjs-node-gpu/binding');
    if (!existsSync(source)) {
      console.log('tensorflow: its npm package is not installed (npm install brings it): the device says so');
      return [];
    }
    await cp(source, path.join(target, 'binding'), { recursive: true });
    await cp(path.join(root, 'node_modules/node-api-headers/include'), path.join(target, 'headers'), {
      recursive: true,
    });
    return filesIn(target);
  },

  async extension() {
    return bundle({
      ...node,
      entryPoints: { extension: 'src/extension.ts' },
      format: 'cjs',
      external: ['vscode'],
      outExtension: { '.js': '.cjs' },
    });
  },

  async engine() {
    return bundle(engineOptions({ engine: 'src/engine/main.ts', ...(await workerEntries()) }));
  },

  async cli() {
    const entry = 'src/cli/main.ts';
    const options = engineOptions({ cli: entry });
    if (!(await readFile(entry, 'utf8')).startsWith('#!'))
      options.banner.js = `#!/usr/bin/env node\n${moduleBanner}`;
    const files = await bundle(options);
    await linkCommand(path.join(dist, 'cli.mjs'));
    return files;
  },

  async webview() {
    const views = await readdir(path.join(root, 'webview/views'), { withFileTypes: true });
    const made = await bundle({ ...webviewOptions, entryPoints: sharedScripts }, path.join(dist, 'webview'));
    for (const { name } of views.filter((entry) => entry.isDirectory())) {
      const entry = ['index.tsx', 'main.tsx', 'index.ts', 'main.ts']
        .map((file) => `webview/views/${name}/${file}`)
        .find(existsSync);
      if (!entry) throw new Error(`webview/views/${name} has no index.tsx`);
      const files = await bundle(
        { ...webviewOptions, entryPoints: { [name]: entry } },
        path.join(dist, 'webview'),
      );
      const styles = path.join(dist, 'webview', `${name}.css`);
      if (!files.includes(styles)) {
        await writeFile(styles, '');
        files.push(styles);
      }
      made.push(...files);
    }
    return made;
  },

  async schema() {
    // The schema is data made by the engine's own code: bundle that one module, run it, keep what it returns.
    const module = path.join(root, 'build/spec.mjs');
    await build({
      ...engineOptions({}),
      entryPoints: ['src/engine/spec/spec.ts'],
      outfile: module,
      sourcemap: false,
    });
    const { specJsonSchema } = await import(`${pathToFileURL(module).href}?${Date.now()}`);
    const file = path.join(dist, 'spec.schema.json');
    const schema = specJsonSchema();
    await writeFile(file, `${JSON.stringify(schema, null, 2)}\n`);
    const completion = path.join(dist, 'spec.completion.json');
    await writeFile(completion, `${JSON.stringify(completionSchema(schema), null, 2)}\n`);
    return [file, completion];
  },

  async notices() {
    if (inputs.size === 0)
      throw new Error('the notices need the bundles of the same call: build without naming parts');
    const file = path.join(dist, 'THIRD_PARTY_NOTICES.txt');
    await writeFile(file, await thirdPartyNotices(root, inputs));
    return [file];
  },
};

/**
 * TensorFlow.js's Node backend asks for the whole of TensorFlow.js, and for protocol buffers to draw summaries with:
 * it gets the core that everything here stands on, and nothing. A build without the package says so when it is used.
 */
const tfjsNode = {
  name: 'tfjs-node',
  setup({ onResolve, onLoad }) {
    const nothing = { path: 'nothing', namespace: 'tfjs-node' };
    onResolve({ filter: /^@tensorflow\/tfjs$/ }, () => ({ path: 'tfjs', namespace: 'tfjs-node' }));
    onResolve({ filter: /\/proto\/api_pb$/ }, () => nothing);
    onResolve({ filter: /^@tensorflow\/tfjs-node-gpu\// }, () =>
      existsSync(path.join(root, 'node_modules/@tensorflow/tfjs-node-gpu')) ? undefined : nothing,
    );
    onLoad({ filter: /^nothing$/, namespace: 'tfjs-node' }, () => ({ contents: 'module.exports = {};' }));
    // The backend is a function of old JavaScript and calls what it extends as one, which a class refuses.
    onLoad({ filter: /^tfjs$/, namespace: 'tfjs-node' }, () => ({
      contents: `
        import * as core from '@tensorflow/tfjs-core';
        export * from '@tensorflow/tfjs-core';
        export function KernelBackend() {}
        KernelBackend.prototype = Object.create(core.KernelBackend.prototype);`,
      resolveDir: root,
    }));
  },
};

function engineOptions(entryPoints) {
  return {
    ...node,
    entryPoints,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    banner: { js: moduleBanner },
    plugins: [tfjsNode],
    // tfjs-core asks for node-fetch only when something is fetched, and nothing here ever is.
    external: ['node-fetch', 'vscode'],
  };
}

/** Worker threads need a file of their own beside the engine: src/…/name.worker.ts becomes dist/name.worker.mjs. */
async function workerEntries() {
  const files = await readdir(path.join(root, 'src'), { recursive: true });
  const workers = files.filter((file) => /\.worker\.ts$/.test(file));
  return Object.fromEntries(workers.map((file) => [path.basename(file, '.ts'), path.join('src', file)]));
}

/** npm links the commands of dependencies, not the project's own: `npx ar-lens` finds this link at once. */
async function linkCommand(file) {
  await chmod(file, 0o755);
  if (process.platform === 'win32') return; // npm makes its own shim there
  const link = path.join(root, 'node_modules/.bin/ar-lens');
  await rm(link, { force: true });
  await symlink(path.relative(path.dirname(link), file), link);
}

async function bundle(options, folder = dist) {
  const result = await build({ ...options, outdir: folder });
  for (const input of Object.keys(result.metafile.inputs)) inputs.add(input);
  return Object.keys(result.metafile.outputs)
    .filter((file) => !file.endsWith('.map'))
    .map((file) => path.join(root, file));
}

function runNode(script) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${path.basename(script)} ended with ${signal ?? code}`)),
    );
  });
}

async function filesIn(folder) {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

/** esbuild's errors carry a place; everything else is one sentence. */
function describe(error) {
  if (!Array.isArray(error?.errors)) return error?.stack ?? String(error);
  return error.errors
    .map(({ text, location }) =>
      location ? `${location.file}:${location.line}:${location.column}: ${text}` : text,
    )
    .join('\n  ');
}

async function main() {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in parts));
  if (unknown.length > 0) {
    console.error(`build: expected parts among ${Object.keys(parts).join(', ')}; got ${unknown.join(', ')}`);
    return 2;
  }
  if (wanted.length === 0) await rm(path.join(dist, 'webview'), { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  const started = performance.now();
  const failed = [];
  for (const name of wanted.length > 0 ? wanted : Object.keys(parts)) {
    const begun = performance.now();
    try {
      const files = await parts[name]();
      for (const file of files) {
        const { size } = await stat(file);
        console.log(`${path.relative(root, file).padEnd(44)} ${formatBytes(size).padStart(9)}`);
      }
      console.log(`${`  ${name}`.padEnd(44)} ${formatSeconds(performance.now() - begun).padStart(9)}`);
    } catch (error) {
      failed.push(name);
      console.error(`build: ${name} failed:\n  ${describe(error)}`);
    }
  }
  console.log(
    `${failed.length === 0 ? 'built' : `FAILED: ${failed.join(', ')}`} in ${formatSeconds(performance.now() - started)}`,
  );
  return failed.length === 0 ? 0 : 1;
}

process.exitCode = await main();
