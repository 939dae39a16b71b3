// The chart in words and as a short table, for screen readers: what a glance would tell.
import { FigureInline, Quantity } from '../../ui/figure';
import { formatCount, formatValue } from '../../ui/format';
import type { Evaluation, RunModel } from './runModel';
import { lossFigure } from './runModel';
import type { UnitChoice } from './units';

const ROWS = 12;

/** One sentence: from where to where, the best, and against which floors. */
export function sentenceOf(run: RunModel, unit: UnitChoice): string {
  const validations = run.validations();
  const [first] = validations;
  const last = validations.at(-1);
  const best = run.best();
  const where = `step ${formatCount(run.step())} of ${formatCount(run.now.record.steps)}`;
  if (first === undefined || last === undefined || best === undefined) {
    return `At ${where}; the validation loss is not measured yet.`;
  }
  const write = (one: Evaluation) => `${formatValue(one.nats * unit.factor)} ${unit.unit}`;
  const fell =
    validations.length === 1
      ? 'is'
      : last.nats < first.nats
        ? `fell from ${write(first)} to`
        : `went from ${write(first)} to`;
  const lowest =
    best.step === last.step ? 'its lowest so far' : `lowest ${write(best)} at step ${formatCount(best.step)}`;
  const passed = run.now.record.floors.filter((floor) => last.nats < floor.nats).map((floor) => floor.label);
  const below = passed.length === 0 ? '' : ` It is below ${passed.join(', ')}.`;
  return `At ${where} the validation loss ${fell} ${write(last)}, ${lowest}.${below}`;
}

/** What is said aloud: changes with each evaluation, not with each step. */
export function newsOf(run: RunModel, unit: UnitChoice): string {
  const last = run.validations().at(-1);
  if (last === undefined) return '';
  const value = `${formatValue(last.nats * unit.factor)} ${unit.unit}`;
  const lowest = run.best() === last ? ', the lowest so far' : '';
  return `Validation ${value} at step ${formatCount(last.step)}${lowest}.`;
}

export function TextEquivalent({ run, unit }: { readonly run: RunModel; readonly unit: UnitChoice }) {
  const validations = run.validations();
  const every = Math.max(1, Math.ceil(validations.length / ROWS));
  const rows = validations.filter((_, index) => index % every === 0 || index === validations.length - 1);
  return (
    <div class="ar-hidden">
      <table>
        <caption>Validation loss by step</caption>
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Validation</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.step}>
              <th scope="row">
                <Quantity text={formatCount(one.step)} unit="step" before hideUnit />
              </th>
              <td>
                <FigureInline figure={lossFigure(one, unit)} />
              </td>
            </tr>
          ))}
          {run.now.record.floors.map((floor) => (
            <tr key={floor.label}>
              <th scope="row" data-quote="">
                {floor.label}
              </th>
              <td>
                <Quantity text={formatValue(floor.nats * unit.factor)} unit={unit.unit} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
