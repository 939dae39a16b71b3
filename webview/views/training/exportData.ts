// The run as the view shows it, as data: per-step rows and evaluations in the unit that is on, with its denominators.
import { toCsv, toJson } from '../../ui/copyAsData';
import type { DataColumn } from '../../ui/copyAsData';
import { lowerBound } from './columns';
import type { RunModel } from './runModel';
import { lossFigure } from './runModel';
import type { UnitChoice } from './units';
import { plural } from './units';

/** One row per step; validation stands on its step's row, with what it was measured over. */
export function runCsv(run: RunModel, unit: UnitChoice): string {
  const { step } = run.columns;
  const validation = new Array<number | null>(step.length).fill(null);
  const count = new Array<number | null>(step.length).fill(null);
  for (const one of run.validations()) {
    const row = lowerBound(step, one.step);
    if (step[row] !== one.step) continue;
    const figure = lossFigure(one, unit);
    validation[row] = figure.value;
    count[row] = figure.count;
  }
  const badge = run.badge() ?? 'none';
  return toCsv([
    ...stepColumns(run, unit),
    { name: `validation (${unit.unit}, ${badge})`, values: validation },
    { name: `validation count (${plural(unit.per)})`, values: count },
  ]);
}

export function runJson(run: RunModel, unit: UnitChoice): string {
  const { record, specName, evaluations, samples, batch, clip } = run.now;
  const figures = evaluations.map((one) => ({ step: one.step, split: one.split, ...lossFigure(one, unit) }));
  const about = { specName, record, batch, clip, unit: unit.unit, evaluations: figures, samples };
  return toJson(about, { steps: stepColumns(run, unit) });
}

function stepColumns(run: RunModel, unit: UnitChoice): DataColumn[] {
  const { step, loss, learningRate, gradientNorm } = run.columns;
  const { batch } = run.now;
  const over =
    batch === undefined ? 'batch mean' : `mean over ${batch.rows * batch.length} ${plural(run.element())}`;
  return [
    { name: 'step', values: step },
    { name: `training (${unit.unit}, ${over})`, values: Array.from(loss, (nats) => nats * unit.factor) },
    { name: 'learning rate', values: learningRate },
    { name: 'gradient norm', values: gradientNorm },
  ];
}
