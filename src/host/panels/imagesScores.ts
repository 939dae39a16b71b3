// One scoring of a set of images after another: asks the engine, gathers bits/dim as they arrive, can be stopped.
import type { EngineService } from '../engine/engineService';
import { ArLensError, toErrorRecord, type ErrorRecord } from '../../protocol/errors';
import { NATS_PER_BIT } from '../../protocol/figure';
import type { ImageBitsParams } from '../../protocol/imageSets';
import type { ScoreImagesSummary } from '../../protocol/images';

export type ScoresState =
  | { readonly kind: 'none' }
  | { readonly kind: 'working'; readonly done: number }
  | { readonly kind: 'stopped'; readonly done: number }
  | { readonly kind: 'failed'; readonly error: ErrorRecord }
  | { readonly kind: 'result'; readonly summary: ScoreImagesSummary };

export interface ScoresRequest extends ImageBitsParams {
  /** Sub-pixels of an image. */
  readonly dimensions: number;
}

let serials = 0;

export class ImagesScores {
  state: ScoresState = { kind: 'none' };
  /** A number that no scoring of this window had before. */
  serial = ++serials;
  /** bits/dim of the images that are scored, in their order. */
  bits: number[] = [];
  /** The classes that they are scored under; empty without. */
  labels: number[] = [];
  private running: AbortController | undefined;

  constructor(
    private readonly engine: EngineService,
    private readonly changed: () => void,
  ) {}

  none(): void {
    this.begin();
    this.state = { kind: 'none' };
  }

  /** Never rejects. @param prepare finds out what is to be scored, and may fail */
  async run(prepare: (signal: AbortSignal) => Promise<ScoresRequest>): Promise<void> {
    const abort = this.begin();
    const { signal } = abort;
    this.running = abort;
    this.state = { kind: 'working', done: 0 };
    this.changed();
    try {
      const { dimensions, ...params } = await prepare(signal);
      const { bits, labels } = this;
      const summary = await this.engine.call('imageBits', params, {
        signal,
        onProgress: ({ nats, labels: given }) => {
          if (signal.aborted) return;
          if (given !== null) labels.push(...given);
          for (const each of nats) bits.push(each / NATS_PER_BIT / dimensions);
          this.state = { kind: 'working', done: bits.length };
          this.changed();
        },
      });
      if (signal.aborted) return;
      if (summary.images !== bits.length) {
        throw new ArLensError(
          'internal',
          `scores: expected those of ${summary.images} images, got ${bits.length}.`,
        );
      }
      this.state = { kind: 'result', summary };
    } catch (error) {
      if (signal.aborted) return;
      this.state = { kind: 'failed', error: toErrorRecord(error) };
    }
    this.running = undefined;
    this.changed();
  }

  /** What has arrived stays. */
  stop(): void {
    if (this.running === undefined) return;
    this.running.abort();
    this.running = undefined;
    this.state = { kind: 'stopped', done: this.bits.length };
  }

  private begin(): AbortController {
    this.running?.abort();
    this.running = undefined;
    this.serial = ++serials;
    [this.bits, this.labels] = [[], []];
    return new AbortController();
  }
}
