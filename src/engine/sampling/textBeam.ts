// A beam search over a text model: the likeliest continuations that a narrow search finds, and the lattice it walked.
// What `sample` with a beam and the Sampler's beam have in common.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { beamSearch, type BeamResult } from '../../decoding/beam';
import { prefillingContinue, visiblePart } from '../../decoding/beamContexts';
import type { Decoder } from '../../families/family';
import { ArLensError } from '../../protocol/errors';
import type { LengthRule, Stopped } from '../../protocol/sample';
import type { LoadedModel } from '../models/modelFolder';
import { normalizationOf } from './lattice';
import { stopRule, type StopParams } from './stops';

export const WIDEST_BEAM = 64;
/** Every step feeds every sequence anew, and the lattice keeps them all. */
export const LONGEST_BEAM = 4096;
/** Milliseconds between looks at the event loop: a cancel must be heard within 200. */
const TURN_MILLISECONDS = 25;

export interface TextBeamParams extends StopParams {
  /** Tokens of the prompt, and those chosen after it. */
  readonly prompt: readonly number[];
  readonly path: readonly number[];
  readonly width: number;
  readonly length: number;
  readonly lengthPenalty: number;
  readonly lengthRule: LengthRule;
}

export interface TextBeam extends BeamResult {
  /** Why a hypothesis ended, if anything but the length ended it. */
  readonly stopped: (ids: readonly number[]) => Stopped | undefined;
}

export async function textBeam(
  { model, tokenizer }: Pick<LoadedModel, 'model' | 'tokenizer'>,
  decoder: Decoder,
  params: TextBeamParams,
  signal: AbortSignal,
  onStep: (step: number) => Promise<void> = () => Promise.resolve(),
): Promise<TextBeam> {
  checkSizes(params);
  const { prompt, path, width, length } = params;
  const stopped = stopRule(tokenizer, params);
  let turn = performance.now();
  const pause = async (): Promise<void> => {
    if (performance.now() - turn > TURN_MILLISECONDS) {
      await nextTurn();
      turn = performance.now();
    }
    if (signal.aborted) throw new ArLensError('cancelled', 'The beam search was cancelled.');
  };
  const next = prefillingContinue(decoder, visiblePart(prompt.length, model.contextLength), pause);
  const found = await beamSearch(next, {
    prompt: [...prompt, ...path],
    length,
    width,
    signal,
    normalization: normalizationOf(params),
    stop: (ids) => stopped(ids) !== undefined,
    onStep,
  });
  return { ...found, stopped };
}

function checkSizes({ width, length }: TextBeamParams): void {
  const check = (name: string, value: number, most: number): void => {
    if (Number.isInteger(value) && value >= 1 && value <= most) return;
    throw new ArLensError('badInput', `${name}: expected a whole number from 1 to ${most}, got ${value}.`);
  };
  check('beam', width, WIDEST_BEAM);
  check('length with a beam', length, LONGEST_BEAM);
}
