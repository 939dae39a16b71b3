// Test bits/dim of the example workspace's pictures in colour, with the standard error over images:
//   node benchmarks/icons.mjs [SPEC]        (icons when absent: examples/workspace/icons.arlens.json)
// Needs `npm run build`. Trains the spec on four pictures of five, and scores every fifth, which it never saw.
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'jsonc-parser';

const root = path.join(import.meta.dirname, '..');
const workspace = path.join(root, 'examples/workspace');
const name = process.argv[2] ?? 'icons';
const folder = await mkdtemp(path.join(tmpdir(), 'ar-lens-icons-'));
const file = (relative) => path.join(folder, relative);

const pictures = (await readdir(path.join(workspace, 'icons'), { recursive: true }))
  .filter((each) => each.endsWith('.png'))
  .sort();
for (const [at, picture] of pictures.entries())
  await cp(path.join(workspace, 'icons', picture), file(`${at % 5 === 0 ? 'test' : 'train'}/${picture}`));
const spec = parse(await readFile(path.join(workspace, `${name}.arlens.json`), 'utf8'));
const data = { ...spec.data, source: 'train', validation: 'test' };
await writeFile(file('icons.arlens.json'), JSON.stringify({ ...spec, data }));

const began = performance.now();
arLens('inherit', 'train', file('icons.arlens.json'), '--out', file('run'));
const minutes = (performance.now() - began) / 60_000;
const answer = JSON.parse(arLens('pipe', 'score', '--model', file('run'), '--file', file('test'), '--json'));
console.log(
  `${answer.bitsPerDim.toFixed(4)} ± ${answer.standardError.toFixed(4)} bits/dim (${answer.likelihood}; standard error over images), ` +
    `N = ${answer.images} images, D = ${answer.count / answer.images}, ${spec.train.steps} steps in ${minutes.toFixed(1)} min, in ${folder}`,
);

function arLens(output, ...words) {
  const options = { stdio: ['ignore', output, 'inherit'], maxBuffer: 2 ** 28, encoding: 'utf8' };
  const program = path.join(root, 'dist/cli.mjs');
  const { status, stdout } = spawnSync(process.execPath, [program, ...words], options);
  if (status !== 0) throw new Error(`ar-lens ${words[0]} ended with ${status}`);
  return stdout;
}
