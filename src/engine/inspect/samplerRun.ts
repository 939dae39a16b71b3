// Sampling at speed from where a path ends: elements one after another until the length or a stop is reached.
// Each is what a single step would draw; a cancel ends it between two elements, and what was sent stays valid.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CallContext } from '../../protocol/calls';
import { ArLensError } from '../../protocol/errors';
import type { SamplerElement, SamplerRunParams, SamplerRunResult } from '../../protocol/sampler';
import { AT_LENGTH, StopWatch } from '../sampling/stops';
import { LONGEST_PATH, samplerDraw, type SamplerParts } from './samplerStep';

const TURN_MILLISECONDS = 25;

export async function samplerRun(
  parts: SamplerParts,
  params: SamplerRunParams,
  context: CallContext<SamplerElement>,
): Promise<SamplerRunResult> {
  const { length } = params;
  if (!Number.isInteger(length) || length < 1 || length > LONGEST_PATH) {
    throw new ArLensError(
      'badInput',
      `length: expected a whole number from 1 to ${LONGEST_PATH}, got ${length}.`,
    );
  }
  const watch = new StopWatch(parts.loaded.tokenizer, params, params.path);
  const path = [...params.path];
  const began = performance.now();
  let turn = began;
  while (path.length < params.path.length + length) {
    if (context.signal.aborted) throw new ArLensError('cancelled', 'The run was paused.');
    const drawn = await samplerDraw(parts, { ...params, path });
    path.push(drawn.id);
    await context.progress(drawn);
    if (watch.push(drawn.id)) break;
    if (performance.now() - turn > TURN_MILLISECONDS) {
      await nextTurn();
      turn = performance.now();
    }
  }
  const seconds = (performance.now() - began) / 1000;
  return {
    stopped: watch.stopped ?? AT_LENGTH,
    elementsPerSecond: (path.length - params.path.length) / Math.max(seconds, 1e-6),
  };
}
