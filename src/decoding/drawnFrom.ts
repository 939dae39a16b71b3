// What an element is drawn from: the repetition penalty on the logits, then temperature and cuts. One definition for
// `sample`, for the Sampler's steps and for its stages. Knows no generator and no model.
import { logSoftmax, type LogitsLike } from './distribution';
import { checkFilterOptions, filter, type Filtered, type FilterOptions } from './filter';
import { checkPenalty, penalise } from './penalty';

export interface DrawnFromOptions extends FilterOptions {
  /** 1 when absent: off. */
  readonly repetitionPenalty?: number;
}

/**
 * @param seen ids in the context: what the penalty is for.
 * @returns `logProb` is the model's own, before the penalty.
 */
export function drawnFrom(
  logits: LogitsLike,
  seen: Iterable<number>,
  options: DrawnFromOptions = {},
): Filtered {
  const { repetitionPenalty = 1 } = options;
  const filtered = filter(penalise(logits, seen, repetitionPenalty), options);
  return repetitionPenalty === 1 ? filtered : { ...filtered, logProb: logSoftmax(logits) };
}

/** @throws ArLensError in one sentence that names the option. */
export function checkDrawnFromOptions(options: DrawnFromOptions): void {
  checkFilterOptions(options);
  checkPenalty(options.repetitionPenalty ?? 1);
}
