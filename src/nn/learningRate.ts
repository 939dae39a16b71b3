// The learning rate of a step: linear warm-up, then half a cosine down to a floor (Loshchilov and Hutter, arXiv 1608.03983).

export interface LearningRateSchedule {
  /** Reached when the warm-up ends. */
  readonly peak: number;
  readonly warmupSteps: number;
  /** The step at which the floor is reached. */
  readonly steps: number;
  /** Share of the peak that the cosine ends at; default 0.1. */
  readonly floor?: number;
}

/** @param step from 1: the step about to be taken. Beyond `steps` the rate stays at the floor. */
export function learningRateAt(step: number, schedule: LearningRateSchedule): number {
  const { peak, warmupSteps, steps, floor = 0.1 } = schedule;
  const done = step - 1;
  if (done < warmupSteps) return (peak * step) / (warmupSteps + 1);
  if (done >= steps) return peak * floor;
  const progress = (done - warmupSteps) / Math.max(1, steps - warmupSteps);
  return peak * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * progress)));
}
