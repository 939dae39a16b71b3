// One scoring of a text for the Log-probs view: asks the engine, gathers the columns, can be cancelled.
import type { ScoreSummary } from '../../protocol/engine';
import type { EngineService } from '../engine/engineService';
import { ScoredText } from './scoredText';

export interface Scoring {
  readonly model: string;
  readonly scores: ScoredText;
  readonly summary: ScoreSummary;
}

export interface ScoringRequest {
  readonly engine: EngineService;
  readonly model: string;
  readonly text: string;
  /** Set where the annotations asked about the same model: the engine then has most of the answer. */
  readonly document?: string;
  readonly top: number;
  readonly signal: AbortSignal;
  readonly onShare: (share: number) => void;
}

let scorings = 0;

/** A number that no scoring of this window had before. */
export const nextScoring = (): number => ++scorings;

export async function scoreForView(request: ScoringRequest): Promise<Scoring> {
  const { engine, model, text, document, top, signal, onShare } = request;
  const scores = new ScoredText(nextScoring());
  const summary = await engine.call(
    'score',
    { model, text, top, ...(document === undefined ? {} : { document }) },
    {
      signal,
      onProgress: (progress) => {
        scores.add(progress);
        onShare(progress.tokens > 0 ? progress.done / progress.tokens : 0);
      },
    },
  );
  return { model, scores, summary };
}
