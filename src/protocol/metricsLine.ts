// One line of metrics.jsonl as every reader of it understands it: a number that is missing is NaN, what has the wrong
// shape is no event. A file of an untrusted workspace is read with this, so nothing of a line is believed.
import type { Badge } from './figure';
import type { Split, TrainEvent } from './run';

export type MetricsEvent = Extract<TrainEvent, { type: 'step' | 'evaluation' | 'sample' }>;

const SPLITS: readonly unknown[] = ['train', 'validation'] satisfies Split[];
const BADGES: readonly unknown[] = ['exact', 'bound', 'none'] satisfies Badge[];

/** @returns undefined for what is torn by a kill, or no event */
export function parseMetricsLine(line: string): MetricsEvent | undefined {
  if (line === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  if (typeof fields['step'] !== 'number') return undefined;
  switch (fields['type']) {
    case 'step':
      return {
        type: 'step',
        step: fields['step'],
        loss: numberOf(fields['loss']),
        learningRate: numberOf(fields['learningRate']),
        gradientNorm: numberOf(fields['gradientNorm']),
        elementsPerSecond: numberOf(fields['elementsPerSecond']),
      };
    case 'evaluation':
      return isEvaluation(fields) ? fields : undefined;
    case 'sample':
      return isSample(fields) ? fields : undefined;
    default:
      return undefined;
  }
}

type Evaluation = Extract<MetricsEvent, { type: 'evaluation' }>;
type Sample = Extract<MetricsEvent, { type: 'sample' }>;

/** JSON writes a loss that is not finite as null. */
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : NaN);

const isEvaluation = (value: object): value is Evaluation => {
  const { split, nats, bits, unit, count, badge } = value as Readonly<Record<string, unknown>>;
  const numbers = [nats, bits, count].every((each) => typeof each === 'number');
  return numbers && typeof unit === 'string' && SPLITS.includes(split) && BADGES.includes(badge);
};

const isSample = (value: object): value is Sample => {
  const { prompt, text, seed, temperature, nll, count, given } = value as Readonly<Record<string, unknown>>;
  const numbers = [seed, temperature, nll, count].every((each) => typeof each === 'number');
  const words = [prompt, text, given ?? ''].every((each) => typeof each === 'string');
  return numbers && words;
};
