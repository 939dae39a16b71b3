// The causal mask of images: declared = measured for real families, with names for places; planted leaks are found and named.
import { setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageFacts, ImageFamily } from '../../families/imageFamily';
import { IMAGE_FAMILIES } from '../../families/registry';
import type { Offset, TapGraph, Taps } from '../../families/family';
import { imageMaskMatrix } from './imageMaskMatrix';
import type { ImageSubject } from './imageSubject';

beforeAll(() => setBackend('cpu').then(() => undefined));

const context = { signal: new AbortController().signal, progress: () => Promise.resolve() };

async function reportOf(family: ImageFamily, facts: ImageFacts, length?: number) {
  const model = family.build(family.example, facts, 1);
  const subject: ImageSubject = {
    family,
    config: family.example,
    facts,
    sizeFrom: 'data',
    model,
    weights: 'random',
    device: 'cpu',
  };
  return imageMaskMatrix(subject, length === undefined ? {} : { length }, context).finally(() =>
    model.dispose(),
  );
}

const grey: ImageFacts = { height: 9, width: 9, channels: 1, levels: 2 };
const rgb: ImageFacts = { height: 4, width: 4, channels: 3, levels: 2 };

/** The family with other taps than its weights have: what is measured is then more, or less, than what is declared. */
function declaring(family: ImageFamily, change: (graph: TapGraph) => TapGraph): ImageFamily {
  return { ...family, taps: (config, facts) => change(family.taps(config, facts)) };
}

const pixelcnn = IMAGE_FAMILIES.find(({ id }) => id === 'pixelcnn') as ImageFamily;

describe('the causal mask of images', () => {
  it.each(
    IMAGE_FAMILIES.flatMap((family) => [
      [family.id, grey, family] as const,
      [family.id, rgb, family] as const,
    ]),
  )('%s declares what is measured (%o)', async (_, facts, family) => {
    const length = 9 * facts.channels;
    const report = await reportOf(family, facts, family.takesAnySize ? length : undefined);
    expect(report.verdict).toMatch(/^declared = measured over [\d,]+ pairs$/);
    if (family.takesAnySize) expect(report.image).toEqual({ height: 3, width: 3, channels: facts.channels });
    expect(report.declared).toEqual(report.measured);
    for (const { cells } of report.masks) expect(cells).toHaveLength(report.length ** 2);
  });

  it('has each layer’s own mask: A excludes the own place, B includes it', async () => {
    const { masks, length } = await reportOf(pixelcnn, grey, 9);
    const own = masks.map(({ type, cells }) => [type, cells[4 * length + 4]]);
    expect(own[0]).toEqual(['A', 0]);
    expect(own[1]).toEqual(['B', 1]);
  });

  it('names row, column and channel of a leak', async () => {
    const shifted = (taps: Taps): Taps =>
      taps.kind === 'grid'
        ? { ...taps, offsets: taps.offsets.filter(([row]: Offset) => row < 0), centre: 'none' }
        : taps;
    const less = declaring(pixelcnn, ({ nodes: [first, ...rest] }) => ({
      nodes: [
        {
          ...first,
          inputs: (first?.inputs ?? []).map((input) => ({ ...input, taps: shifted(input.taps) })),
        } as NonNullable<typeof first>,
        ...rest,
      ],
    }));
    expect((await reportOf(less, grey, 9)).verdict).toMatch(
      /leaks?: output \(0, 1\) depends on input \(0, 0\)$/,
    );
    expect((await reportOf(less, rgb, 27)).verdict).toMatch(
      /leaks: output \(0, 0\) G depends on input \(0, 0\) R$/,
    );
  });
});
