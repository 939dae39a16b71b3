// The tree of branches as plain data: walking it, growing it, and reading it back from a stranger's hands.
// Knows no engine, no vscode and no picture.
import type { SamplerDocument, SamplerElement, SamplerNode } from '../../protocol/sampler';
import { DEFAULT_BEAM, DEFAULT_SETTINGS } from './samplerSettings';

export const MOST_NODES = 20_000;
export const ROOT = -1;

/** How a node came to be: drawn by the seed, forced by hand, found by a beam search. */
export type Chosen = 'drawn' | 'forced' | 'beam';

export function newDocument(folder: string, prompt: string): SamplerDocument {
  return {
    format: 2,
    folder,
    prompt,
    settings: DEFAULT_SETTINGS,
    length: 50,
    stop: [],
    stopAtEnd: false,
    beam: DEFAULT_BEAM,
    searched: null,
    compared: 'all',
    nodes: [],
    current: ROOT,
  };
}

/** Ids from the prompt's end to a node. */
export function pathOf(nodes: readonly SamplerNode[], node: number): number[] {
  const path: number[] = [];
  for (let at = nodes[node]; at !== undefined; at = nodes[at.parent]) path.push(at.id);
  return path.reverse();
}

/** Moves the cursor to the child with the element's id; makes it where there is none. What a branch was made by stays. */
export function choose(document: SamplerDocument, element: SamplerElement, how: Chosen): SamplerDocument {
  const { nodes, current } = document;
  const known = nodes.findIndex((node) => node.parent === current && node.id === element.id);
  if (known >= 0) return { ...document, current: known };
  const { id, text, logProb, drawnLogProb } = element;
  const node: SamplerNode = { parent: current, id, text, logProb, drawnLogProb, forced: how === 'forced' };
  const made: SamplerNode = how === 'beam' ? { ...node, beam: true } : node;
  return { ...document, nodes: [...nodes, made], current: nodes.length };
}

export function named(document: SamplerDocument, node: number, name: string): SamplerDocument {
  const nodes = document.nodes.map((each, index) => {
    if (index !== node) return each;
    const { parent, id, text, logProb, drawnLogProb, forced, beam } = each;
    const plain = { parent, id, text, logProb, drawnLogProb, forced, ...(beam === true ? { beam } : {}) };
    return name === '' ? plain : { ...plain, name };
  });
  return { ...document, nodes };
}
