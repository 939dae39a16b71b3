// The `imageMask` call: each layer's kernel as its family declares it, and whether the network reads just that.
import { causalityRule } from '../../analysis/causality/declared';
import type { CallContext } from '../../protocol/calls';
import type { InspectProgress } from '../../protocol/engine';
import type { ImageMaskReport } from '../../protocol/images';
import { imageCausality } from './imageCausality';
import { imageMaskLayers } from './imageMaskLayers';
import type { ImageSubject } from './imageSubject';

export async function imageMaskReport(
  subject: ImageSubject,
  context: CallContext<InspectProgress>,
): Promise<ImageMaskReport> {
  const { family, config, facts, device } = subject;
  const graph = family.taps(config, facts);
  const { comparison, shape, draws } = await imageCausality(subject, {
    signal: context.signal,
    onDraw: context.progress,
  });
  return {
    family: family.id,
    device,
    causality: family.causality,
    rule: causalityRule(family.causality),
    masks: imageMaskLayers(graph, facts),
    ...(graph.order ? { order: graph.order } : {}),
    shape: { height: shape.height, width: shape.width, channels: shape.channels },
    agrees: comparison.agrees,
    verdict: comparison.verdict,
    leaks: comparison.leaks.length,
    unseen: comparison.unseen.length,
    draws,
  };
}
