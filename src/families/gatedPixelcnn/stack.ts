// The gated stacks for sampling: a row of the vertical stack when the row is complete (the horizontal stack reads it one
// row down), the horizontal stack one channel group of one pixel at a time. What a condition adds is computed once.
import { conditionFeatures, type ImageDecoderOptions, type ImageFacts } from '../imageFamily';
import type { FeatureRange, Plane } from '../imageLayers';
import type { Pixels, PixelStep, PixelSteps } from '../pixelSteps';
import { copyLogits, type PixelStack } from '../rasterDecoder';
import type { GatedPixelcnnConfig } from './schema';
import type { GatedLayer, GatedWeights } from './weights';

/** What a layer keeps. */
interface LayerPlanes {
  /** The vertical stack before and after the gate, and the horizontal features. */
  readonly vRaw: Plane;
  readonly v: Plane;
  readonly h: Plane;
  /** What `out` reads: of the current pixel only, but of all its channel groups so far. */
  readonly gated: Plane;
  /** [rows, 2C]: what each image's class adds; none where no image has one. */
  readonly verticalClass: Plane | null;
  readonly acrossClass: Plane | null;
  /** [rows, H, W, 2C]: what the condition adds; none without one. */
  readonly verticalCondition: Plane | null;
  readonly acrossCondition: Plane | null;
}

export class GatedStack implements PixelStack {
  readonly input: Plane;
  private readonly vertical: PixelSteps;
  /** Of each channel. */
  private readonly across: readonly PixelSteps[];
  private readonly out: Plane;

  constructor(
    private readonly config: GatedPixelcnnConfig,
    private readonly weights: GatedWeights,
    private readonly pixels: Pixels,
    private readonly options: ImageDecoderOptions,
    private readonly facts: ImageFacts,
  ) {
    const { height, width, channels, levels } = facts;
    const C = config.width;
    this.input = pixels.plane(height, width, channels);
    this.out = pixels.plane(1, 1, channels * levels);
    const conditionPlane = (): Plane | null =>
      weights.condition ? pixels.plane(height, width, 2 * C) : null;
    const planes = weights.layers.map((layer): LayerPlanes => ({
      vRaw: pixels.plane(height, width, 2 * C),
      v: pixels.plane(height, width, C),
      h: pixels.plane(height, width, C),
      gated: pixels.plane(1, 1, C),
      verticalClass: this.classPlane(layer.verticalClass),
      acrossClass: this.classPlane(layer.acrossClass),
      verticalCondition: conditionPlane(),
      acrossCondition: conditionPlane(),
    }));
    this.addCondition(planes);
    this.vertical = pixels.steps(this.verticalSteps(planes));
    // What the head and the logits read, of the current pixel only.
    const [headIn, headOut] = [pixels.plane(1, 1, C), pixels.plane(1, 1, C)];
    this.across = Array.from({ length: channels }, (_, channel) => {
      const range: FeatureRange = [(channel * C) / channels, ((channel + 1) * C) / channels];
      return pixels.steps([
        ...this.acrossSteps(planes, range, headIn),
        {
          reads: [{ plane: headIn, layer: weights.head }],
          range,
          then: { kind: 'relu', into: headOut },
        },
        {
          reads: [{ plane: headOut, layer: weights.logits }],
          range: [channel * levels, (channel + 1) * levels],
          keep: this.out,
        },
      ]);
    });
  }

  rowDone(r: number): void {
    this.vertical.run(r, 0, this.facts.width);
  }

  logits(r: number, c: number, channel: number, out: Float32Array): void {
    this.across[channel]?.run(r, c, 1);
    copyLogits(this.out, this.facts, channel, out);
  }

  dispose(): void {
    this.pixels.dispose();
  }

  private verticalSteps(planes: readonly LayerPlanes[]): PixelStep[] {
    return this.weights.layers.map(({ vertical }, index) => {
      const { vRaw, v, verticalClass, verticalCondition } = planes[index] as LayerPlanes;
      return {
        reads: [{ plane: planes[index - 1]?.v ?? this.input, layer: vertical }],
        range: [0, this.config.width],
        adds: [verticalClass, verticalCondition].filter((plane) => plane !== null),
        keep: vRaw,
        then: { kind: 'gate', into: v },
      };
    });
  }

  /** @param headIn where the ReLU of the last h goes */
  private acrossSteps(planes: readonly LayerPlanes[], range: FeatureRange, headIn: Plane): PixelStep[] {
    return this.weights.layers.flatMap(({ across, fromVertical, out }, index): PixelStep[] => {
      const { vRaw, h, gated, acrossClass, acrossCondition } = planes[index] as LayerPlanes;
      const before = planes[index - 1]?.h;
      return [
        {
          reads: [
            { plane: before ?? this.input, layer: across },
            { plane: vRaw, layer: fromVertical },
          ],
          range,
          adds: [acrossClass, acrossCondition].filter((plane) => plane !== null),
          then: { kind: 'gate', into: gated },
        },
        {
          reads: [{ plane: gated, layer: out }],
          range,
          ...(before && { adds: [before] }),
          keep: h,
          ...(index === planes.length - 1 && { then: { kind: 'relu', into: headIn } }),
        },
      ];
    });
  }

  /** The whole condition is there before the first pixel: its terms are computed once, for all of them. */
  private addCondition(planes: readonly LayerPlanes[]): void {
    const { weights, pixels, facts, options } = this;
    const { height, width } = facts;
    if (!weights.condition) return;
    const given = pixels.plane(height, width, conditionFeatures(facts));
    if (options.condition?.length !== given.values.length) {
      throw new Error(
        `GatedStack: expected a condition of ${given.values.length} numbers, got ${options.condition?.length ?? 'none'}`,
      );
    }
    given.values.set(options.condition);
    const C = this.config.width;
    const seen = pixels.plane(height, width, C);
    const terms = weights.layers.flatMap(({ verticalCondition, acrossCondition }, index) => {
      const into = planes[index] as LayerPlanes;
      return [
        { layer: verticalCondition, keep: into.verticalCondition },
        { layer: acrossCondition, keep: into.acrossCondition },
      ];
    });
    const steps = pixels.steps([
      {
        reads: [{ plane: given, layer: weights.condition }],
        range: [0, C],
        then: { kind: 'relu', into: seen },
      },
      ...terms.flatMap(({ layer, keep }): PixelStep[] =>
        layer && keep ? [{ reads: [{ plane: seen, layer }], range: [0, 2 * C], keep }] : [],
      ),
    ]);
    for (let row = 0; row < height; row++) steps.run(row, 0, width);
  }

  private classPlane(table: GatedLayer['verticalClass']): Plane | null {
    const { labels } = this.options;
    if (!table || !labels?.some((label) => label >= 0)) return null;
    const values = table.dataSync();
    const width = 2 * this.config.width;
    const plane = this.pixels.plane(1, 1, width);
    for (const [row, label] of labels.entries()) {
      if (label >= 0) plane.values.set(values.subarray(label * width, (label + 1) * width), row * width);
    }
    return plane;
  }
}
