// The tree of branches as plain data: walking it, growing it, and reading it back from a stranger's hands.
// Knows no engine, no vscode and no picture.
import type { SamplerDocument, SamplerElement, SamplerNode, SamplerSettings } from '../../protocol/sampler';

export const MOST_NODES = 20_000;
export const ROOT = -1;

export const DEFAULT_SETTINGS: SamplerSettings = {
  temperature: 0.8,
  topK: 40,
  topP: 0.95,
  repetitionPenalty: 1,
  seed: 1,
};

export function newDocument(folder: string, prompt: string): SamplerDocument {
  const settings = DEFAULT_SETTINGS;
  return { format: 1, folder, prompt, settings, length: 50, stop: '', nodes: [], current: ROOT };
}

/** Ids from the prompt's end to a node. */
export function pathOf(nodes: readonly SamplerNode[], node: number): number[] {
  const path: number[] = [];
  for (let at = nodes[node]; at !== undefined; at = nodes[at.parent]) path.push(at.id);
  return path.reverse();
}

/** Moves the cursor to the child with the element's id; makes it where there is none. What a branch was made by stays. */
export function choose(document: SamplerDocument, element: SamplerElement, forced: boolean): SamplerDocument {
  const { nodes, current } = document;
  const known = nodes.findIndex((node) => node.parent === current && node.id === element.id);
  if (known >= 0) return { ...document, current: known };
  const { id, text, logProb, drawnLogProb } = element;
  const node: SamplerNode = { parent: current, id, text, logProb, drawnLogProb, forced };
  return { ...document, nodes: [...nodes, node], current: nodes.length };
}

export function named(document: SamplerDocument, node: number, name: string): SamplerDocument {
  const nodes = document.nodes.map((each, index) => {
    if (index !== node) return each;
    const { parent, id, text, logProb, drawnLogProb, forced } = each;
    const plain = { parent, id, text, logProb, drawnLogProb, forced };
    return name === '' ? plain : { ...plain, name };
  });
  return { ...document, nodes };
}

/** What VS Code kept of a view, if it is a document: whatever does not fit makes it none. */
export function readDocument(kept: unknown): SamplerDocument | undefined {
  if (!isObject(kept) || kept['format'] !== 1) return undefined;
  const { folder, prompt, length, stop, nodes, current } = kept;
  const settings = readSettings(kept['settings']);
  if (typeof folder !== 'string' || typeof prompt !== 'string' || typeof stop !== 'string') return undefined;
  if (settings === undefined || !isCount(length) || !Array.isArray(nodes) || nodes.length > MOST_NODES) {
    return undefined;
  }
  const read = nodes.map((node: unknown, index) => readNode(node, index));
  const whole = read.filter((node) => node !== undefined);
  if (whole.length !== read.length || !isIndex(current, read.length)) return undefined;
  return { format: 1, folder, prompt, settings, length, stop, nodes: whole, current };
}

function readNode(node: unknown, index: number): SamplerNode | undefined {
  if (!isObject(node) || !isIndex(node['parent'], index) || !isCount(node['id'])) return undefined;
  const { parent, id, text, logProb, drawnLogProb, forced, name } = node;
  if (typeof text !== 'string' || typeof logProb !== 'number' || typeof forced !== 'boolean')
    return undefined;
  if (drawnLogProb !== null && typeof drawnLogProb !== 'number') return undefined;
  const read = { parent, id, text, logProb, drawnLogProb, forced };
  return typeof name === 'string' ? { ...read, name } : read;
}

function readSettings(settings: unknown): SamplerSettings | undefined {
  if (!isObject(settings)) return undefined;
  const { temperature, topK, topP, minP, repetitionPenalty, seed } = settings;
  if (typeof temperature !== 'number' || typeof repetitionPenalty !== 'number' || !isCount(seed))
    return undefined;
  return {
    temperature,
    repetitionPenalty,
    seed,
    ...(typeof topK === 'number' ? { topK } : {}),
    ...(typeof topP === 'number' ? { topP } : {}),
    ...(typeof minP === 'number' ? { minP } : {}),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
/** A node that stands before `end`, or the root. */
const isIndex = (value: unknown, end: number): value is number =>
  value === ROOT || (isCount(value) && value < end);
