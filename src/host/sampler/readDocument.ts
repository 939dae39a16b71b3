// A Sampler's document read back from what VS Code kept of a view: whatever does not fit makes it none.
// Format 1 had one stop text and no beam; what it holds is carried over.
import type { SamplerDocument, SamplerNode } from '../../protocol/sampler';
import { isCount, isObject } from './kept';
import { DEFAULT_BEAM, readBeam, readCompared, readSettings, readStops } from './samplerSettings';
import { MOST_NODES, ROOT } from './samplerTree';

export function readDocument(kept: unknown): SamplerDocument | undefined {
  const now = isObject(kept) ? migrated(kept) : undefined;
  if (now === undefined) return undefined;
  const { folder, prompt, length, nodes, current, stopAtEnd, searched } = now;
  const [settings, beam, stop] = [
    readSettings(now['settings']),
    readBeam(now['beam']),
    readStops(now['stop']),
  ];
  if (typeof folder !== 'string' || typeof prompt !== 'string' || typeof stopAtEnd !== 'boolean')
    return undefined;
  if (settings === undefined || beam === undefined || stop === undefined || !isCount(length))
    return undefined;
  if (!Array.isArray(nodes) || nodes.length > MOST_NODES) return undefined;
  const read = nodes.map((node: unknown, index) => readNode(node, index));
  const whole = read.filter((node) => node !== undefined);
  if (whole.length !== read.length || !isIndex(current, read.length)) return undefined;
  if (searched !== null && !isIndex(searched, read.length)) return undefined;
  const compared = readCompared(now['compared']);
  const tree = { nodes: whole, current };
  return { format: 2, folder, prompt, settings, length, stop, stopAtEnd, beam, searched, compared, ...tree };
}

function migrated(kept: Record<string, unknown>): Record<string, unknown> | undefined {
  const { format, stop, ...rest } = kept;
  if (format === 2) return kept;
  if (format !== 1 || typeof stop !== 'string') return undefined;
  const added = { stopAtEnd: false, beam: DEFAULT_BEAM, searched: null, compared: 'all' };
  return { ...rest, ...added, stop: stop === '' ? [] : [stop] };
}

function readNode(node: unknown, index: number): SamplerNode | undefined {
  if (!isObject(node) || !isIndex(node['parent'], index) || !isCount(node['id'])) return undefined;
  const { parent, id, text, logProb, drawnLogProb, forced, beam, name } = node;
  if (typeof text !== 'string' || typeof logProb !== 'number' || typeof forced !== 'boolean')
    return undefined;
  if (drawnLogProb !== null && typeof drawnLogProb !== 'number') return undefined;
  return {
    ...{ parent, id, text, logProb, drawnLogProb, forced },
    ...(beam === true ? { beam } : {}),
    ...(typeof name === 'string' ? { name } : {}),
  };
}

/** A node that stands before `end`, or the root. */
const isIndex = (value: unknown, end: number): value is number =>
  value === ROOT || (isCount(value) && value < end);
