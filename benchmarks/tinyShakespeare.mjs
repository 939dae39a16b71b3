// nanoGPT's CPU configuration on Tiny Shakespeare: node benchmarks/tinyShakespeare.mjs PATH/TO/tinyshakespeare.txt [SEED]
// Needs `npm run build`. Trains in a temporary folder, then scores the held-out tenth twice: with the default stride
// (every token sees at least half a window), and block by block, which is how nanoGPT's own figure was measured.
import { spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const [source, seed = '1337'] = process.argv.slice(2);
if (source === undefined) {
  console.error('node benchmarks/tinyShakespeare.mjs: expected the path of tinyshakespeare.txt, got nothing');
  process.exit(2);
}
const program = path.join(import.meta.dirname, '..', 'dist', 'cli.mjs');
const folder = await mkdtemp(path.join(tmpdir(), 'ar-lens-shakespeare-'));
const file = (name) => path.join(folder, name);
await copyFile(source, file('tinyshakespeare.txt'));
const text = await readFile(source, 'utf8');
await writeFile(file('held-out.txt'), text.slice(Math.floor(0.9 * text.length)));
await writeFile(
  file('shakespeare.arlens.json'),
  JSON.stringify({
    family: 'transformer',
    model: { layers: 4, heads: 4, width: 128, contextLength: 64, dropout: 0 },
    data: { source: 'tinyshakespeare.txt', tokenizer: 'character', validation: 0.1 },
    train: {
      steps: 2000,
      batchSize: 12,
      learningRate: 0.001,
      decayTo: 0.1,
      warmupSteps: 100,
      beta2: 0.99,
      weightDecay: 0.1,
      seed: Number(seed),
    },
  }),
);

const began = performance.now();
arLens('inherit', 'train', file('shakespeare.arlens.json'), '--out', file('run'));
console.log(`trained in ${((performance.now() - began) / 1000).toFixed(0)} s in ${folder}`);
for (const stride of [32, 63]) {
  const answer = JSON.parse(
    arLens(
      'pipe',
      'score',
      '--model',
      file('run'),
      '--file',
      file('held-out.txt'),
      '--stride',
      `${stride}`,
      '--json',
    ),
  );
  const { nll, scored, likelihood } = answer;
  console.log(
    `stride ${stride}: ${(nll / scored).toFixed(4)} nats/character over ${scored} characters (${likelihood})`,
  );
}

function arLens(output, ...words) {
  const options = { stdio: ['ignore', output, 'inherit'], maxBuffer: 2 ** 28, encoding: 'utf8' };
  const { status, stdout } = spawnSync(process.execPath, [program, ...words], options);
  if (status !== 0) throw new Error(`ar-lens ${words[0]} ended with ${status}`);
  return stdout;
}
