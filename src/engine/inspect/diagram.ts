// The `diagram` call: the tap graph as a person draws it, each node with its shape and the variables that are really its.
// Counts are of the built model, not of the declaration; a test holds their sum equal to the model's.
import type { Axis, TapNode, Taps } from '../../families/family';
import type { DiagramAxis, DiagramNode, DiagramReads, DiagramReport } from '../../protocol/diagram';
import type { Subject } from './subject';

export function diagramReport(subject: Subject): DiagramReport {
  const { family, config, model, weights, standIn = false } = subject;
  const { nodes } = family.taps(config);
  const known = new Set(nodes.map(({ id }) => id));
  const variables = new Map<string, Array<DiagramNode['variables'][number]>>();
  for (const { name, variable } of model.variables) {
    const id = family.nodeOf(name);
    if (!known.has(id)) throw new Error(`diagram: expected a node for ${name}, got ${id}, which is none`);
    variables.set(id, [...(variables.get(id) ?? []), { name, shape: variable.shape }]);
  }
  const sized = (shape: readonly Axis[]) => shape.map((axis) => sizedAxis(subject, axis));
  const first: DiagramNode = {
    id: 'input',
    title: 'Token ids',
    inputs: [],
    shape: sized(shapeOf(nodes).slice(0, 2)),
    inside: [],
    parameters: 0,
    variables: [],
  };
  const drawn = nodes.map((node): DiagramNode => {
    const own = variables.get(node.id) ?? [];
    return {
      id: node.id,
      title: node.title,
      inputs: node.inputs.map(({ from, taps }) => ({ from, ...readsOf(taps) })),
      shape: sized(node.shape ?? []),
      inside: (node.inside ?? []).map(({ title, shape }) => ({ title, shape: sized(shape) })),
      parameters: own.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
      variables: own,
    };
  });
  return {
    family: family.id,
    title: family.title,
    nodes: [first, ...drawn],
    parameters: model.variables.reduce((sum, { variable }) => sum + variable.size, 0),
    weights,
    vocabulary: model.vocabulary,
    standIn,
  };
}

/** The first node that says its shape: its batch and time are the ids' too. */
const shapeOf = (nodes: readonly TapNode[]): readonly Axis[] =>
  nodes.find(({ shape }) => shape !== undefined)?.shape ?? [];

function sizedAxis({ batch, model }: Subject, { letter, size }: Axis): DiagramAxis {
  if (size !== undefined) return { letter, size };
  if (letter === 'V') return { letter, size: model.vocabulary };
  return { letter, size: letter === 'B' ? (batch ?? null) : null };
}

function readsOf(taps: Taps): { readonly reads: DiagramReads; readonly window?: number } {
  // Grid taps are an image's, and no text has them.
  if (taps.kind !== 'causal') return { reads: 'pointwise' };
  const { window, strict } = taps;
  if (window === undefined) return { reads: strict ? 'strict' : 'causal' };
  return { reads: strict ? 'strict window' : 'window', window };
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);
