// Who computes pixel steps on the current device.
import { hasPixelPrograms } from '../nn/pixelProgram';
import { HostPixels } from './hostPixels';
import { KernelPixels } from './kernelPixels';
import type { Pixels, PixelsShape } from './pixelSteps';

/** `make` with the fastest there is on the current device: host memory where the device has no room. */
export function withPixels<T>(shape: PixelsShape, make: (pixels: Pixels) => T): T {
  if (!hasPixelPrograms()) return make(new HostPixels(shape.rows));
  const pixels = new KernelPixels(shape);
  try {
    return make(pixels);
  } catch (error) {
    pixels.dispose();
    if ((error as { reason?: unknown }).reason !== 'outOfMemory') throw error;
    return make(new HostPixels(shape.rows));
  }
}
