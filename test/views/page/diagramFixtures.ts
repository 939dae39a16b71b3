// Diagrams for the Diagram view's pictures and tests: of the real families' tap graphs, with counts as they are.
import { imageDiagramReport } from '../../../src/engine/inspect/diagram';
import type { Axis, Family } from '../../../src/families/family';
import { IMAGE_FAMILIES, familyById } from '../../../src/families/registry';
import type { DiagramAxis, DiagramReport } from '../../../src/protocol/diagram';
import type { DiagramContent } from '../../../src/protocol/diagramView';
import type { ViewState } from '../../../src/protocol/views';

const VOCABULARY = 257;

function reportOf(id: string, config: Record<string, unknown>, embedded: number): DiagramReport {
  const family = familyById(id) as Family;
  const sized = (shape: readonly Axis[] = []): DiagramAxis[] =>
    shape.map(({ letter, size }) => ({ letter, size: size ?? (letter === 'V' ? VOCABULARY : null) }));
  const { nodes } = family.taps(config);
  const drawn = nodes.map((node, at) => ({
    id: node.id,
    title: node.title,
    inputs: node.inputs.map(({ from, taps }) =>
      taps.kind !== 'causal'
        ? ({ from, reads: 'pointwise' } as const)
        : ({
            from,
            reads: taps.window === undefined ? 'causal' : 'window',
            ...(taps.window === undefined ? {} : { window: taps.window }),
          } as const),
    ),
    shape: sized(node.shape),
    inside: (node.inside ?? []).map(({ title, shape }) => ({ title, shape: sized(shape) })),
    parameters: node.parameters + (at === 0 ? embedded : 0),
    variables: [],
  }));
  return {
    domain: 'text',
    family: family.id,
    title: family.title,
    nodes: [
      {
        id: 'input',
        title: 'Token ids',
        inputs: [],
        shape: sized(nodes[0]?.shape?.slice(0, 2)),
        inside: [],
        parameters: 0,
        variables: [],
      },
      ...drawn,
    ],
    parameters: drawn.reduce((sum, { parameters }) => sum + parameters, 0),
    weights: 'own',
    vocabulary: VOCABULARY,
    standIn: false,
  };
}

/** Of a family of images as the engine draws it, each node's declared parameters as one variable. */
function imageReport(id: string, config: Record<string, unknown>, channels: number): DiagramReport {
  const family = IMAGE_FAMILIES.find((each) => each.id === id);
  if (!family) throw new Error(`no family ${id}`);
  const facts = { height: 28, width: 28, channels, levels: 256 };
  const variables = family.taps(config, facts).nodes.map(({ id: name, parameters }) => ({
    name,
    variable: { shape: [parameters], size: parameters },
  }));
  const subject = { family: { ...family, nodeOf: (name: string) => name }, config, facts };
  type Drawn = Parameters<typeof imageDiagramReport>[0];
  return imageDiagramReport({ ...subject, model: { variables }, weights: 'own' } as unknown as Drawn);
}

export const transformerReport = (layers: number): DiagramReport =>
  reportOf('transformer', { layers, heads: 4, width: 128, contextLength: 64, dropout: 0 }, VOCABULARY * 128);

function content(report: DiagramReport, changes: Partial<DiagramContent> = {}): DiagramContent {
  const path = '/workspace/.arlens/runs/almanac/example';
  return { subject: { kind: 'model', path }, name: 'almanac example', report, problem: '', ...changes };
}

const RESULTS: Readonly<Record<string, () => DiagramContent>> = {
  result: () => content(transformerReport(2)),
  deep: () => content(transformerReport(12)),
  gated: () =>
    content(imageReport('gatedPixelcnn', { layers: 2, width: 32, kernel: 3, firstKernel: 7, classes: 0 }, 1)),
  halved: () =>
    content(
      imageReport(
        'pixelcnnPlusPlus',
        { layers: 1, halvings: 1, width: 24, kernel: 3, firstKernel: 3, mixtures: 5, classes: 0 },
        3,
      ),
    ),
  table: () => content(reportOf('markov', { order: 2 }, 0)),
  spec: () =>
    content(
      { ...transformerReport(1), weights: 'random', standIn: true },
      {
        subject: { kind: 'spec', path: '/workspace/almanac.arlens.json' },
        name: 'almanac',
        problem: 'model.width: expected a multiple of model.heads (3), got 128.',
      },
    ),
};

export const diagramState = (name: string): ViewState<DiagramContent> | undefined => {
  const made = RESULTS[name]?.();
  return made === undefined ? undefined : { kind: 'result', content: made };
};
