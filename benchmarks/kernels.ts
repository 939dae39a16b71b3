// Times the simd device: a GPT train step per instruction set and thread count, products of matrices, call overhead,
// with PyTorch's step of the same model in the same run where a python that has it is named.
// Run: npx esbuild benchmarks/kernels.ts --bundle --platform=node --main-fields=module,main \
//   --outfile=build/benchKernels.cjs && node build/benchKernels.cjs [--torch python]
import { matMul, memory, ones, setBackend, tidy } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import { registerSimd, type SimdOptions } from '../src/kernels/simdDevice';
import { makeTrainer } from './kernelsModel';
import { torchStep } from './kernelsTorch';

const builds: SimdOptions[] = [
  ...(['avx512', 'avx2', 'neon', 'baseline', 'wasm-relaxed', 'wasm'] as const).flatMap((instructionSet) =>
    [2, 1].map((threads) => ({ instructionSet, threads })),
  ),
];

async function main(): Promise<void> {
  const at = process.argv.indexOf('--torch');
  const torch = new Map<number, number>();
  for (const threads of at > 0 ? [2, 1] : []) {
    const milliseconds = torchStep(process.argv[at + 1] ?? 'python3', threads);
    torch.set(threads, milliseconds);
    console.log(`PyTorch ${threads} threads: step min ${milliseconds.toFixed(1)} ms`);
  }
  for (const options of builds) {
    try {
      await registerSimd(options);
    } catch (error) {
      if (options.threads === 1)
        console.log(String(error instanceof Error ? error.message : error).slice(0, 160));
      continue;
    }
    await setBackend('simd');
    const { step } = makeTrainer(seeded(1));
    const before = memory().numTensors;
    const first = step();
    const times = timed(step, 40);
    const last = step();
    if (memory().numTensors !== before) throw new Error('a train step leaks tensors');
    const product = (n: number) => {
      const [a, b] = [ones([n, n]), ones([n, n])];
      const { minimum } = timed(() => tidy(() => void matMul(a, b)), 10);
      return (2 * n ** 3) / minimum / 1e6;
    };
    const one = ones([1]);
    const overhead = timed(
      () =>
        tidy(() => {
          for (let i = 0; i < 1000; i++) one.add(one).dispose();
        }),
      20,
    ).minimum;
    const peer = torch.get(options.threads ?? 0);
    const ratio = peer ? ` (${(times.minimum / peer).toFixed(2)} of PyTorch)` : '';
    console.log(
      `${options.instructionSet} ${options.threads} threads: step min ${times.minimum.toFixed(1)} ms${ratio}, median ${times.median.toFixed(1)} ms, ` +
        `loss ${first.toFixed(3)} → ${last.toFixed(3)}; matMul 512³ ${product(512).toFixed(0)}, 1024³ ${product(1024).toFixed(0)} GFLOPS; ` +
        `one tf.add of one element ${overhead.toFixed(2)} µs`,
    );
  }
}

void main();

function timed(work: () => unknown, count: number): { minimum: number; median: number } {
  for (let i = 0; i < 3; i++) work();
  const times = Array.from({ length: count }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return { minimum: times[0] ?? 0, median: times[count >> 1] ?? 0 };
}

function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
