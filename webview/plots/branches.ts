// Reads a tree of branches: paths, children, ends. Pure; knows no picture and nothing of what was sampled.
import type { TreeNode } from '../../src/protocol/tree';

export const ROOT = -1;

type Link = Pick<TreeNode, 'parent'>;

/** A tree with the place where a person stands in it. */
export interface Tree<Node extends Link = TreeNode> {
  readonly nodes: readonly Node[];
  /** ROOT: before the first of them. */
  readonly current: number;
}

/** Node indices from the first below the root to `node`. */
export function pathTo(nodes: readonly Link[], node: number): number[] {
  const path: number[] = [];
  for (let at = node; nodes[at] !== undefined; at = nodes[at]?.parent ?? ROOT) path.push(at);
  return path.reverse();
}

/** Children of every node in the order they were made; those of the root last. */
export function childrenOf(nodes: readonly Link[]): ReadonlyArray<readonly number[]> {
  const children: number[][] = Array.from({ length: nodes.length + 1 }, () => []);
  nodes.forEach(({ parent }, index) => children[parent === ROOT ? nodes.length : parent]?.push(index));
  return children;
}

/** Ends of branches in the order the tree shows them. */
export function leavesOf(nodes: readonly Link[]): number[] {
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
