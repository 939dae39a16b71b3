// The Sampler's beam search: asked of the engine beside everything else, so that a long one holds nothing up.
// Knows no tree and no view; the newest search is the only one.
import type { Client } from '../../protocol/calls';
import type { EngineCalls } from '../../protocol/engine';
import { toErrorRecord, type ErrorRecord } from '../../protocol/errors';
import type { BeamSettings, SamplerBeamParams, SamplerBeamResult } from '../../protocol/sampler';

export interface FoundBeam {
  /** Another for every search. */
  readonly serial: number;
  readonly from: number;
  readonly settings: BeamSettings;
  readonly result: SamplerBeamResult;
}

export type BeamSearchState =
  | { readonly kind: 'none'; readonly cancelled: boolean }
  | { readonly kind: 'working'; readonly step: number; readonly length: number }
  | ({ readonly kind: 'result' } & FoundBeam)
  | { readonly kind: 'failed'; readonly error: ErrorRecord };

export class SamplerBeamSearch {
  state: BeamSearchState = { kind: 'none', cancelled: false };
  private running: AbortController | undefined;
  private serial = 0;

  constructor(
    private readonly call: Client<EngineCalls>,
    private readonly changed: () => void,
  ) {}

  /** @param from the node that `params.path` ends at. Resolves when the search has ended, however it did. */
  async search(params: SamplerBeamParams, from: number): Promise<void> {
    this.running?.abort();
    const abort = new AbortController();
    this.running = abort;
    const { width, length, lengthPenalty, lengthRule } = params;
    this.become({ kind: 'working', step: 0, length });
    try {
      const result = await this.call('samplerBeam', params, {
        signal: abort.signal,
        onProgress: ({ step }) => {
          if (this.running === abort) this.become({ kind: 'working', step, length });
        },
      });
      if (this.running !== abort) return;
      const settings = { width, length, lengthPenalty, lengthRule };
      this.become({ kind: 'result', serial: ++this.serial, from, settings, result: owned(result) });
    } catch (error) {
      if (this.running !== abort) return;
      const record = toErrorRecord(error);
      this.become(
        record.reason === 'cancelled' ? { kind: 'none', cancelled: true } : { kind: 'failed', error: record },
      );
    } finally {
      if (this.running === abort) this.running = undefined;
    }
  }

  /** Ends a search that is under way; what an earlier one found is gone. */
  cancel(): void {
    this.running?.abort();
  }

  /** What was found belongs to a tree that is no more. */
  forget(): void {
    this.running?.abort();
    this.running = undefined;
    this.become({ kind: 'none', cancelled: false });
  }

  private become(state: BeamSearchState): void {
    this.state = state;
    this.changed();
  }
}

/** What comes from an engine shares one buffer with its message: kept numbers get their own. */
function owned(result: SamplerBeamResult): SamplerBeamResult {
  const { step, parent, id, logProb, total, score, fate, texts } = result.lattice;
  const lattice = {
    step: Int32Array.from(step),
    parent: Int32Array.from(parent),
    id: Int32Array.from(id),
    logProb: Float64Array.from(logProb),
    total: Float64Array.from(total),
    score: Float64Array.from(score),
    fate: Uint8Array.from(fate),
    texts,
  };
  return { ...result, lattice };
}
