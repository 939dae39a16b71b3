// Where the cursor stands for whoever pressed the keys: ahead of the host until it has carried the moves out.
import { useState } from 'preact/hooks';
import type { SamplerDocument } from '../../../src/protocol/sampler';
import { ROOT } from './branches';

export interface Move {
  readonly node: number;
  readonly turn: number;
}

/** The document with the cursor where the last move leads; the host's own once that move, or a later one, is done. */
export function ahead(tree: SamplerDocument, turn: number, asked: Move | undefined): SamplerDocument {
  if (asked === undefined || asked.turn <= turn || asked.node === tree.current) return tree;
  const exists = asked.node === ROOT || tree.nodes[asked.node] !== undefined;
  return exists ? { ...tree, current: asked.node } : tree;
}

/** @returns the document as the person sees it, and what moves its cursor. */
export function useCursor(
  tree: SamplerDocument,
  turn: number,
  tell: (move: Move) => void,
): readonly [SamplerDocument, (node: number) => void] {
  const [asked, setAsked] = useState<Move>();
  const go = (node: number): void => {
    const move = { node, turn: Math.max(turn, asked?.turn ?? 0) + 1 };
    setAsked(move);
    tell(move);
  };
  return [ahead(tree, turn, asked), go];
}
