// a + b of equal shapes. tfjs's own add would save both and reshape twice on the way back; a residual needs neither.
import { add, clone } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { fusedOp } from './fused';

export function residual<T extends Tensor>(a: T, b: T): T {
  return fusedOp<T>(
    [a, b],
    () => add<T>(a, b),
    // tfjs disposes a gradient when it adds another one to it, so the two may not be one tensor.
    (dy) => [dy, clone(dy)],
  );
}
