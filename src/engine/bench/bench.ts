// The benchmarks by name, ours and the peer's in one run, and the ratio between them.
// Knows no terminal: the CLI prints what comes back.
import { arch, cpus, totalmem } from 'node:os';
import { ArLensError } from '../../protocol/errors';
import type { EngineContext } from '../context';
import { deviceWords } from '../training/deviceWords';
import { IMAGE_BENCHMARKS, IMAGE_SIZES } from './imageWorkload';
import { imageResults } from './imageBench';
import { measurePeer } from './peer';
import type { BenchResult } from './result';
import { SIZES, timeSampling, timeTrainStep, type Times } from './workload';

const LENGTHS = [16, 32, 64] as const;

export interface BenchReport {
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    readonly memoryGiB: number;
    readonly node: string;
    readonly device: string;
    readonly threads: number;
    readonly peer: string;
  };
  readonly sizes: typeof SIZES & { readonly images: typeof IMAGE_SIZES };
  readonly results: readonly BenchResult[];
}

interface Benchmark {
  readonly name: string;
  readonly unit: BenchResult['unit'];
  readonly measure: (signal: AbortSignal) => Promise<Times>;
  /** From milliseconds to the unit. */
  readonly convert: (milliseconds: number) => number;
}

const BENCHMARKS: readonly Benchmark[] = [
  {
    name: 'gptStep',
    unit: 'ms/step',
    measure: (signal) => timeTrainStep(40, signal),
    convert: (time) => time,
  },
  ...LENGTHS.flatMap((length) =>
    ([true, false] as const).map((cached): Benchmark => ({
      name: `sampling${cached ? 'Cached' : 'Recomputed'}${length}`,
      unit: 'tokens/s',
      measure: (signal) => timeSampling(length, cached, 20, signal),
      convert: (time) => (1000 * length) / time,
    })),
  ),
];

export const BENCHMARK_NAMES: readonly string[] = [...BENCHMARKS, ...IMAGE_BENCHMARKS].map(
  ({ name }) => name,
);

/** A name chooses itself and everything it begins: `sampling` is all six. */
export async function bench(
  wanted: readonly string[],
  context: EngineContext,
  signal: AbortSignal,
  onDone: (result: BenchResult) => Promise<void>,
): Promise<BenchReport> {
  const chosen = choose(BENCHMARKS, wanted);
  const ofImages = choose(IMAGE_BENCHMARKS, wanted);
  const device = await context.device();
  const threads = device.threads ?? 1;
  const place = { threads, card: device.card === true };
  const names = chosen.map(({ name }) => name);
  const peer = names.length === 0 ? null : await measurePeer(names, place, signal);
  const results: BenchResult[] = [];
  for (const { name, unit, measure, convert } of chosen) {
    const { least, median, runs } = await measure(signal);
    const ours = convert(least);
    const theirs = typeof peer === 'string' ? null : (peer?.results[name] ?? null);
    const result: BenchResult = {
      name,
      ours,
      peer: theirs,
      ratio: theirs === null ? null : ours / theirs,
      unit,
      better: unit === 'ms/step' ? 'lower' : 'higher',
      count: runs,
      median: convert(median),
    };
    results.push(result);
    await onDone(result);
  }
  const images = await imageResults(ofImages, place, signal, onDone);
  results.push(...images.results);
  const words = peer === null ? images.peer : peer;
  return {
    machine: {
      processor: `${cpus()[0]?.model ?? 'unknown'} (${arch()})`,
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.versions.node,
      device: deviceWords(device),
      threads,
      peer: typeof words === 'string' ? words : peerWords(words, threads),
    },
    sizes: { ...SIZES, images: IMAGE_SIZES },
    results,
  };
}

function peerWords({ version, device }: { version: string; device: string }, threads: number): string {
  const where = device === 'cpu' ? `the better of 1 and ${threads} threads` : device;
  return `PyTorch ${version}, ${where}`;
}

function choose<T extends { readonly name: string }>(
  benchmarks: readonly T[],
  wanted: readonly string[],
): readonly T[] {
  for (const name of wanted) {
    if (BENCHMARK_NAMES.some((each) => each.startsWith(name))) continue;
    throw new ArLensError('badInput', `bench: expected one of ${BENCHMARK_NAMES.join(', ')}, got "${name}".`);
  }
  return wanted.length === 0
    ? benchmarks
    : benchmarks.filter(({ name }) => wanted.some((prefix) => name.startsWith(prefix)));
}
