// Lets a plain script use a module of src/: bundled in memory, imported, nothing written.
import { build } from 'esbuild';

/** @param {string | URL} path @returns {Promise<Record<string, unknown>>} the module's exports */
export async function importTypescript(path) {
  const { outputFiles } = await build({
    entryPoints: [path instanceof URL ? path.pathname : path],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
}
