// A decoder without a cache: every step runs the whole context through the model again.
// The plain reference beside a family's own decoder, for benchmarks and parity checks.
import { slice, tensor2d, tidy } from '@tensorflow/tfjs-core';
import type { Decoder, Logits, Model } from '../../families/family';
import { ArLensError } from '../../protocol/errors';

export function recomputingDecoder(model: Model): Decoder {
  const elements: number[] = [];
  const distribution = async (): Promise<Logits> => {
    const last = tidy(() => {
      const all = model.logits?.(tensor2d(elements, [1, elements.length], 'int32')); // [1, T, V]
      if (!all) throw new ArLensError('unsupported', 'Sampling without a cache needs a model with logits.');
      return slice(all, [0, elements.length - 1, 0], [1, 1, model.vocabulary]); // [1, 1, V]
    });
    const logits = Float32Array.from(await last.data());
    last.dispose();
    return logits;
  };
  return {
    get room() {
      return model.contextLength - elements.length;
    },
    prefill(more) {
      elements.push(...more);
      return distribution();
    },
    step(element) {
      elements.push(element);
      return distribution();
    },
    reset() {
      elements.length = 0;
    },
    dispose() {
      elements.length = 0;
    },
  };
}
