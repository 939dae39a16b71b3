// The `mask` call: each layer's mask as its family declares it, all of them together, and what the network really reads.
import { causalityRule, tapMask } from '../../analysis/causality/declared';
import { offsetWords } from '../../analysis/causality/comparison';
import type { Taps } from '../../families/family';
import type { CallContext } from '../../protocol/calls';
import type { InspectProgress, MaskLayer, MaskReport } from '../../protocol/engine';
import { measureCausality } from './measure';
import type { Subject } from './subject';

export async function maskReport(
  subject: Subject,
  params: { readonly length?: number },
  context: CallContext<InspectProgress>,
): Promise<MaskReport> {
  const { family, config, device } = subject;
  const found = await measureCausality(subject, { length: params.length, ...context });
  const length = found.allowed.rows;
  const all = found.training ? [...found.predicting, found.training] : found.predicting;
  const leaking = [...all].sort((a, b) => b.length - a.length).find(({ leaks }) => leaks.length > 0);
  return {
    family: family.id,
    device,
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
    leaksByOffset: (leaking?.leaksByOffset ?? []).map((group) => ({
      ...group,
      words: offsetWords(group, family.causality),
    })),
    lengths: found.lengths,
    draws: found.draws,
  };
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
  for (const { id, title, inputs } of nodes) {
    for (const { taps } of inputs) {
      if (taps.kind === 'pointwise') continue;
      layers.push({
        layer: layers.length + 1,
        id,
        title,
        type: typeOf(taps),
        ...(taps.window === undefined ? {} : { window: taps.window }),
        cells: tapMask(taps, length).cells(),
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
