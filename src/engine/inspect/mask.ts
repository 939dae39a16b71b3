// The `mask` call: each layer's mask as its family declares it, all of them together, and what the network really reads.
import { causalityRule, tapMask } from '../../analysis/causality/declared';
import type { CausalityReport } from '../../analysis/causality/causality';
import { offsetWords, type Comparison } from '../../analysis/causality/comparison';
import { rowsVerdict } from '../../analysis/causality/verdict';
import type { Taps } from '../../families/family';
import type { CallContext } from '../../protocol/calls';
import type { InspectProgress } from '../../protocol/engine';
import type { LeakGroup, MaskComparison, MaskLayer, MaskReport } from '../../protocol/mask';
import { measureCausality } from './measure';
import type { Subject } from './subject';

export async function maskReport(
  subject: Subject,
  params: { readonly length?: number },
  context: CallContext<InspectProgress>,
): Promise<MaskReport> {
  const { family, config, device, weights, model } = subject;
  const found = await measureCausality(subject, { length: params.length, ...context });
  const length = found.allowed.rows;
  const comparisons = comparisonsOf(found);
  const whole = comparisons.filter(({ kind }) => kind === 'predicting').reverse();
  const leaking = [...whole, ...comparisons].find(({ leaksByOffset }) => leaksByOffset.length > 0);
  return {
    family: family.id,
    device,
    weights,
    context: model.contextLength,
    causality: family.causality,
    rule: causalityRule(family.causality),
    length,
    masks: layersOf(family.taps(config).nodes, length),
    declared: found.allowed.cells(),
    measured: found.measured.cells(),
    agrees: found.agrees,
    verdict: found.verdict,
    leaks: found.leaks,
    unseen: found.predicting.reduce((sum, { unseen }) => sum + unseen.length, 0),
    leaksByOffset: leaking?.leaksByOffset ?? [],
    comparisons,
    lengths: found.lengths,
    draws: found.draws,
  };
}

function comparisonsOf(found: CausalityReport): MaskComparison[] {
  const { predicting, sampled, training, rowLeaks, packed, causality } = found;
  const told = (kind: MaskComparison['kind'], comparison: Comparison): MaskComparison => ({
    kind,
    length: comparison.length,
    pairs: comparison.pairs,
    leaks: comparison.leaks.length,
    unseen: kind === 'predicting' ? comparison.unseen.length : null,
    verdict: comparison.verdict,
    leaksByOffset: comparison.leaksByOffset.map((group): LeakGroup => ({
      ...group,
      words: offsetWords(group, causality),
    })),
  });
  const rows: MaskComparison = {
    kind: 'rows',
    ...packed,
    leaks: rowLeaks.length,
    unseen: null,
    verdict: rowsVerdict(rowLeaks),
    leaksByOffset: [],
  };
  return [
    ...predicting.map((comparison) => told('predicting', comparison)),
    ...(sampled ? [told('sampled', sampled)] : []),
    ...(training ? [told('training', training)] : []),
    rows,
  ];
}

/** Pointwise nodes mask nothing and are left out. */
function layersOf(
  nodes: ReadonlyArray<{
    readonly id: string;
    readonly title: string;
    readonly inputs: ReadonlyArray<{ readonly taps: Taps }>;
  }>,
  length: number,
): MaskLayer[] {
  const layers: MaskLayer[] = [];
  // Layers of one kind share their cells, which so travel once.
  const known = new Map<string, Uint8Array>();
  for (const { id, title, inputs } of nodes) {
    for (const { taps } of inputs) {
      if (taps.kind !== 'causal') continue;
      const kind = JSON.stringify(taps);
      const cells = known.get(kind) ?? tapMask(taps, length).cells();
      known.set(kind, cells);
      layers.push({
        layer: layers.length + 1,
        id,
        title,
        type: typeOf(taps),
        ...(taps.window === undefined ? {} : { window: taps.window }),
        cells,
      });
    }
  }
  return layers;
}

function typeOf({
  window,
  strict,
}: {
  readonly window?: number;
  readonly strict?: boolean;
}): MaskLayer['type'] {
  if (strict) return window === undefined ? 'strict' : 'strict window';
  return window === undefined ? 'causal' : 'window';
}
