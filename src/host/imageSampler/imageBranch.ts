// One branch of an image: the steps it does not share with the branch it left, and what they were drawn with. Pure.
import type { ImageSamplerSettings } from '../../protocol/imageSampler';

/** From this step on these settings held. */
export interface Turn {
  readonly step: number;
  readonly settings: ImageSamplerSettings;
}

export class ImageBranch {
  name = '';
  /** Steps of the whole image up to its end, those it shares among them. */
  steps: number;
  readonly forced = new Set<number>();
  readonly turns: Turn[] = [];
  private values = new Uint8Array(64);
  /** Nats of its own steps up to each, so that any stretch is one difference. */
  private sums = new Float64Array(65);

  constructor(
    /** Index of the branch it left; −1: it begins at the empty image. */
    readonly parent: number,
    /** Steps it shares with it. */
    readonly from: number,
  ) {
    this.steps = from;
  }

  add(level: number, logProb: number, settings: ImageSamplerSettings, forced: boolean): void {
    const own = this.steps - this.from;
    if (own === this.values.length) this.grow();
    if (forced) this.forced.add(this.steps);
    const last = this.turns.at(-1)?.settings;
    if (last === undefined || !isSame(last, settings)) this.turns.push({ step: this.steps, settings });
    this.values[own] = level;
    this.sums[own + 1] = (this.sums[own] ?? 0) - logProb;
    this.steps++;
  }

  /** Levels of some of its own steps: a view, not a copy. */
  levels(from: number, to: number): Uint8Array {
    return this.values.subarray(from - this.from, to - this.from);
  }

  levelAt(step: number): number {
    return this.values[step - this.from] ?? 0;
  }

  /** −log p of some of its own steps, nats. */
  nats(from: number, to: number): number {
    return (this.sums[to - this.from] ?? 0) - (this.sums[from - this.from] ?? 0);
  }

  settingsAt(step: number): ImageSamplerSettings | undefined {
    return this.turns.findLast((turn) => turn.step <= step)?.settings;
  }

  private grow(): void {
    const [values, sums] = [this.values, this.sums];
    this.values = new Uint8Array(2 * values.length);
    this.sums = new Float64Array(2 * values.length + 1);
    this.values.set(values);
    this.sums.set(sums);
  }
}

const KEYS = ['seed', 'temperature', 'topK', 'topP', 'label', 'guidance'] as const;

export const isSame = (one: ImageSamplerSettings, other: ImageSamplerSettings): boolean =>
  KEYS.every((key) => one[key] === other[key]);

/** Log-probabilities under both are of one distribution. */
export const isSameModel = (one: ImageSamplerSettings, other: ImageSamplerSettings): boolean =>
  one.label === other.label && (one.guidance ?? 1) === (other.guidance ?? 1);
