// Writes the folders that golden.py loads: `node test/golden/tokenizers/write.mjs`.
// Run it again when the files' layout changes, then golden.py.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const here = new URL('.', import.meta.url);
const { outputFiles } = await build({
  entryPoints: [new URL('../../../src/data/tokenizer.ts', here).pathname],
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
});
const code = Buffer.from(outputFiles[0].text).toString('base64');
const { byteTokenizer, characterTokenizer } = await import(`data:text/javascript;base64,${code}`);

const { training } = JSON.parse(await readFile(new URL('cases.json', here), 'utf8'));
for (const [name, tokenizer] of [
  ['byte', byteTokenizer()],
  ['character', characterTokenizer(training)],
]) {
  const folder = new URL(`../values/tokenizers/${name}/`, here);
  await mkdir(folder, { recursive: true });
  const files = tokenizer.files();
  await writeFile(new URL('tokenizer.json', folder), `${JSON.stringify(files.tokenizer, null, 2)}\n`);
  await writeFile(
    new URL('tokenizer_config.json', folder),
    `${JSON.stringify(files.tokenizerConfig, null, 2)}\n`,
  );
}
