// Trains the run that examples/workspace ships, so that annotating works at once: `node scripts/make-example-run.mjs`.
// Needs `npm run build`. The optimizer's state is left out (it only serves to resume), which keeps the run under 2 MB.
import { spawn } from 'node:child_process';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { root } from './lib/paths.mjs';

const workspace = path.join(root, 'examples/workspace');
const spec = path.join(workspace, 'almanac.arlens.json');
const run = path.join(workspace, '.arlens/runs/almanac/example');
const LARGEST_BYTES = 2_000_000;

await rm(run, { recursive: true, force: true });
const began = performance.now();
await cli(['train', spec, '--out', run]);
const seconds = (performance.now() - began) / 1000;
await rm(path.join(run, 'optimizer.safetensors'));

const bytes = await sizeOf(run);
const record = JSON.parse(await readFile(path.join(run, 'run.json'), 'utf8'));
const { bits, count, unit, badge } = record.validation;
console.log(
  `${record.parameters} parameters, ${record.steps} steps in ${seconds.toFixed(0)} s on ${record.device}: ` +
    `validation ${bits.toFixed(4)} bits/${unit} over ${count} ${unit}s (${badge}); ${bytes} bytes in all.`,
);
if (bytes > LARGEST_BYTES) {
  console.error(`expected a run of at most ${LARGEST_BYTES} bytes, got ${bytes}`);
  process.exitCode = 1;
}

function cli(words) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(root, 'dist/cli.mjs'), ...words], { stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`ar-lens ${words[0]} ended with ${code}`)),
    );
  });
}

async function sizeOf(folder) {
  let total = 0;
  for (const name of await readdir(folder, { recursive: true })) {
    const entry = await stat(path.join(folder, name));
    if (entry.isFile()) total += entry.size;
  }
  return total;
}
