// Times the simd device build by build, in one run: the training step that the product takes, products of matrices,
// the cost of a call; beside it tfjs's own wasm backend, and PyTorch where AR_LENS_PYTHON (or python3) has it.
// Run on a quiet machine: node scripts/bench-kernels.mjs
import { matMul, ones, setBackend, tidy } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import { measurePeer } from '../src/engine/bench/peer';
import { timeTrainStep } from '../src/engine/bench/workload';
import { registerSimd, type SimdOptions } from '../src/kernels/simdDevice';
import { useTfjsWasm } from './tfjsWasmPeer';

const BUILDS = ['avx512', 'avx2', 'neon', 'baseline', 'wasm-relaxed', 'wasm'] as const;
const THREADS = [2, 1] as const;
const neverAborted = new AbortController().signal;

async function main(): Promise<void> {
  const torch = new Map<number, number>();
  for (const threads of THREADS) {
    const peer = await measurePeer(['gptStep'], { threads, card: false }, neverAborted);
    if (typeof peer === 'string') {
      console.log(peer);
      break;
    }
    const step = peer.results['gptStep'];
    if (step !== undefined) torch.set(threads, step);
    console.log(`PyTorch ${peer.version}, ${threads} threads: ${milliseconds(step)} a step`);
  }
  await useTfjsWasm();
  const wasm = (await timeTrainStep(5, neverAborted)).least;
  console.log(`tfjs-backend-wasm, 1 thread: ${milliseconds(wasm)} a step`);

  for (const instructionSet of BUILDS) {
    for (const threads of THREADS) {
      if (!(await start({ instructionSet, threads }))) break;
      const { least, median, runs } = await timeTrainStep(40, neverAborted);
      const peer = torch.get(threads);
      console.log(
        [
          `${instructionSet}, ${threads} threads: ${milliseconds(least)} a step (best of ${runs}, median ${milliseconds(median)})`,
          ...(peer === undefined ? [] : [`${(least / peer).toFixed(2)} of PyTorch's time`]),
          `${(wasm / least).toFixed(1)} times as fast as tfjs-backend-wasm`,
          `matMul 512³ ${product(512)}, 1024³ ${product(1024)} GFLOPS`,
          `${callCost().toFixed(2)} µs a call`,
        ].join('; '),
      );
    }
  }
}

async function start(options: SimdOptions): Promise<boolean> {
  try {
    await registerSimd({ ...options, assets: 'build/kernels' });
    return await setBackend('simd');
  } catch (error) {
    console.log(error instanceof Error ? error.message : String(error));
    return false;
  }
}

/** GFLOPS of one product of n × n matrices. */
function product(n: number): string {
  const [a, b] = [ones([n, n]), ones([n, n])];
  const least = leastTime(() => tidy(() => void matMul(a, b)), 10);
  a.dispose();
  b.dispose();
  return ((2 * n ** 3) / least / 1e6).toFixed(0);
}

/** Microseconds of adding one number to another, tfjs's own share included. */
function callCost(): number {
  const one = ones([1]);
  const least = leastTime(() => {
    for (let i = 0; i < 1000; i++) one.add(one).dispose();
  }, 20);
  one.dispose();
  return least;
}

function leastTime(work: () => void, count: number): number {
  let least = Infinity;
  for (let run = 0; run < count; run++) {
    const began = performance.now();
    work();
    least = Math.min(least, performance.now() - began);
  }
  return least;
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? 'no figure' : `${value.toFixed(1)} ms`;
}

void main();
