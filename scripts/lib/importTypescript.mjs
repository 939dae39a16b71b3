// Lets a plain script use a module of src/: bundled in memory, imported, nothing written.
import { build } from 'esbuild';

// What is bundled from CommonJS asks for Node's own modules by `require`, which a module of a data: URL does not have.
const banner = `import { createRequire } from 'node:module';const require = createRequire(${JSON.stringify(import.meta.url)});`;

/** @param {string | URL} path @returns {Promise<Record<string, unknown>>} the module's exports */
export async function importTypescript(path) {
  const { outputFiles } = await build({
    entryPoints: [path instanceof URL ? path.pathname : path],
    bundle: true,
    format: 'esm',
    platform: 'node',
    banner: { js: banner },
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
}
