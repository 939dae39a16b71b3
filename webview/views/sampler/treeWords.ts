// The tree of a text in words: its root is the end of the prompt, its ends cost bits over tokens. Pure.
import type { Badge } from '../../../src/protocol/figure';
import type { SamplerDocument } from '../../../src/protocol/sampler';
import { ROOT } from '../../plots/branches';
import type { TreeWords } from '../../plots/tree';
import { visibleToken } from '../../ui/format';
import { bitsFigure, totalOf } from './branches';

const ROOT_CHARACTERS = 14;

export function rootLabel(prompt: string): string {
  const shown = visibleToken(prompt.slice(-ROOT_CHARACTERS));
  return prompt === '' ? 'start' : prompt.length > ROOT_CHARACTERS ? `…${shown}` : shown;
}

export function treeWords(tree: SamplerDocument, badge: Badge): TreeWords {
  return {
    rootLabel: rootLabel(tree.prompt),
    readable: visibleToken,
    costOf: (node) => {
      const { bits, count } = totalOf(tree.nodes, node);
      return bitsFigure(bits, count, badge);
    },
    cursor: spokenCursor(tree),
  };
}

export function spokenCursor({ nodes, current }: SamplerDocument): string {
  const node = nodes[current];
  if (current === ROOT || node === undefined) return 'The cursor is at the end of the prompt.';
  const { count, bits } = totalOf(nodes, current);
  const how = node.forced ? ', chosen by hand' : node.beam === true ? ', found by a beam' : '';
  const p = Math.exp(node.logProb).toPrecision(3);
  return `The cursor is on token ${count}, ${visibleToken(node.text)}, probability ${p}${how}; the path has ${bits.toFixed(2)} bits.`;
}
