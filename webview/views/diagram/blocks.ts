// A model's nodes in the groups that their ids and titles name ('block3.mlp', 'Block 4: …'), and which groups are alike.
// Pure; knows no drawing.
import type { DiagramNode, DiagramReport } from '../../../src/protocol/diagram';

export interface Group {
  /** '' for a node that stands alone. */
  readonly title: string;
  readonly nodes: readonly DiagramNode[];
  /** How many groups in a row this one stands for, itself included. */
  readonly alike: number;
  readonly lastTitle: string;
  readonly parameters: number;
}

/** More groups than these are drawn once each kind, unless a person wants them all. */
const MANY = 3;

export function groupsOf({ nodes }: DiagramReport, blocks: 'auto' | 'once' | 'each'): Group[] {
  const each = grouped(nodes);
  const named = each.filter(({ title }) => title !== '').length;
  const merge = blocks === 'once' || (blocks === 'auto' && named > MANY);
  return merge ? merged(each) : each;
}

/** Whether any two groups in a row are alike: else there is nothing to draw once. */
export const hasAlike = (report: DiagramReport): boolean =>
  merged(grouped(report.nodes)).some(({ alike }) => alike > 1);

/** A node's title without its group's. */
export function shortTitle({ title }: DiagramNode, group: string): string {
  return group !== '' && title.startsWith(`${group}: `) ? title.slice(group.length + 2) : title;
}

function grouped(nodes: readonly DiagramNode[]): Group[] {
  const groups: Array<{ key: string; nodes: DiagramNode[] }> = [];
  for (const node of nodes) {
    const key = node.id.includes('.') ? (node.id.split('.')[0] ?? '') : '';
    const last = groups.at(-1);
    if (key !== '' && last?.key === key) last.nodes.push(node);
    else groups.push({ key, nodes: [node] });
  }
  return groups.map(({ key, nodes: own }) => {
    const title = key === '' ? '' : commonTitle(own, key);
    return { title, nodes: own, alike: 1, lastTitle: title, parameters: sum(own) };
  });
}

/** What stands before the colon in every title, or else the id's own part. */
function commonTitle(nodes: readonly DiagramNode[], key: string): string {
  const prefixes = new Set(nodes.map(({ title }) => title.split(': ')[0] ?? ''));
  const [only] = prefixes;
  return prefixes.size === 1 && only !== undefined && nodes.every(({ title }) => title.includes(': '))
    ? only
    : key;
}

function merged(groups: readonly Group[]): Group[] {
  const result: Group[] = [];
  for (const group of groups) {
    const last = result.at(-1);
    if (last === undefined || last.title === '' || likeness(last) !== likeness(group)) result.push(group);
    else {
      const { title: lastTitle, parameters } = group;
      result[result.length - 1] = {
        ...last,
        alike: last.alike + 1,
        lastTitle,
        parameters: last.parameters + parameters,
      };
    }
  }
  return result;
}

/** All that is drawn of a group but its number. */
function likeness({ title, nodes }: Group): string {
  return JSON.stringify(
    nodes.map((node) => [
      shortTitle(node, title),
      node.shape,
      node.inside,
      node.parameters,
      node.inputs.map(({ from: _, ...reads }) => reads),
    ]),
  );
}

const sum = (nodes: readonly DiagramNode[]): number =>
  nodes.reduce((total, { parameters }) => total + parameters, 0);
