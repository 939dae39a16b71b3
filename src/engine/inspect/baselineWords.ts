// The four baselines as figures: which estimate each is, in words, and what it comes to in every unit.
import type { BaselineCosts } from '../../analysis/information/baselines';
import { natsToBits } from '../../math/information';
import type { ScoreSummary } from '../../protocol/engine';
import type { BaselineId, InformationBaseline } from '../../protocol/information';

const ADAPTIVE =
  'each token is coded by the counts of the tokens before it, so a decoder can follow: a fair code';
const PLUG_IN = 'the counts are those of this very text, known beforehand and free of charge: optimistic';

export function baselinesOf(
  costs: BaselineCosts,
  symbols: number,
  { scored, bytes }: Pick<ScoreSummary, 'scored' | 'bytes'>,
): InformationBaseline[] {
  const baseline = (id: BaselineId, label: string, how: string): InformationBaseline => {
    const bits = natsToBits(costs[id]);
    const optimistic = id.endsWith('PlugIn');
    return {
      id,
      label,
      how,
      optimistic,
      badge: optimistic ? 'none' : 'exact',
      count: scored,
      bits,
      bitsPerToken: bits / scored,
      bitsPerByte: bits / bytes,
    };
  };
  return [
    baseline(
      'unigramAdaptive',
      'unigram, adaptive',
      `Tokens one by one; ${ADAPTIVE} (Krichevsky–Trofimov: half a count for each of ${symbols} symbols).`,
    ),
    baseline('unigramPlugIn', 'unigram, plug-in', `Tokens one by one; ${PLUG_IN}.`),
    baseline(
      'bigramAdaptive',
      'bigram, adaptive',
      `Each token after the one before; ${ADAPTIVE} (backed off to the adaptive unigram, which weighs one count).`,
    ),
    baseline('bigramPlugIn', 'bigram, plug-in', `Each token after the one before; ${PLUG_IN}.`),
  ];
}
