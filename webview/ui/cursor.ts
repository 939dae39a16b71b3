// Where the cursor stands for whoever pressed the keys: ahead of the host until it has carried the moves out.
import { useState } from 'preact/hooks';

export interface Move {
  readonly node: number;
  readonly turn: number;
}

/** What has a cursor: −1 stands before the first node. */
interface Walked {
  readonly nodes: readonly unknown[];
  readonly current: number;
}

/** The tree with the cursor where the last move leads; the host's own once that move, or a later one, is done. */
export function ahead<Tree extends Walked>(tree: Tree, turn: number, asked: Move | undefined): Tree {
  if (asked === undefined || asked.turn <= turn || asked.node === tree.current) return tree;
  const exists = asked.node === -1 || tree.nodes[asked.node] !== undefined;
  return exists ? { ...tree, current: asked.node } : tree;
}

/** @returns the tree as the person sees it, and what moves its cursor. */
export function useCursor<Tree extends Walked>(
  tree: Tree,
  turn: number,
  tell: (move: Move) => void,
): readonly [Tree, (node: number) => void] {
  const [asked, setAsked] = useState<Move>();
  const go = (node: number): void => {
    const move = { node, turn: Math.max(turn, asked?.turn ?? 0) + 1 };
    setAsked(move);
    tell(move);
  };
  return [ahead(tree, turn, asked), go];
}
