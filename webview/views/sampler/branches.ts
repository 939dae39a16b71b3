// What the tree of branches of a text adds up to: the bits of a whole path, and how it reads. Pure; knows no picture.
import type { Badge } from '../../../src/protocol/figure';
import type { SamplerNode } from '../../../src/protocol/sampler';
import { pathTo } from '../../plots/branches';
import type { Likelihood } from '../../ui/figure';

export interface PathTotal {
  readonly count: number;
  /** −log₂ p of the whole path under the model. */
  readonly bits: number;
  /** Under what each element was drawn from; null once one of them had been cut there. */
  readonly drawnBits: number | null;
  readonly forced: number;
  /** Found by a beam search. */
  readonly found: number;
}

export function totalOf(nodes: readonly SamplerNode[], node: number): PathTotal {
  let [count, nats, drawn, cut, forced, found] = [0, 0, 0, 0, 0, 0];
  for (let at = nodes[node]; at !== undefined; at = nodes[at.parent]) {
    count++;
    nats -= at.logProb;
    if (at.drawnLogProb === null) cut++;
    else drawn -= at.drawnLogProb;
    if (at.forced) forced++;
    if (at.beam === true) found++;
  }
  return { count, bits: nats / Math.LN2, drawnBits: cut > 0 ? null : drawn / Math.LN2, forced, found };
}

export function bitsFigure(bits: number, count: number, badge: Badge): Likelihood {
  return { value: bits, unit: 'bits', count, of: count === 1 ? 'token' : 'tokens', badge };
}

export function textOf(nodes: readonly SamplerNode[], node: number): string {
  return pathTo(nodes, node)
    .map((index) => nodes[index]?.text ?? '')
    .join('');
}
