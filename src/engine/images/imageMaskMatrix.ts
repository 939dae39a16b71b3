// The `mask` call for images: declared against measured for every pair of sub-pixels of a small image, in the same report
// as a text's, so that one view shows both. Places have names: row, column, channel.
import { BitMatrix } from '../../analysis/bitMatrix';
import { causalityRule } from '../../analysis/causality/declared';
import { Closure } from '../../analysis/reach/closure';
import { measuredShape } from '../../analysis/reach/imageNetwork';
import type { GridShape } from '../../analysis/reach/subpixelSet';
import type { TapGraph, TapNode, Taps } from '../../families/family';
import { subpixelsOf } from '../../families/imageFamily';
import type { CallContext } from '../../protocol/calls';
import type { InspectProgress } from '../../protocol/engine';
import { LONGEST_MASK, type MaskLayer, type MaskReport } from '../../protocol/mask';
import { imageCausality, LARGEST_MEASURED } from './imageCausality';
import { maskTypeOf } from './imageMaskLayers';
import type { ImageSubject } from './imageSubject';

const SMALLEST_SIDE = 2;

export async function imageMaskMatrix(
  subject: ImageSubject,
  params: { readonly length?: number },
  context: CallContext<InspectProgress>,
): Promise<MaskReport> {
  const { family, config, facts, device, weights } = subject;
  const shape = shapeOf(subject, params.length);
  const { comparison, allowed, measured, draws } = await imageCausality(subject, {
    ...context,
    shape,
    onDraw: context.progress,
  });
  const { leaks, unseen, agrees, verdict, pairs, length } = comparison;
  const comparisons = [
    {
      kind: 'predicting' as const,
      length,
      pairs,
      leaks: leaks.length,
      unseen: unseen.length,
      verdict,
      leaksByOffset: [],
    },
  ];
  return {
    family: family.id,
    device,
    weights,
    context: Math.min(LONGEST_MASK, family.takesAnySize ? LONGEST_MASK : length),
    causality: family.causality,
    rule: causalityRule(family.causality),
    length,
    image: { height: shape.height, width: shape.width, channels: shape.channels },
    masks: layersOf(family.taps(config, { ...facts, ...shape }), shape),
    declared: allowed.cells(),
    measured: measured.cells(),
    agrees,
    verdict,
    leaks: leaks.length,
    unseen: unseen.length,
    // A distance along the raster says nothing of where an input lies: the view groups leaks by rows and columns.
    leaksByOffset: [],
    comparisons,
    lengths: [length],
    draws,
  };
}

/**
 * A square of about so many sub-pixels; the usual small image where nobody asks. A model of one size is looked at in it
 * while that is small; beyond, its architecture in a small image.
 */
function shapeOf({ family, facts }: ImageSubject, length: number | undefined): GridShape {
  if (!family.takesAnySize && subpixelsOf(facts) <= LARGEST_MEASURED) return facts;
  if (length === undefined) return measuredShape(facts);
  const { channels } = facts;
  const usual = measuredShape(facts);
  if (length === usual.height * usual.width * channels) return usual;
  const side = Math.floor(Math.sqrt(Math.min(length, LONGEST_MASK) / channels));
  return { height: Math.max(SMALLEST_SIDE, side), width: Math.max(SMALLEST_SIDE, side), channels };
}

/** What only sums or scales masks nothing and is left out. */
function layersOf({ nodes, order }: TapGraph, shape: GridShape): MaskLayer[] {
  const layers: MaskLayer[] = [];
  // Layers of one kind share their cells, which so travel once.
  const known = new Map<string, Uint8Array>();
  for (const { id, title, inputs } of nodes) {
    for (const { taps } of inputs) {
      if (taps.kind === 'pointwise') continue;
      const kind = JSON.stringify(taps);
      const cells = known.get(kind) ?? tapCells(taps, shape, order);
      known.set(kind, cells);
      layers.push({ layer: layers.length + 1, id, title, type: maskTypeOf(taps), cells });
    }
  }
  return layers;
}

function tapCells(taps: Taps, shape: GridShape, order: TapGraph['order']): Uint8Array {
  const node: TapNode = { id: 'output', title: '', inputs: [{ from: 'input', taps }], parameters: 0 };
  const closure = new Closure({ nodes: [node], ...(order ? { order } : {}) }, shape);
  const size = shape.height * shape.width * shape.channels;
  const cells = new BitMatrix(size, size);
  for (let output = 0; output < size; output++) {
    for (const input of closure.of(output).indices()) cells.set(output, input);
  }
  return cells.cells();
}
