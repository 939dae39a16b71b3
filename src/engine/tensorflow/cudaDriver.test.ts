// Where a CUDA driver is looked for: on Linux's own places and on WSL's.
import { expect, it } from 'vitest';
import { hasCudaDriver } from './cudaDriver';

it.each([['/proc/driver/nvidia/version'], ['/dev/nvidiactl'], ['/usr/lib/wsl/lib/libcuda.so.1']])(
  'is seen by %s alone',
  (sign) => {
    expect(hasCudaDriver((file) => file === sign)).toBe(true);
  },
);

it('is not seen where none of its files is', () => {
  expect(hasCudaDriver(() => false)).toBe(false);
});
