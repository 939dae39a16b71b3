// The tree of branches of an image as what all trees are drawn and listed from: a stretch reads by where it begins and
// the level that it begins with. Pure.
import type { ImageSamplerContent, ImageStretch } from '../../../src/protocol/imageSamplerView';
import type { TreeNode } from '../../../src/protocol/tree';
import { leavesOf, pathTo, type Tree } from '../../plots/branches';
import type { BranchColumn, BranchRow } from '../../plots/branchList';
import type { TreeWords } from '../../plots/tree';
import type { Likelihood } from '../../ui/figure';
import { settingsWords } from './settingsWords';
import { channelWord, nextWords, placeOf } from './words';

type ImageNode = ImageStretch & TreeNode;

export const BRANCH_COLUMNS: readonly BranchColumn[] = [
  { head: 'nats', digits: 2 },
  { head: 'bits', digits: 2 },
  { head: 'bits/dim', digits: 3 },
];

/** 'r3 c5 = 7': where a stretch begins, and the level there. */
function beginning({ place, level }: ImageStretch, { model }: Pick<ImageSamplerContent, 'model'>): string {
  const { row, column, channel } = placeOf(model, place);
  const of = model.channels === 1 ? '' : ` ${channelWord(model.channels, channel)}`;
  return `r${row + 1} c${column + 1}${of} = ${level}`;
}

/** Where settings change, a stretch says which. */
export function treeOf({ stretches, at, model }: ImageSamplerContent): Tree<ImageNode> {
  const nodes = stretches.map((stretch) => {
    const before = stretches[stretch.parent]?.settings;
    const changed = before === undefined ? '' : settingsWords(stretch.settings, before);
    const text = beginning(stretch, { model });
    return { ...stretch, text: changed === '' ? text : `${text}, ${changed}` };
  });
  return { nodes, current: at };
}

/** Nats of the path to the end of a stretch. */
function natsTo(nodes: readonly ImageStretch[], node: number): number {
  return pathTo(nodes, node).reduce((sum, each) => sum + (nodes[each]?.nats ?? 0), 0);
}

export function figuresOf(
  nats: number,
  count: number,
  { model }: Pick<ImageSamplerContent, 'model'>,
): readonly [Likelihood, Likelihood, Likelihood] {
  const common = { count, of: count === 1 ? 'sub-pixel' : 'sub-pixels', badge: model.likelihood };
  return [
    { value: nats, unit: 'nats', ...common },
    { value: nats / Math.LN2, unit: 'bits', ...common },
    { value: nats / Math.LN2 / count, unit: 'bits/dim', ...common },
  ];
}

export function branchTreeWords(content: ImageSamplerContent): TreeWords {
  const { stretches, at, step, choice } = content;
  const own = at < 0 ? 'The image is empty.' : `${step} sub-pixels are there; next: ${nextWords(content)}.`;
  return {
    rootLabel: 'empty',
    readable: (text) => text,
    costOf: (node) => figuresOf(natsTo(stretches, node), stretches[node]?.to ?? 0, content)[1],
    cursor: choice.count === 1 ? own : `Image ${choice.image + 1}: ${own}`,
  };
}

export function branchRows(content: ImageSamplerContent): readonly BranchRow[] {
  const { stretches: nodes, at } = content;
  return leavesOf(nodes).map((leaf) => {
    const path = pathTo(nodes, leaf);
    const first = nodes[path.find((node) => nodes[node]?.branch === nodes[leaf]?.branch) ?? leaf];
    const count = nodes[leaf]?.to ?? 0;
    return {
      leaf,
      text: first === undefined ? '' : beginning(first, content),
      name: nodes[leaf]?.name ?? '',
      on: path.includes(at),
      count,
      forced: path.reduce((sum, node) => sum + (nodes[node]?.forcedSteps ?? 0), 0),
      found: 0,
      costs: figuresOf(natsTo(nodes, leaf), count, content),
    };
  });
}
