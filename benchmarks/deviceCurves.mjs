// Draws docs/deviceCurves.svg: one spec trained on all four devices. After `npm run build`:
//   node benchmarks/deviceCurves.mjs
// Devices that cannot run here are said and left out. Software Vulkan: name its files in the environment, as
//   VK_DRIVER_FILES=/usr/lib/chromium/vk_swiftshader_icd.json LD_LIBRARY_PATH=/usr/lib/chromium
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.join(import.meta.dirname, '..');
const cli = path.join(root, 'dist/cli.mjs');
const run = promisify(execFile);
const STEPS = 100;
const DEVICES = ['cpu', 'simd', 'tensorflow', 'webgpu'];

const folder = await mkdtemp(path.join(tmpdir(), 'ar-lens-curves-'));
try {
  const text = await readFile(path.join(root, 'examples/workspace/shakespeare.txt'), 'utf8');
  await writeFile(path.join(folder, 'a.txt'), text.slice(0, 20_000));
  const spec = path.join(folder, 'curves.arlens.json');
  const train = { steps: STEPS, batchSize: 4, learningRate: 0.005, warmupSteps: 10, seed: 7 };
  const rest = { evaluateEvery: STEPS, evaluateTokens: 64, sampleEvery: 0, checkpointEvery: STEPS };
  await writeFile(
    spec,
    JSON.stringify({
      family: 'transformer',
      model: { layers: 2, heads: 2, width: 16, contextLength: 16, dropout: 0.1 },
      data: { source: 'a.txt', tokenizer: 'character' },
      train: { ...train, ...rest },
    }),
  );
  const { devices } = JSON.parse((await run(process.execPath, [cli, 'devices', '--json'])).stdout);
  const curves = new Map();
  for (const id of DEVICES) {
    const { available, reason } = devices.find((device) => device.id === id);
    if (!available) console.log(`${id} is left out: ${reason}`);
    else curves.set(id, await losses(spec, id));
  }
  await writeFile(path.join(root, 'docs/deviceCurves.svg'), draw(curves));
  for (const [id, curve] of curves) {
    const far = Math.max(...curve.map((loss, step) => Math.abs(loss - curves.get('cpu')[step])));
    console.log(
      `${id.padEnd(11)} last ${curve.at(-1).toFixed(4)} nats, at most ${far.toExponential(1)} from cpu`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function losses(spec, device) {
  const words = ['train', spec, '--device', device, '--json', '--out', path.join(path.dirname(spec), device)];
  const { stdout } = await run(process.execPath, [cli, ...words], { maxBuffer: 2 ** 26 });
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return events.filter(({ type }) => type === 'step').map(({ loss }) => loss);
}

/** The curves over one another, and below how far each is from cpu's, on a logarithmic scale. */
function draw(curves) {
  const [width, left, right] = [720, 70, 700];
  const reference = curves.get('cpu');
  const x = (step) => left + ((right - left) * step) / (STEPS - 1);
  const top = Math.ceil(Math.max(...reference));
  const bottom = Math.floor(Math.min(...reference));
  const y = (loss) => 30 + (220 * (top - loss)) / (top - bottom);
  const [low, high] = [-8, -1];
  const far = (value) => 300 + (150 * (high - Math.log10(Math.max(value, 10 ** low)))) / (high - low);
  const colours = { cpu: '#444444', simd: '#0b66c3', tensorflow: '#b45309', webgpu: '#15803d' };
  const dashes = { cpu: '', simd: '9 5', tensorflow: '4 4', webgpu: '1 5' };
  const line = (id, values, at, more) =>
    `<polyline fill="none" stroke="${colours[id]}" stroke-width="1.6" ${more} points="${values.map((value, step) => `${x(step).toFixed(1)},${at(value).toFixed(1)}`).join(' ')}"/>`;
  const text = (content, at, height, anchor = 'end') =>
    `<text x="${at}" y="${height}" text-anchor="${anchor}">${content}</text>`;
  const rule = (height) =>
    `<line x1="${left}" x2="${right}" y1="${height}" y2="${height}" stroke="#d4d4d4"/>`;
  const ticks = [];
  for (let loss = bottom; loss <= top; loss++)
    ticks.push(rule(y(loss)), text(String(loss), left - 8, y(loss) + 4));
  for (let power = low; power <= high; power++)
    ticks.push(
      rule(far(10 ** power)),
      text(`10<tspan dy="-4" font-size="9">${power}</tspan>`, left - 8, far(10 ** power) + 4),
    );
  for (let step = 0; step <= STEPS; step += 25)
    ticks.push(text(String(step), x(Math.max(0, step - 1)), 470, 'middle'));
  const names = [...curves.keys()].map((id, index) => {
    const at = 430 + 70 * index;
    return `<line x1="${at}" x2="${at + 24}" y1="48" y2="48" stroke="${colours[id]}" stroke-width="2" stroke-dasharray="${dashes[id]}"/>${text(id, at, 40, 'start')}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} 490" role="img" aria-labelledby="title" font-family="sans-serif" font-size="12">
<title id="title">Training loss of one spec on ${[...curves.keys()].join(', ')}, and its distance from cpu</title>
<rect width="${width}" height="490" fill="#ffffff"/>
<g fill="#333333">
${text('loss of each step, nats per character', left, 20, 'start')}
${text('distance from cpu, nats per character', left, 290, 'start')}
${text('step', right, 485)}
${ticks.join('\n')}
${names.join('\n')}
</g>
${[...curves].map(([id, curve]) => line(id, curve, y, `stroke-dasharray="${dashes[id]}"`)).join('\n')}
${[...curves]
  .filter(([id]) => id !== 'cpu')
  .map(([id, curve]) =>
    line(
      id,
      curve.map((loss, step) => Math.abs(loss - reference[step])),
      far,
      'stroke-opacity="0.8"',
    ),
  )
  .join('\n')}
</svg>
`;
}
