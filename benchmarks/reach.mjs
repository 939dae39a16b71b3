// How long the dependency closure takes: node benchmarks/reach.mjs. A stack of A7 and 59 layers of B3 on 28 × 28.
import path from 'node:path';
import { importTypescript } from '../scripts/lib/importTypescript.mjs';

const source = (name) => path.join(import.meta.dirname, '..', 'src', name);
const { Closure } = await importTypescript(source('analysis/reach/closure.ts'));
const { rasterMask } = await importTypescript(source('nn/convolutionMask.ts'));

const layers = 60;
const graph = {
  nodes: Array.from({ length: layers }, (_, index) => ({
    id: index === layers - 1 ? 'output' : `layer${index}`,
    title: '',
    parameters: 0,
    inputs: [
      {
        from: index === 0 ? 'input' : `layer${index - 1}`,
        taps: { kind: 'grid', ...(index === 0 ? rasterMask(7, 'A') : rasterMask(3, 'B')) },
      },
    ],
  })),
};
const closure = new Closure(graph, { height: 28, width: 28, channels: 1 });

const time = (work) => {
  const began = performance.now();
  work();
  return performance.now() - began;
};
const all = () => {
  for (let output = 0; output < 784; output++) closure.of(output);
};
const first = time(() => closure.of(14 * 28 + 14));
const runs = Array.from({ length: 7 }, () => time(all)).sort((a, b) => a - b);
console.log(`one output, the first call:  ${first.toFixed(2)} ms (target: under 5)`);
console.log(`one output, among many:      ${(runs[3] / 784).toFixed(3)} ms`);
console.log(`all 784 outputs, median of 7: ${runs[3].toFixed(1)} ms (target: under 50)`);
