// The `imageMask` call: each layer's kernel as its family declares it, and whether the network reads just that.
import { causalityRule } from '../../analysis/causality/declared';
import type { GridTaps, TapNode, Taps } from '../../families/family';
import { centreReads, maskRows } from '../../nn/convolutionMask';
import type { CallContext } from '../../protocol/calls';
import type { InspectProgress } from '../../protocol/engine';
import type { ImageMaskLayer, ImageMaskReport } from '../../protocol/images';
import { imageCausality } from './imageCausality';
import type { ImageSubject } from './imageSubject';

export async function imageMaskReport(
  subject: ImageSubject,
  context: CallContext<InspectProgress>,
): Promise<ImageMaskReport> {
  const { family, config, facts, device } = subject;
  const { comparison, shape, draws } = await imageCausality(subject, context.signal, context.progress);
  return {
    family: family.id,
    device,
    causality: family.causality,
    rule: causalityRule(family.causality),
    masks: layersOf(family.taps(config, facts).nodes, facts.channels),
    shape: { height: shape.height, width: shape.width, channels: shape.channels },
    agrees: comparison.agrees,
    verdict: comparison.verdict,
    leaks: comparison.leaks.length,
    unseen: comparison.unseen.length,
    draws,
  };
}

/** What only sums or scales masks nothing and is left out. */
function layersOf(nodes: readonly TapNode[], channels: number): ImageMaskLayer[] {
  const layers: ImageMaskLayer[] = [];
  for (const { id, title, inputs } of nodes) {
    for (const { taps } of inputs) {
      if (taps.kind === 'pointwise') continue;
      layers.push({ layer: layers.length + 1, id, title, type: typeOf(taps), ...shownOf(taps, channels) });
    }
  }
  return layers;
}

function shownOf(
  taps: Exclude<Taps, { kind: 'pointwise' }>,
  channels: number,
): Pick<ImageMaskLayer, 'rows' | 'centre'> {
  const groups = Array.from({ length: channels }, (_, group) => group);
  if (taps.kind === 'causal') {
    // All that comes before, in the order of generation: drawn as the nearest 3 × 3.
    const own = groups.map((to) => groups.map((from) => Number(taps.strict ? from < to : from <= to)));
    const middle = own.some((row) => row.includes(1)) ? 1 : 0;
    return {
      rows: [
        [1, 1, 1],
        [1, middle, 0],
        [0, 0, 0],
      ],
      centre: own,
    };
  }
  return {
    rows: maskRows(taps, channels),
    centre: groups.map((to) => groups.map((from) => Number(centreReads(taps.centre, to, from)))),
  };
}

function typeOf(taps: Exclude<Taps, { kind: 'pointwise' }>): ImageMaskLayer['type'] {
  if (taps.kind === 'causal') return 'order';
  const { offsets, centre } = taps;
  if (offsets.length === 0) return 'pointwise';
  const letter = centre === 'before' ? 'A' : 'B';
  const inRow = offsets.every(([row]) => row === 0);
  if (inRow) return `horizontal ${letter}`;
  if (centre === 'all') return 'vertical';
  return isShift(taps) ? 'shift' : letter;
}

function isShift({ offsets, centre }: GridTaps): boolean {
  return offsets.length === 1 && centre === 'none';
}
