// Trains the small models of values/models/ours and writes their folders; make.py runs this between its other steps.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { tmpdir } from 'node:os';
import { build } from 'esbuild';

const here = new URL('.', import.meta.url);
const scratch = await mkdtemp(join(tmpdir(), 'ar-lens-golden-'));
try {
  const outfile = join(scratch, 'write.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('writeOurs.ts', here))],
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    outfile,
  });
  const { writeOurs } = await import(pathToFileURL(outfile).href);
  await writeOurs(fileURLToPath(new URL('../values/models/', here)));
} finally {
  await rm(scratch, { recursive: true });
}
