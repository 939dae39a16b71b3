// The `diagram` call: the tap graph as a person draws it, each node with its shape and the variables that are really its,
// of models of texts and of images.
// Counts are of the built model, not of the declaration; a test holds their sum equal to the model's.
import type { Axis, NamedVariable, TapNode, Taps } from '../../families/family';
import { featureShape } from '../../families/imageShapes';
import type { DiagramAxis, DiagramNode, DiagramReport } from '../../protocol/diagram';
import type { ImageSubject } from '../images/imageSubject';
import type { Subject } from './subject';

export function diagramReport(subject: Subject): DiagramReport {
  const { family, config, model, weights, standIn = false, batch } = subject;
  const { nodes } = family.taps(config);
  const drawn = { nodes, variables: model.variables, nodeOf: (name: string) => family.nodeOf(name) };
  return {
    ...{ domain: 'text', family: family.id, title: family.title, weights, standIn },
    vocabulary: model.vocabulary,
    ...drawnNodes(drawn, {
      title: 'Token ids',
      shape: shapeOf(nodes).slice(0, 2),
      sizes: { B: batch, V: model.vocabulary },
    }),
  };
}

export function imageDiagramReport(subject: ImageSubject): DiagramReport {
  const { family, config, facts, model, weights } = subject;
  const { nodes } = family.taps(config, facts);
  const nodeOf = (variable: string): string => family.nodeOf(variable, config);
  return {
    ...{ domain: 'image', family: family.id, title: family.title, weights, standIn: false },
    vocabulary: facts.levels,
    ...drawnNodes(
      { nodes, variables: model.variables, nodeOf },
      {
        title: 'Pixels',
        shape: featureShape(facts, facts.channels),
        sizes: { V: facts.levels },
        channels: facts.channels,
      },
    ),
  };
}

interface Drawn {
  readonly nodes: readonly TapNode[];
  readonly variables: readonly NamedVariable[];
  readonly nodeOf: (variable: string) => string;
}

interface Input {
  readonly title: string;
  readonly shape: readonly Axis[];
  /** Of the axes that no configuration decides. */
  readonly sizes: Readonly<Record<string, number | undefined>>;
  /** Channel groups of a pixel: of one alone nothing comes before. */
  readonly channels?: number;
}

function drawnNodes(
  { nodes, variables, nodeOf }: Drawn,
  input: Input,
): Pick<DiagramReport, 'nodes' | 'parameters'> {
  const known = new Set(nodes.map(({ id }) => id));
  const byNode = new Map<string, Array<DiagramNode['variables'][number]>>();
  for (const { name, variable } of variables) {
    const id = nodeOf(name);
    if (!known.has(id)) throw new Error(`diagram: expected a node for ${name}, got ${id}, which is none`);
    byNode.set(id, [...(byNode.get(id) ?? []), { name, shape: variable.shape }]);
  }
  const sized = (shape: readonly Axis[]): DiagramAxis[] =>
    shape.map(({ letter, size }) => ({ letter, size: size ?? input.sizes[letter] ?? null }));
  const first: DiagramNode = {
    id: 'input',
    title: input.title,
    inputs: [],
    shape: sized(input.shape),
    inside: [],
    parameters: 0,
    variables: [],
  };
  const drawn = nodes.map((node): DiagramNode => {
    const own = byNode.get(node.id) ?? [];
    return {
      id: node.id,
      title: node.title,
      inputs: node.inputs.map(({ from, taps }) => ({ from, ...readsOf(taps, input.channels) })),
      shape: sized(node.shape ?? []),
      inside: (node.inside ?? []).map(({ title, shape }) => ({ title, shape: sized(shape) })),
      parameters: own.reduce((sum, { shape }) => sum + sizeOf(shape), 0),
      variables: own,
    };
  });
  return {
    nodes: [first, ...drawn],
    parameters: variables.reduce((sum, { variable }) => sum + variable.size, 0),
  };
}

/** The first node that says its shape: its batch and time are the ids' too. */
const shapeOf = (nodes: readonly TapNode[]): readonly Axis[] =>
  nodes.find(({ shape }) => shape !== undefined)?.shape ?? [];

function readsOf(taps: Taps, channels = 1): Omit<DiagramNode['inputs'][number], 'from'> {
  switch (taps.kind) {
    case 'pointwise':
      return { reads: 'pointwise' };
    case 'grid': {
      const own = taps.centre === 'upTo' || taps.centre === 'all';
      if (taps.offsets.length === 0 && own && channels === 1) return { reads: 'pointwise' };
      const centre = channels > 1 ? taps.centre : own ? 'all' : 'none';
      return { reads: 'grid', places: taps.offsets.length, centre };
    }
    case 'block':
      return { reads: 'block', side: taps.side };
    case 'causal': {
      const { window, strict } = taps;
      if (window === undefined) return { reads: strict ? 'strict' : 'causal' };
      return { reads: strict ? 'strict window' : 'window', window };
    }
    default:
      return taps satisfies never;
  }
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);
