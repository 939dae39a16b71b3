// The first line of a text that a model wrote: what it is and how to have it again. Pure.
import type { SamplerDocument } from '../../protocol/sampler';
import { pathOf } from './samplerTree';

/** "[AR Lens sample of MODEL; seed 1, temperature 0.8, top-k 40, 12 tokens, 1 chosen by hand]" */
export function sampleHeader(model: string, document: SamplerDocument): string {
  const { settings, nodes, current } = document;
  const { seed, temperature, topK, topP, minP, repetitionPenalty } = settings;
  let forced = 0;
  for (let at = nodes[current]; at !== undefined; at = nodes[at.parent]) if (at.forced) forced++;
  const parts = [
    `seed ${seed}`,
    `temperature ${temperature}`,
    topK === undefined ? '' : `top-k ${topK}`,
    topP === undefined ? '' : `top-p ${topP}`,
    minP === undefined ? '' : `min-p ${minP}`,
    repetitionPenalty === 1 ? '' : `repetition penalty ${repetitionPenalty}`,
    `${pathOf(nodes, current).length} tokens`,
    forced === 0 ? '' : `${forced} chosen by hand`,
  ];
  return `[AR Lens sample of ${model}; ${parts.filter((part) => part !== '').join(', ')}]`;
}
