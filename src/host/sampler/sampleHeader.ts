// The first line of a text that a model wrote: what it is and how to have it again. Pure.
import type { SamplerDocument } from '../../protocol/sampler';
import type { FoundBeam } from './samplerBeamSearch';
import { pathOf } from './samplerTree';

/** "[AR Lens sample of MODEL; seed 1, temperature 0.8, top-k 40, 12 tokens, 1 chosen by hand]" */
export function sampleHeader(model: string, document: SamplerDocument): string {
  const { settings, nodes, current } = document;
  const { seed, temperature, topK, topP, minP, repetitionPenalty } = settings;
  let [forced, found] = [0, 0];
  for (let at = nodes[current]; at !== undefined; at = nodes[at.parent]) {
    if (at.forced) forced++;
    if (at.beam === true) found++;
  }
  const parts = [
    `seed ${seed}`,
    `temperature ${temperature}`,
    topK === undefined ? '' : `top-k ${topK}`,
    topP === undefined ? '' : `top-p ${topP}`,
    minP === undefined ? '' : `min-p ${minP}`,
    repetitionPenalty === 1 ? '' : `repetition penalty ${repetitionPenalty}`,
    `${pathOf(nodes, current).length} tokens`,
    forced === 0 ? '' : `${forced} chosen by hand`,
    found === 0 ? '' : `${found} found by a beam`,
  ];
  return `[AR Lens sample of ${model}; ${parts.filter((part) => part !== '').join(', ')}]`;
}

/** "[AR Lens beam of MODEL; width 4, length penalty gnmt 0.6, 16 tokens found after 5, log p −20.1234 nats (exact)]" */
export function beamHeader(
  model: string,
  document: SamplerDocument,
  found: FoundBeam,
  index: number,
): string {
  const { from, settings, result } = found;
  const { width, lengthPenalty, lengthRule } = settings;
  const hypothesis = result.hypotheses[index];
  const count = hypothesis?.ids.length ?? 0;
  const total = (hypothesis?.total ?? NaN).toFixed(4).replace('-', '−');
  const parts = [
    `width ${width}`,
    lengthPenalty === 0 ? 'no length penalty' : `length penalty ${lengthRule} ${lengthPenalty}`,
    `${count} ${count === 1 ? 'token' : 'tokens'} found after ${pathOf(document.nodes, from).length}`,
    `log p ${total} nats (${result.likelihood})`,
  ];
  return `[AR Lens beam of ${model}; ${parts.join(', ')}]`;
}
