// Where a beam's lattice stands: steps to the right, the extensions of a step below one another, best first.
// Pure; the width of a label is asked for.
import type { SamplerBeamResult } from '../../../src/protocol/sampler';
import type { SamplerBeam } from '../../../src/protocol/samplerView';

/** A search that has ended well. */
export type FoundBeam = Extract<SamplerBeam, { kind: 'result' }>;

export const BOX_HEIGHT = 36;
const ROW = 44;
const GAP = 44;
const HEAD = 24;
const MARGIN = 8;
const LEAST_BOX = 56;
const FATES = ['cut', 'kept', 'ended'] as const;

export interface LatticeNode {
  readonly node: number;
  readonly step: number;
  readonly parent: number;
  readonly text: string;
  /** Nats. */
  readonly logProb: number;
  readonly total: number;
  readonly score: number;
  readonly fate: (typeof FATES)[number];
  /** Places of the hypotheses, from 1, that go through it: none of what was dropped on the way. */
  readonly hypotheses: readonly number[];
  /** The best of those that end here; 0 for none. */
  readonly ends: number;
}

export interface LatticePlace {
  /** CSS pixels, the box's corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface LatticeLayout {
  /** By node index, as the places are. */
  readonly nodes: readonly LatticeNode[];
  readonly places: readonly LatticePlace[];
  readonly root: LatticePlace;
  /** Left edges, by step from 1. */
  readonly columns: readonly number[];
  readonly width: number;
  readonly height: number;
}

export const ROOT = -1;

export function latticeNodes({ lattice, hypotheses }: SamplerBeamResult): LatticeNode[] {
  const texts = new Map(lattice.texts);
  const through = Array.from(lattice.step, (): number[] => []);
  const ends = new Map<number, number>();
  hypotheses.forEach(({ node }, index) => {
    if (!ends.has(node)) ends.set(node, index + 1);
    for (let at = node; at >= 0; at = lattice.parent[at] ?? ROOT) through[at]?.push(index + 1);
  });
  return Array.from(lattice.step, (step, node) => ({
    node,
    step,
    parent: lattice.parent[node] ?? ROOT,
    text: texts.get(lattice.id[node] ?? -1) ?? '',
    logProb: lattice.logProb[node] ?? NaN,
    total: lattice.total[node] ?? NaN,
    score: lattice.score[node] ?? NaN,
    fate: FATES[lattice.fate[node] ?? 0] ?? 'cut',
    hypotheses: through[node] ?? [],
    ends: ends.get(node) ?? 0,
  }));
}

/** @param labelWidth of everything that is written in a node's box. */
export function layoutLattice(
  nodes: readonly LatticeNode[],
  rootWidth: number,
  labelWidth: (node: LatticeNode) => number,
): LatticeLayout {
  const widths: number[] = [];
  const rows: number[] = [];
  const rowOf = nodes.map((node) => {
    widths[node.step] = Math.max(widths[node.step] ?? LEAST_BOX, Math.ceil(labelWidth(node)));
    const row = rows[node.step] ?? 0;
    rows[node.step] = row + 1;
    return row;
  });
  const columns: number[] = [];
  const rootBox = Math.ceil(rootWidth);
  let left = MARGIN + rootBox + GAP;
  for (let step = 1; step < widths.length; step++) {
    columns[step] = left;
    left += (widths[step] ?? 0) + GAP;
  }
  const places = nodes.map(({ step }, node) => ({
    x: columns[step] ?? 0,
    y: HEAD + ROW * (rowOf[node] ?? 0),
    width: widths[step] ?? 0,
  }));
  const height = HEAD + ROW * Math.max(1, ...rows.filter((count) => count > 0)) + MARGIN;
  const root = { x: MARGIN, y: HEAD, width: rootBox };
  return { nodes, places, root, columns, width: left - GAP + MARGIN + 24, height };
}

/** The node whose box is under a point, or the root, or nothing. */
export function latticeNodeAt({ places, root }: LatticeLayout, x: number, y: number): number | undefined {
  const hit = (place: LatticePlace) =>
    x >= place.x && x <= place.x + place.width && y >= place.y && y <= place.y + BOX_HEIGHT;
  const found = places.findIndex(hit);
  if (found >= 0) return found;
  return hit(root) ? ROOT : undefined;
}

/** Where an arrow key leads: left to what it extends, right to its best extension, up and down within the step. */
export function latticeNodeByKey(key: string, { nodes }: LatticeLayout, current: number): number | undefined {
  const here = nodes[current];
  const bestAfter = (parent: number): number | undefined =>
    nodes
      .filter((each) => each.parent === parent)
      .sort((a, b) => rankOf(a) - rankOf(b) || b.total - a.total)[0]?.node;
  switch (key) {
    case 'ArrowLeft':
      return here === undefined ? undefined : here.parent;
    case 'ArrowRight':
      return bestAfter(current);
    case 'ArrowUp':
    case 'ArrowDown': {
      const column = nodes.filter(({ step }) => step === here?.step);
      return column[column.findIndex(({ node }) => node === current) + (key === 'ArrowUp' ? -1 : 1)]?.node;
    }
    case 'Home':
      return current === ROOT ? undefined : ROOT;
    case 'End': {
      const best = nodes.find(({ ends }) => ends === 1)?.node;
      return best === current ? undefined : best;
    }
    default:
      return undefined;
  }
}

/** The best hypothesis through it; those that lead nowhere come last. */
const rankOf = ({ hypotheses, fate }: LatticeNode): number => hypotheses[0] ?? (fate === 'kept' ? 1e3 : 1e6);
