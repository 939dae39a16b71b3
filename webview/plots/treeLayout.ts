// Where the tree's nodes stand: depth to the right, one row per branch end. Pure; the width of a label is asked for.
import type { TreeNode } from '../../src/protocol/tree';
import { childrenOf, leavesOf, ROOT } from './branches';

export const ROW_HEIGHT = 40;
const COLUMN = 38;
const GAP = 26;
/** Room for a branch end's name and bits. */
export const END_WIDTH = 220;
const MARGIN = 8;

export interface Place {
  readonly node: number;
  readonly depth: number;
  /** CSS pixels: the label's left edge and the line it stands on. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly leaf: boolean;
}

export interface TreeLayout {
  readonly root: { readonly x: number; readonly y: number; readonly width: number };
  /** By node index. */
  readonly places: readonly Place[];
  readonly width: number;
  readonly height: number;
}

export function layoutTree(
  nodes: readonly TreeNode[],
  rootWidth: number,
  labelWidth: (text: string) => number,
): TreeLayout {
  const depth: number[] = [];
  const widths = nodes.map(({ text, parent }, index) => {
    depth[index] = parent === ROOT ? 0 : (depth[parent] ?? 0) + 1;
    return labelWidth(text);
  });
  const columns: number[] = [];
  widths.forEach((width, index) => {
    const at = depth[index] ?? 0;
    columns[at] = Math.max(columns[at] ?? COLUMN, Math.ceil(width) + GAP);
  });
  const lefts: number[] = [];
  let left = MARGIN + rootWidth + GAP;
  for (const [at, width] of columns.entries()) {
    lefts[at] = left;
    left += width;
  }
  const rows = rowsOf(nodes);
  const y = (row: number) => MARGIN + ROW_HEIGHT * (row + 0.5);
  const children = childrenOf(nodes);
  const places = nodes.map((_, node) => ({
    node,
    depth: depth[node] ?? 0,
    x: lefts[depth[node] ?? 0] ?? 0,
    y: y(rows.of[node] ?? 0),
    width: widths[node] ?? 0,
    leaf: children[node]?.length === 0,
  }));
  return {
    root: { x: MARGIN, y: y(rows.root), width: rootWidth },
    places,
    width: left + (nodes.length === 0 ? 0 : END_WIDTH),
    height: 2 * MARGIN + ROW_HEIGHT * Math.max(1, rows.count),
  };
}

/** A branch end has a row of its own; whatever branches stands in the middle of its first and last child. */
function rowsOf(nodes: readonly TreeNode[]) {
  const leaves = leavesOf(nodes);
  const of = new Array<number>(nodes.length).fill(0);
  leaves.forEach((leaf, row) => (of[leaf] = row));
  const children = childrenOf(nodes);
  const middle = (below: readonly number[] | undefined) =>
    below === undefined || below.length === 0
      ? undefined
      : ((of[below[0] ?? 0] ?? 0) + (of[below.at(-1) ?? 0] ?? 0)) / 2;
  for (let node = nodes.length - 1; node >= 0; node--) of[node] = middle(children[node]) ?? of[node] ?? 0;
  return { of, root: middle(children[nodes.length]) ?? 0, count: leaves.length };
}

/** The node whose label is under a point, or the root, or nothing. */
export function nodeAt(layout: TreeLayout, x: number, y: number): number | undefined {
  const hit = (place: { x: number; y: number; width: number }) =>
    x >= place.x - 6 &&
    x <= place.x + Math.max(place.width, 24) + 6 &&
    Math.abs(y - place.y) <= ROW_HEIGHT / 2;
  if (hit(layout.root)) return ROOT;
  return layout.places.find(hit)?.node;
}

/** Where an arrow key leads: left to the parent, right to a child, up and down to the next branch. */
export function nodeByKey(
  key: string,
  layout: TreeLayout,
  nodes: readonly TreeNode[],
  current: number,
): number | undefined {
  const children = childrenOf(nodes);
  const below = children[current === ROOT ? nodes.length : current] ?? [];
  switch (key) {
    case 'ArrowLeft':
      return current === ROOT ? undefined : (nodes[current]?.parent ?? ROOT);
    case 'ArrowRight':
      return below[0];
    case 'ArrowUp':
    case 'ArrowDown':
      return neighbour(layout, current, key === 'ArrowUp' ? -1 : 1);
    case 'Home':
      return current === ROOT ? undefined : ROOT;
    case 'End': {
      let end = current;
      for (let next = below[0]; next !== undefined; next = children[next]?.[0]) end = next;
      return end === current ? undefined : end;
    }
    default:
      return undefined;
  }
}

/** The nearest node above or below at the same depth, else at the greatest depth the next branch reaches. */
function neighbour(layout: TreeLayout, current: number, direction: -1 | 1): number | undefined {
  const here = layout.places[current];
  if (here === undefined) return undefined;
  const beyond = layout.places.filter(({ y, depth }) => depth <= here.depth && direction * (y - here.y) > 1);
  const score = (place: Place) => (here.depth - place.depth) * 1e6 + direction * (place.y - here.y);
  return beyond.reduce<Place | undefined>(
    (best, place) => (best === undefined || score(place) < score(best) ? place : best),
    undefined,
  )?.node;
}
