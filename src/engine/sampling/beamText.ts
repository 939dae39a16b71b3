// The `sample` call with a beam: its best texts, as `sample` gives texts, and the lattice beside them.
// Takes no chance and no seed: penalty, temperature and cuts belong to sampling, and are refused.
import type { Hypothesis } from '../../decoding/beam';
import type { Decoder } from '../../families/family';
import type { CallContext } from '../../protocol/calls';
import { ArLensError } from '../../protocol/errors';
import type {
  BeamReport,
  SampledElement,
  SampleParams,
  SampleProgress,
  Stopped,
} from '../../protocol/sample';
import type { LoadedModel } from '../models/modelFolder';
import { latticeColumns, normalizationOf } from './lattice';
import { AT_LENGTH } from './stops';
import { textBeam } from './textBeam';
import { TextStream } from './textStream';

export interface BeamText {
  readonly elements: SampledElement[][];
  readonly stopped: Stopped[];
  readonly beam: BeamReport;
}

export async function beamText(
  loaded: Pick<LoadedModel, 'model' | 'tokenizer'>,
  decoder: Decoder,
  prompt: readonly number[],
  params: SampleParams,
  context: CallContext<SampleProgress>,
): Promise<BeamText> {
  const { beam: width = 1, length, lengthPenalty = 0, lengthRule = 'gnmt', count = 1 } = params;
  checkBeamParams(params, width);
  const search = { ...params, prompt, path: [], width, length, lengthPenalty, lengthRule };
  const { hypotheses, lattice, stopped } = await textBeam(loaded, decoder, search, context.signal);
  const wanted = hypotheses.slice(0, count);
  const elements = wanted.map(elementsOf);
  const { tokenizer } = loaded;
  for (const [sample, drawn] of elements.entries()) {
    const stream = new TextStream(tokenizer);
    for (const [at, element] of drawn.entries()) {
      await context.progress({ sample, text: stream.push(element.id, at === drawn.length - 1), element });
    }
  }
  const beam: BeamReport = {
    width,
    normalization: normalizationOf(search).kind,
    lengthPenalty,
    totals: Float64Array.from(wanted, ({ total }) => total),
    scores: Float64Array.from(wanted, ({ score }) => score),
    lattice: latticeColumns(lattice, (id) => tokenizer.tokenText(id)),
  };
  return { elements, stopped: wanted.map(({ ids }) => stopped(ids) ?? AT_LENGTH), beam };
}

function elementsOf({ ids, logProbs }: Hypothesis): SampledElement[] {
  return ids.map((id, at) => ({ id, logProb: logProbs[at] ?? NaN }));
}

const OF_DRAWS = ['temperature', 'topK', 'topP', 'minP', 'repetitionPenalty', 'draws'] as const;

function checkBeamParams(params: SampleParams, width: number): void {
  const { count = 1 } = params;
  if (width > 0 && count > width) {
    throw new ArLensError('badInput', `count: expected at most the beam's ${width}, got ${count}.`);
  }
  for (const name of OF_DRAWS) {
    if (params[name] === undefined) continue;
    throw new ArLensError(
      'badInput',
      `${name}: expected none with a beam, which takes the likeliest, got ${params[name]}.`,
    );
  }
}
