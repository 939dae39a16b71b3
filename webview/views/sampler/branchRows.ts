// The branches of a text as rows: its text, and its bits under the model and under what was drawn from. Pure.
import type { Badge } from '../../../src/protocol/figure';
import type { SamplerDocument } from '../../../src/protocol/sampler';
import { leavesOf, pathTo } from '../../plots/branches';
import type { BranchColumn, BranchRow } from '../../plots/branchList';
import { visibleToken } from '../../ui/format';
import { bitsFigure, textOf, totalOf } from './branches';

export const BRANCH_COLUMNS: readonly BranchColumn[] = [
  { head: 'under the model', label: 'model', digits: 2 },
  { head: 'under what was drawn from', label: 'drawn from', digits: 2 },
];

const CUT =
  'A token that was forced or found by a beam here had been cut: the filters give it no probability.';

export function branchRows({ nodes, current }: SamplerDocument, badge: Badge): readonly BranchRow[] {
  return leavesOf(nodes).map((leaf) => {
    const { count, bits, drawnBits, forced, found } = totalOf(nodes, leaf);
    return {
      leaf,
      text: visibleToken(textOf(nodes, leaf)),
      name: nodes[leaf]?.name ?? '',
      on: pathTo(nodes, leaf).includes(current),
      ...{ count, forced, found },
      costs: [bitsFigure(bits, count, badge), drawnBits === null ? CUT : bitsFigure(drawnBits, count, badge)],
    };
  });
}
