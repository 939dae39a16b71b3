// What a model of images is given place by place beside a class, and whose picture it was. Types only.

/** Every likelihood of such a model is p(x | condition): it stands in no column with those of a model without one. */
export interface ImageCondition {
  readonly kind: 'shrunken' | 'picture' | 'labels';
  /** Follows "given": 'its picture at 1/4 of its height and width'. */
  readonly words: string;
}

/** Where the conditions of drawn images come from; the run's own held-out images when absent. */
export interface ConditionSource {
  /**
   * Absolute path: the pictures that are the condition; of a model of shrunken images the images that are shrunk, or images
   * that are so small already.
   */
  readonly file?: string;
  /** Every drawing is given this one of them, from 0; when absent one after another, from the first. */
  readonly image?: number;
}

/** The conditions that images were drawn given. */
export interface GivenConditions extends ImageCondition {
  /** Where they were read, in words. */
  readonly source: string;
  /** Which of them each drawing was given. */
  readonly indices: readonly number[];
  readonly height: number;
  readonly width: number;
  /** 1 or 3. */
  readonly channels: number;
  /** 8-bit values as a person sees them [indices.length, height, width, channels]. */
  readonly pixels: Uint8Array;
}
