// By what an effective field is measured, in words and with its unit: the one source for the view, the command line and
// what is copied from either.

export type EffectiveMeasure = 'brightness' | 'level';

export interface MeasureWords {
  /** What is averaged, as a formula. */
  readonly formula: string;
  readonly unit: string;
  /** One sentence. */
  readonly note: string;
}

export const EFFECTIVE_MEASURES: Readonly<Record<EffectiveMeasure, MeasureWords>> = {
  brightness: {
    formula: 'mean |∂ log p / ∂x|',
    unit: 'nats per unit of brightness',
    note: 'x is an input’s brightness: 0 the lowest level, 1 the highest.',
  },
  level: {
    formula: 'mean |∂ log p / ∂(s_k − s_x)|',
    unit: 'nats per exchanged level, to first order',
    note: 'Levels are names to this model: s is an input’s one-hot code, moved from its own level x towards each other level k, and the mean is over these, too.',
  },
};
