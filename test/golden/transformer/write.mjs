// Trains the small model of values/transformer/ours and writes its folder; make.py runs this first.
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
  await writeOurs(fileURLToPath(new URL('../values/transformer/ours/', here)));
} finally {
  await rm(scratch, { recursive: true });
}
