// Reads the tree of branches: paths, leaves, and the bits of a whole path. Pure; knows no picture.
import type { Badge } from '../../../src/protocol/figure';
import type { SamplerDocument, SamplerNode } from '../../../src/protocol/sampler';
import type { Likelihood } from '../../ui/figure';

export const ROOT = -1;

/** Node indices from the first element after the prompt to `node`. */
export function pathTo(nodes: readonly SamplerNode[], node: number): number[] {
  const path: number[] = [];
  for (let at = node; nodes[at] !== undefined; at = nodes[at]?.parent ?? ROOT) path.push(at);
  return path.reverse();
}

/** Children of every node in the order they were made; those of the prompt's end last. */
export function childrenOf(nodes: readonly SamplerNode[]): ReadonlyArray<readonly number[]> {
  const children: number[][] = Array.from({ length: nodes.length + 1 }, () => []);
  nodes.forEach(({ parent }, index) => children[parent === ROOT ? nodes.length : parent]?.push(index));
  return children;
}

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

/** Ends of branches in the order the tree shows them. */
export function leavesOf({ nodes }: Pick<SamplerDocument, 'nodes'>): number[] {
  const children = childrenOf(nodes);
  const leaves: number[] = [];
  const stack = [...(children[nodes.length] ?? [])].reverse();
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const below = children[at] ?? [];
    if (below.length === 0) leaves.push(at);
    stack.push(...[...below].reverse());
  }
  return leaves;
}
