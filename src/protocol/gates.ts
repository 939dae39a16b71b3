// What an engine is asked of a gated layer, and what it answers. Types only; bulk numbers as typed arrays.

export interface GatesParams {
  /** A run or model folder of a gated family. */
  readonly model: string;
  /** Images to look at; the run's own held-out ones when absent. */
  readonly file?: string;
  /** Nothing outside it is read as the run's own data; the folder of its spec when absent. */
  readonly workspace?: string;
  /** Only this one of them, from 0; a batch of them when absent. */
  readonly image?: number;
  /** So many of a batch at most. */
  readonly images?: number;
  /** From 1. */
  readonly layer: number;
}

export type GatePart = 'tanh' | 'sigma' | 'product';

export interface GateHistogram {
  readonly part: GatePart;
  /** Ends of the first and the last bin; bins are equally wide. */
  readonly from: number;
  readonly to: number;
  readonly counts: Float64Array;
  /** Values in all: features of pixels of images. */
  readonly count: number;
  /** Shares of them within the threshold of the lower and of the upper end, and of 0. */
  readonly low: number;
  readonly high: number;
  readonly shut: number;
}

export interface GatesReport {
  readonly family: string;
  readonly title: string;
  readonly layer: number;
  readonly layers: number;
  readonly images: number;
  /** Which one, from 0; absent: a batch. */
  readonly image?: number;
  /** So many there are to choose from. */
  readonly available: number;
  /** Which images, in words. */
  readonly source: string;
  /** How near an end of its range counts as saturated. */
  readonly threshold: number;
  readonly stacks: ReadonlyArray<{ readonly stack: string; readonly parts: readonly GateHistogram[] }>;
}
