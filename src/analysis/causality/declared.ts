// What a family declares: which inputs each output may read, by following its taps from the output back to the input.
// Runs no network; knows tap graphs only.
import type { Causality, TapGraph, Taps } from '../../families/family';
import { BitMatrix } from '../bitMatrix';

/** The mask of one node: which positions of the node before it each of its positions reads. */
export function tapMask(taps: Taps, length: number): BitMatrix {
  return throughTaps(taps, BitMatrix.identity(length));
}

/** The boolean closure: `get(i, j)` says whether output i may read input j, on any path. [length, length] */
export function declaredConnectivity(graph: TapGraph, length: number): BitMatrix {
  const reach = new Map<string, BitMatrix>([['input', BitMatrix.identity(length)]]);
  for (const node of graph.nodes) {
    const reached = new BitMatrix(length, length);
    for (const { from, taps } of node.inputs) {
      const source = reach.get(from);
      if (!source)
        throw new Error(`declaredConnectivity: node ${node.id} reads ${from}, which is not before it`);
      reached.or(throughTaps(taps, source));
    }
    reach.set(node.id, reached);
  }
  const output = reach.get('output');
  if (!output) throw new Error('declaredConnectivity: expected a node called output, got none');
  return output;
}

/** What the named causality allows at all, whatever a graph declares. */
export function maySee(causality: Causality, output: number, input: number): boolean {
  switch (causality) {
    case 'strict':
      return input < output;
    case 'shifted':
      return input <= output;
    default:
      return causality satisfies never;
  }
}

/** The rule in words, for verdicts and legends. */
export function causalityRule(causality: Causality): string {
  return causality === 'strict'
    ? 'output i may read inputs < i'
    : 'output i may read inputs ≤ i and predicts i + 1';
}

/** What is declared and also allowed by the named causality: everything else that is measured is a leak. */
export function allowedConnectivity(graph: TapGraph, causality: Causality, length: number): BitMatrix {
  const declared = declaredConnectivity(graph, length);
  const allowed = new BitMatrix(length, length);
  for (let i = 0; i < length; i++) {
    for (let j = 0; j < length; j++) {
      if (maySee(causality, i, j) && declared.get(i, j)) allowed.set(i, j);
    }
  }
  return allowed;
}

function throughTaps(taps: Taps, source: BitMatrix): BitMatrix {
  const length = source.rows;
  if (taps.kind === 'grid' || taps.kind === 'block')
    throw new Error('declaredConnectivity: expected a sequence, got taps of an image');
  if (taps.kind === 'pointwise') return source.copy();
  const reached = lastRows(source, Math.min(taps.window ?? length, length));
  if (!taps.strict) return reached;
  const shifted = new BitMatrix(length, source.columns);
  for (let i = 1; i < length; i++) shifted.orRow(i, reached, i - 1);
  return shifted;
}

/** Row i becomes the union of rows i − window + 1 … i, by doubling: a union may count a row twice. */
function lastRows(source: BitMatrix, window: number): BitMatrix {
  const result = source.copy();
  const addShifted = (by: number): void => {
    for (let i = result.rows - 1; i >= by; i--) result.orRow(i, result, i - by);
  };
  let span = 1;
  for (; 2 * span <= window; span *= 2) addShifted(span);
  if (window > span) addShifted(window - span);
  return result;
}
