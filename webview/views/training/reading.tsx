// What the chart's cursor reads: the values at one step, and the keys that move it.
import type { Badge } from '../../../src/protocol/figure';
import { FigureInline, Quantity } from '../../ui/figure';
import { formatCount, formatSmall, formatValue } from '../../ui/format';
import { lowerBound, nearest } from './columns';
import type { Curves } from './curves';
import type { Evaluation, RunModel } from './runModel';
import { lossFigure } from './runModel';
import type { Settings } from './settings';
import { stepsAveraged } from './smoothing';
import type { UnitChoice } from './units';

export interface Reading {
  readonly step: number;
  /** Nats per element, smoothed; over `averaged` steps. */
  readonly training: number | undefined;
  readonly averaged: number;
  readonly validation: Evaluation | undefined;
  readonly learningRate: number | undefined;
  readonly gradientNorm: number | undefined;
}

/** The row nearest to `step`, and the last validation at or before it. */
export function readAt(run: RunModel, curves: Curves, smoothing: number, step: number): Reading {
  const { columns } = run;
  const row = nearest(columns.step, step);
  const at = columns.step[row] ?? Math.round(step);
  const validations = run.validations();
  const after = lowerBound(
    validations.map((one) => one.step),
    at + 1,
  );
  return {
    step: at,
    training: row < 0 ? undefined : curves.smoothed[row],
    averaged: stepsAveraged(smoothing, row + 1),
    validation: validations[after - 1],
    learningRate: columns.learningRate[row],
    gradientNorm: columns.gradientNorm[row],
  };
}

/** Arrows go a hundredth of the axis, page keys from evaluation to evaluation, Home and End to the ends. */
export function moveCursor(run: RunModel, settings: Settings, key: string, from: number): number | undefined {
  const steps = run.columns.step;
  const [first] = steps;
  const last = steps.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const evaluations = run.validations().map((one) => one.step);
  const clamp = (step: number) => Math.min(last, Math.max(first, step));
  const part =
    settings.scale === 'log' ? Math.max(1, from * (run.steps() ** 0.01 - 1)) : Math.max(1, run.steps() / 100);
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return clamp(Math.round(from + part));
    case 'ArrowLeft':
    case 'ArrowDown':
      return clamp(Math.round(from - part));
    case 'PageDown':
      return clamp(evaluations.find((step) => step > from) ?? last);
    case 'PageUp':
      return clamp(evaluations.findLast((step) => step < from) ?? first);
    case 'Home':
      return first;
    case 'End':
      return last;
    default:
      return undefined;
  }
}

export function readingText(reading: Reading, unit: UnitChoice): string {
  const parts = [`step ${formatCount(reading.step)}`];
  const write = (nats: number) => `${formatValue(nats * unit.factor)} ${unit.unit}`;
  if (reading.training !== undefined) parts.push(`training ${write(reading.training)}`);
  if (reading.validation !== undefined) {
    parts.push(
      `validation ${write(reading.validation.nats)} at step ${formatCount(reading.validation.step)}`,
    );
  }
  return parts.join(', ');
}

export function ReadingLine(properties: {
  readonly reading: Reading;
  readonly unit: UnitChoice;
  readonly badge: Badge | undefined;
}) {
  const { reading, unit, badge } = properties;
  const { training, validation, learningRate, gradientNorm } = reading;
  return (
    <p class="reading ar-note">
      <Quantity text={formatCount(reading.step)} unit="step" before />
      {training === undefined ? null : (
        <span>
          training{' '}
          <FigureInline
            figure={{
              value: training * unit.factor,
              unit: unit.unit,
              count: reading.averaged,
              of: 'steps’ batches',
              badge: badge ?? 'none',
            }}
            quiet
          />
        </span>
      )}
      {validation === undefined ? null : (
        <span>
          validation <FigureInline figure={lossFigure(validation, unit)} quiet /> at{' '}
          <Quantity text={formatCount(validation.step)} unit="step" before />
        </span>
      )}
      <span class="extra">
        {learningRate === undefined ? null : (
          <Quantity text={formatSmall(learningRate)} unit="learning rate" before />
        )}{' '}
        {gradientNorm === undefined ? null : (
          <Quantity text={formatSmall(gradientNorm)} unit="gradient norm" before />
        )}
      </span>
    </p>
  );
}
