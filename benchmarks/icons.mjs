// Test bits/dim of the example workspace's pictures in colour, with their standard error over images:
//   node benchmarks/icons.mjs [SPEC]        (icons when absent: examples/workspace/icons.arlens.json)
// Needs `npm run build`. Trains the spec as it stands and scores the pictures that it held out, image by image.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { importTypescript } from '../scripts/lib/importTypescript.mjs';
import { root } from '../scripts/lib/paths.mjs';

const source = (name) => importTypescript(path.join(root, 'src', name));
const { parseSpec } = await source('engine/spec/spec.ts');
const { prepareImageData } = await source('engine/images/imageData.ts');
const { mean, standardError } = await source('math/statistics.ts');

const workspace = path.join(root, 'examples/workspace');
const spec = path.join(workspace, `${process.argv[2] ?? 'icons'}.arlens.json`);
const run = path.join(await mkdtemp(path.join(tmpdir(), 'ar-lens-icons-')), 'run');
const began = performance.now();
arLens('inherit', 'train', spec, '--out', run);
const minutes = (performance.now() - began) / 60_000;
const { perImage, likelihood } = JSON.parse(
  arLens('pipe', 'score', '--model', run, '--file', path.join(workspace, 'icons'), '--json'),
);
const held = (await heldOut()).map((image) => perImage[image].bitsPerDim);
console.log(
  `${mean(held).toFixed(4)} ± ${standardError(held).toFixed(4)} bits/dim (${likelihood}; standard error over images), ` +
    `N = ${held.length} images, D = ${perImage[0].count}, trained in ${minutes.toFixed(1)} min, in ${run}`,
);

/** Which pictures the run never trained on. */
async function heldOut() {
  const { data, train, model } = parseSpec(await readFile(spec, 'utf8')).spec;
  const { seed } = train;
  const prepared = await prepareImageData(data, { spec, workspace, seed, classes: model.classes ?? 0 });
  await prepared.close();
  return [...prepared.validation.indices];
}

function arLens(output, ...words) {
  const options = { stdio: ['ignore', output, 'inherit'], maxBuffer: 2 ** 28, encoding: 'utf8' };
  const program = path.join(root, 'dist/cli.mjs');
  const { status, stdout } = spawnSync(process.execPath, [program, ...words], options);
  if (status !== 0) throw new Error(`ar-lens ${words[0]} ended with ${status}`);
  return stdout;
}
