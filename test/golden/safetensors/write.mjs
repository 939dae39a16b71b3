// Rewrites ours.safetensors from python.safetensors: `node test/golden/safetensors/write.mjs`, then golden.py checks it.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const place = (name) => fileURLToPath(new URL(name, import.meta.url));
const { outputFiles } = await build({
  entryPoints: [place('../../../src/formats/safetensors.ts')],
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
});
const code = Buffer.from(outputFiles[0].text).toString('base64');
const { readSafetensors, safetensorsChunks } = await import(`data:text/javascript;base64,${code}`);
const { tensors, metadata } = await readSafetensors(place('../values/safetensors/python.safetensors'));
await writeFile(
  place('../values/safetensors/ours.safetensors'),
  Buffer.concat(safetensorsChunks(tensors, metadata)),
);
