// The `sample` call with a beam: the likeliest continuations that a narrow search finds, and the lattice it walked.
// Takes no chance and no seed: temperature and cuts belong to sampling, and are refused.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { beamSearch, type Hypothesis, type LatticeNode } from '../../decoding/beam';
import { prefillingContinue, visiblePart } from '../../decoding/beamContexts';
import type { Decoder } from '../../families/family';
import type { CallContext } from '../../protocol/calls';
import type { BeamReport, SampledElement, SampleParams, SampleProgress } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type { LoadedModel } from '../models/modelFolder';
import { TextStream } from './textStream';

export const WIDEST_BEAM = 64;
/** Every step feeds every sequence anew, and the lattice keeps them all. */
export const LONGEST_BEAM = 4096;

export interface BeamText {
  readonly elements: SampledElement[][];
  readonly beam: BeamReport;
}

export async function beamText(
  { model, tokenizer }: Pick<LoadedModel, 'model' | 'tokenizer'>,
  decoder: Decoder,
  prompt: readonly number[],
  params: SampleParams,
  context: CallContext<SampleProgress>,
): Promise<BeamText> {
  const width = checkedWidth(params);
  const next = prefillingContinue(decoder, visiblePart(prompt.length, model.contextLength));
  const { hypotheses, lattice } = await beamSearch(next, {
    prompt,
    length: params.length,
    width,
    signal: context.signal,
    onStep: async () => nextTurn(),
  });
  const wanted = hypotheses.slice(0, params.count ?? 1);
  const elements = wanted.map(elementsOf);
  for (const [sample, drawn] of elements.entries()) {
    const stream = new TextStream(tokenizer);
    for (const [at, element] of drawn.entries()) {
      await context.progress({ sample, text: stream.push(element.id, at === drawn.length - 1), element });
    }
  }
  const texts = [...new Set(lattice.map(({ id }) => id))].map((id) => [id, tokenizer.tokenText(id)] as const);
  const beam: BeamReport = {
    width,
    // Without stop conditions all hypotheses are equally long: normalising would change no order.
    normalization: 'none',
    totals: Float64Array.from(wanted, ({ total }) => total),
    lattice: { ...columnsOf(lattice), texts },
  };
  return { elements, beam };
}

function elementsOf({ ids, logProbs }: Hypothesis): SampledElement[] {
  return ids.map((id, at) => ({ id, logProb: logProbs[at] ?? NaN }));
}

const FATES = ['cut', 'kept', 'ended'] as const;

function columnsOf(lattice: readonly LatticeNode[]): Omit<BeamReport['lattice'], 'texts'> {
  return {
    step: Int32Array.from(lattice, ({ step }) => step),
    parent: Int32Array.from(lattice, ({ parent }) => parent),
    id: Int32Array.from(lattice, ({ id }) => id),
    logProb: Float64Array.from(lattice, ({ logProb }) => logProb),
    total: Float64Array.from(lattice, ({ total }) => total),
    fate: Uint8Array.from(lattice, ({ fate }) => FATES.indexOf(fate)),
  };
}

function checkedWidth(params: SampleParams): number {
  const { beam: width = 1, count = 1, length } = params;
  if (!Number.isInteger(width) || width < 1 || width > WIDEST_BEAM) {
    throw new ArLensError(
      'badInput',
      `beam: expected a whole number from 1 to ${WIDEST_BEAM}, got ${width}.`,
    );
  }
  if (count > width) {
    throw new ArLensError('badInput', `count: expected at most the beam's ${width}, got ${count}.`);
  }
  if (length > LONGEST_BEAM) {
    throw new ArLensError('badInput', `length: expected at most ${LONGEST_BEAM} with a beam, got ${length}.`);
  }
  for (const name of ['temperature', 'topK', 'topP', 'minP'] as const) {
    if (params[name] === undefined) continue;
    throw new ArLensError(
      'badInput',
      `${name}: expected none with a beam, which takes the likeliest, got ${params[name]}.`,
    );
  }
  return width;
}
