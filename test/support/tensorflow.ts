// The tensorflow device for the tests: what `npm test` set up under .tools, and the core that its npm package gets.
import { createRequire, Module } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readInstallation, type Installation } from '../../src/engine/tensorflow/installation';

/** Where scripts/tools/tensorflow.mjs sets it up. */
export const TEST_DATA = fileURLToPath(new URL('../../.tools/data', import.meta.url));

/** @returns the installation, or why there is none, in a sentence */
export async function testInstallation(): Promise<Installation | { readonly missing: string }> {
  process.env['AR_LENS_DATA'] = TEST_DATA;
  const found = await readInstallation();
  if ('missing' in found) return found;
  onOneCore();
  return found;
}

/** A build gives the package the core alone; here the whole of TensorFlow.js would register its backends again. */
function onOneCore(): void {
  const require = createRequire(import.meta.url);
  const id = require.resolve('@tensorflow/tfjs', {
    paths: [path.dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json'))],
  });
  const whole = new Module(id);
  whole.exports = require('@tensorflow/tfjs-core') as unknown;
  whole.loaded = true;
  require.cache[id] = whole;
}
