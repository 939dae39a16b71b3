// The benchmarks of images: ours and the peer's in turns, so that a machine that is busy for a while is busy for both, and
// of each the best. Knows no terminal.
import type { ImageBenchmark } from './imageWorkload';
import { openImagePeer, type OpenPeer, type PeerPlace } from './peer';
import type { BenchResult } from './result';

const ROUNDS = 3;

export async function imageResults(
  benchmarks: readonly ImageBenchmark[],
  place: PeerPlace,
  signal: AbortSignal,
  onDone: (result: BenchResult) => Promise<void>,
): Promise<{ results: BenchResult[]; peer: OpenPeer | string }> {
  if (benchmarks.length === 0) return { results: [], peer: 'PyTorch was not asked for.' };
  const peer = await openImagePeer(place, signal);
  const results: BenchResult[] = [];
  try {
    for (const { name, unit, measure } of benchmarks) {
      const lower = unit === 'ms/step';
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        ours.push(await measure(signal));
        const found = typeof peer === 'string' ? null : await peer.measure(name);
        if (found !== null) theirs.push(found);
      }
      const best = (values: number[]): number => (lower ? Math.min(...values) : Math.max(...values));
      const result: BenchResult = {
        name,
        ours: best(ours),
        peer: theirs.length === 0 ? null : best(theirs),
        ratio: theirs.length === 0 ? null : best(ours) / best(theirs),
        unit,
        better: lower ? 'lower' : 'higher',
        count: ours.length,
        median: ours.sort((a, b) => a - b)[Math.floor(ours.length / 2)] ?? NaN,
      };
      results.push(result);
      await onDone(result);
    }
  } finally {
    if (typeof peer !== 'string') peer.close();
  }
  return { results, peer };
}
