// Bundles and runs benchmarks/kernels.ts, with relaxed SIMD switched on where this Node hides it.
import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';

const outfile = 'build/benchKernels.mjs';
await build({
  entryPoints: ['benchmarks/kernels.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  mainFields: ['module', 'main'],
  // Both tfjs and the Emscripten code of its wasm backend expect CommonJS's names.
  banner: {
    js: `import * as nodeModule from 'node:module';
import * as nodePath from 'node:path';
const require = nodeModule.createRequire(import.meta.url);
const __filename = require.resolve('@tensorflow/tfjs-backend-wasm');
const __dirname = nodePath.dirname(__filename);`,
  },
  outfile,
  logLevel: 'error',
});
const flags = Number(process.versions.node.split('.')[0]) < 22 ? ['--experimental-wasm-relaxed-simd'] : [];
process.exit(spawnSync(process.execPath, [...flags, outfile], { stdio: 'inherit' }).status ?? 1);
