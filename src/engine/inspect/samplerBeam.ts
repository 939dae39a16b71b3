// The Sampler's beam: a search from the end of a path, its lattice, and what greedy finds from the same place.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Hypothesis } from '../../decoding/beam';
import type { CallContext } from '../../protocol/calls';
import { ArLensError } from '../../protocol/errors';
import type {
  BeamHypothesis,
  SamplerBeamParams,
  SamplerBeamProgress,
  SamplerBeamResult,
} from '../../protocol/sampler';
import { latticeColumns } from '../sampling/lattice';
import { promptTokens } from '../sampling/sampleText';
import { AT_LENGTH } from '../sampling/stops';
import { textBeam, type TextBeam } from '../sampling/textBeam';
import { checkId, type Sampled } from './samplerStep';

/** What a picture of it can hold: a wider or longer one is `ar-lens sample --beam`'s. */
const WIDEST = 16;
const LONGEST = 64;

export async function samplerBeam(
  loaded: Sampled,
  params: SamplerBeamParams,
  { progress, signal }: CallContext<SamplerBeamProgress>,
): Promise<SamplerBeamResult> {
  checkSize('beam width', params.width, WIDEST);
  checkSize('beam length', params.length, LONGEST);
  const { model, tokenizer, family } = loaded;
  for (const id of params.path) checkId(id, model.vocabulary);
  const decoder = model.decoder?.();
  if (!decoder) throw new ArLensError('unsupported', 'This family’s models have no decoder to search with.');
  const { length } = params;
  const search = { ...params, prompt: promptTokens(loaded, params.prompt) };
  try {
    const found = await textBeam(loaded, decoder, search, signal, async (step) => {
      await progress({ step, length });
      await nextTurn();
    });
    const greedy = await textBeam(loaded, decoder, { ...search, width: 1 }, signal);
    const shown = (beam: TextBeam, hypothesis: Hypothesis): BeamHypothesis => ({
      ids: hypothesis.ids,
      text: tokenizer.decode(hypothesis.ids),
      total: hypothesis.total,
      score: hypothesis.score,
      stopped: beam.stopped(hypothesis.ids) ?? AT_LENGTH,
    });
    const [plain] = greedy.hypotheses;
    if (!plain) throw new ArLensError('badInput', 'After this text the model calls every token impossible.');
    return {
      lattice: latticeColumns(found.lattice, (id) => tokenizer.tokenText(id)),
      hypotheses: found.hypotheses.map((each) => ({ ...shown(found, each), node: each.node })),
      greedy: shown(greedy, plain),
      likelihood: family.likelihood,
    };
  } finally {
    decoder.dispose();
  }
}

function checkSize(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= most) return;
  throw new ArLensError('badInput', `${name}: expected a whole number from 1 to ${most}, got ${value}.`);
}
