// A model as mermaid's text: what is drawn, and what is copied. Pure.
import type { DiagramNode } from '../../../src/protocol/diagram';
import { formatCount } from '../../ui/format';
import { shortTitle, type Group } from './blocks';
import { readsText, shapeText } from './words';

export interface MermaidSource {
  readonly text: string;
  /** mermaid's id of each node that is drawn, by the model's. */
  readonly ids: ReadonlyMap<string, string>;
}

export function mermaidSource(groups: readonly Group[]): MermaidSource {
  const ids = new Map<string, string>();
  for (const { nodes } of groups) for (const { id } of nodes) ids.set(id, `n${ids.size}`);
  const lines = ['flowchart TB'];
  groups.forEach((group, at) => {
    const declared = group.nodes.map((node) => `${ids.get(node.id)}["${labelOf(node, group.title)}"]`);
    if (group.title === '') lines.push(...declared.map((line) => `  ${line}`));
    else {
      const title = groupTitle(group);
      lines.push(`  subgraph g${at}["${title}"]`, ...declared.map((line) => `    ${line}`), '  end');
    }
  });
  for (const edge of edgesOf(groups, ids)) lines.push(`  ${edge}`);
  return { text: `${lines.join('\n')}\n`, ids };
}

/** One line: the arrow into a group has no room beside two. */
const groupTitle = ({ title, lastTitle, alike }: Group): string =>
  clean(alike === 1 ? title : `${title} to ${lastTitle}, ${alike} alike`);

function labelOf(node: DiagramNode, group: string): string {
  const { parameters, inside } = node;
  const counted = parameters === 0 ? [] : [`${formatCount(parameters)} parameters`];
  const tensors = inside.map(({ title, shape }) => `${title} ${shapeText(shape)}`);
  return [shortTitle(node, group), shapeText(node.shape), ...tensors, ...counted].map(clean).join('<br/>');
}

/** An edge into a group that stands for several comes from the group before the first of them. */
function edgesOf(groups: readonly Group[], ids: ReadonlyMap<string, string>): string[] {
  const last = lastDrawn(groups);
  return groups
    .flatMap(({ nodes }) => nodes)
    .flatMap((node) =>
      node.inputs.map((input) => {
        const from = ids.get(input.from) ?? last(node);
        const words = input.reads === 'pointwise' ? '' : `|"${clean(readsText(input))}"|`;
        return `${from} -->${words} ${ids.get(node.id)}`;
      }),
    );

  /** A node whose input is one of the blocks left out reads the block that stands for it: the one drawn before. */
  function lastDrawn(drawn: readonly Group[]): (node: DiagramNode) => string {
    return (node) => {
      const at = drawn.findIndex(({ nodes }) => nodes.includes(node));
      return ids.get(drawn[at - 1]?.nodes.at(-1)?.id ?? '') ?? 'n0';
    };
  }
}

/** mermaid's own signs, and line ends, are no part of a label. */
const clean = (text: string): string =>
  text
    .replaceAll('"', '”')
    .replaceAll('<', '‹')
    .replaceAll('#', '＃')
    .replaceAll(/[\r\n]+/g, ' ');
