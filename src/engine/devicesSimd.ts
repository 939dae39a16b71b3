// How the simd device is reached: registers it once per process and hands over its progress counter.
// The only file of the engine that touches the kernels.
import { ArLensError } from '../protocol/errors';

export interface SimdOptions {
  readonly instructionSet?: string;
  readonly threads?: number;
}

export interface SimdFacts {
  readonly instructionSet: string;
  readonly threads: number;
  /** Rises while kernels run. */
  readonly progress: Int32Array;
}

export function registerSimdDevice(_options: SimdOptions): Promise<SimdFacts> {
  return Promise.reject(new ArLensError('unsupported', 'its kernels are not built; run "npm run build"'));
}
