// A beam in words and figures: log-probabilities, scores, and how the best compares with greedy. Pure.
import type { Stopped } from '../../../src/protocol/sample';
import type { BeamHypothesis, BeamSettings } from '../../../src/protocol/sampler';
import type { Likelihood } from '../../ui/figure';
import { visibleToken } from '../../ui/format';
import type { FoundBeam, LatticeNode } from './latticeLayout';
import { signed } from './race';

type Badge = Likelihood['badge'];

export const natsFigure = (value: number, count: number, badge: Badge): Likelihood => ({
  value,
  unit: 'nats',
  count,
  of: count === 1 ? 'token' : 'tokens',
  badge,
});

/** The rule as it was applied: what a score is divided by. */
export function ruleName({ lengthPenalty, lengthRule }: BeamSettings): string {
  if (lengthPenalty === 0) return 'no length penalty';
  return lengthRule === 'gnmt' ? `((5+n)/6)^${lengthPenalty}` : `n^${lengthPenalty}`;
}

/** What a score is, and its unit: a power of the tokens' number has one, GNMT's ratio of two numbers has none. */
export function scoreName(settings: BeamSettings): string {
  const { lengthPenalty, lengthRule } = settings;
  if (lengthPenalty === 0) return 'log p in nats: no length penalty';
  return `log p / ${ruleName(settings)} in ${lengthRule === 'gnmt' ? 'nats' : `nats per token^${lengthPenalty}`}`;
}

export function endName(stopped: Stopped): string {
  switch (stopped.why) {
    case 'length':
      return 'the length';
    case 'end':
      return 'end of text';
    case 'text':
      return `“${visibleToken(stopped.text)}”`;
    default:
      return stopped satisfies never;
  }
}

/** How the best hypothesis stands to greedy. */
export type AgainstGreedy = 'same' | 'likelier' | 'unlikelier';

export function againstGreedy(best: BeamHypothesis, greedy: BeamHypothesis): AgainstGreedy {
  if (best.ids.join() === greedy.ids.join()) return 'same';
  return best.total >= greedy.total ? 'likelier' : 'unlikelier';
}

const FATES = { kept: 'kept', ended: 'ended at a stop', cut: 'out of the beam' } as const;
export const fateName = (fate: LatticeNode['fate']): string => FATES[fate];

/** What a screen reader hears of a node. */
export function latticeSentence(node: LatticeNode | undefined, { result }: FoundBeam): string {
  if (node === undefined) return 'At the end of the text that the search starts from.';
  const { step, text, logProb, total, score, fate, hypotheses, ends } = node;
  const end = ends > 0 ? `, the end of hypothesis ${ends} of ${result.hypotheses.length}` : '';
  const part = hypotheses.length > 0 && ends === 0 ? `, part of hypothesis ${hypotheses.join(', ')}` : '';
  const figures = `log p ${signed(logProb)}, so far ${signed(total)} nats, score ${signed(score)}`;
  return `Step ${step}, ${visibleToken(text)}, ${fateName(fate)}${end}${part}: ${figures}.`;
}
