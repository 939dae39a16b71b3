// The row of numbers that answers the question: validation, best, step, throughput, time left.
import type { Badge } from '../../../src/protocol/figure';
import { FigureBlock, FigureInline, Quantity, QuantityBlock } from '../../ui/figure';
import { formatClock, formatCount, formatDuration, formatValue } from '../../ui/format';
import type { Evaluation, RunModel } from './runModel';
import { lossFigure } from './runModel';
import type { UnitChoice } from './units';
import { plural } from './units';

export function Figures({ run, unit }: { readonly run: RunModel; readonly unit: UnitChoice }) {
  const last = run.validations().at(-1);
  const best = run.best();
  return (
    <section class="figures" aria-label="Figures">
      {last === undefined ? <Waiting /> : <Validation run={run} one={last} unit={unit} />}
      {best === undefined ? null : (
        <FigureBlock label="best so far" figure={lossFigure(best, unit)}>
          <br />
          at <Quantity text={formatCount(best.step)} unit="step" before />
        </FigureBlock>
      )}
      <Step run={run} />
      <Throughput run={run} />
      <TimeLeft run={run} />
    </section>
  );
}

function Waiting() {
  return (
    <div class="ar-figure">
      <div class="ar-label">validation</div>
      <div class="ar-value">–</div>
      <div class="ar-detail">not measured yet</div>
    </div>
  );
}

function Validation(properties: {
  readonly run: RunModel;
  readonly one: Evaluation;
  readonly unit: UnitChoice;
}) {
  const { run, one, unit } = properties;
  const figure = lossFigure(one, unit);
  if (run.now.record.domain === 'image') {
    // Nobody quotes a perplexity of images: bits/dim and nats/image stand together.
    const other = run.units().find((each) => each.per !== unit.per);
    return (
      <FigureBlock label="validation" figure={figure}>
        <br />
        {other === undefined ? null : <FigureInline figure={lossFigure(one, other)} digits={3} quiet />}
      </FigureBlock>
    );
  }
  return (
    <FigureBlock label="validation" figure={figure}>
      <br />
      <FigureInline figure={perplexityFigure(one, unit)} digits={2} quiet /> per {unit.per}
    </FigureBlock>
  );
}

/** exp of the nats per what the loss is quoted per. */
export function perplexityFigure(
  loss: { readonly nats: number; readonly count: number; readonly badge: Badge },
  unit: UnitChoice,
) {
  const figure = lossFigure(loss, unit);
  return { ...figure, value: Math.exp(loss.nats / unit.perElement), unit: 'perplexity' };
}

function Step({ run }: { readonly run: RunModel }) {
  const { batch, record } = run.now;
  const epochs =
    batch === undefined ? undefined : (run.step() * batch.rows * batch.length) / record.data.trainTokens;
  return (
    <QuantityBlock label="step" text={formatCount(run.step())} unit={`of ${formatCount(record.steps)}`}>
      {epochs === undefined ? (
        <Quantity text={formatCount(record.data.trainTokens)} unit={`training ${plural(run.element())}`} />
      ) : (
        <Quantity text={formatValue(epochs, epochs < 10 ? 2 : 1)} unit="epochs" />
      )}
    </QuantityBlock>
  );
}

function Throughput({ run }: { readonly run: RunModel }) {
  const { batch, elementsPerSecond } = run.now;
  const shown = elementsPerSecond > 0;
  const milliseconds =
    batch === undefined || !shown ? undefined : (1000 * batch.rows * batch.length) / elementsPerSecond;
  return (
    <QuantityBlock
      label="throughput"
      text={shown ? formatCount(elementsPerSecond) : '–'}
      unit={`${plural(run.element())}/s`}
    >
      {milliseconds === undefined ? null : (
        <>
          <Quantity text={formatValue(milliseconds, milliseconds < 10 ? 1 : 0)} unit="ms a step" />,{' '}
        </>
      )}
      {batch === undefined ? null : (
        <Quantity text={`${batch.rows} × ${formatCount(batch.length)}`} unit="batch" before />
      )}
    </QuantityBlock>
  );
}

function TimeLeft({ run }: { readonly run: RunModel }) {
  const { secondsLeft, record } = run.now;
  if (record.status !== 'running' || secondsLeft === null) {
    return (
      <div class="ar-figure">
        <div class="ar-label">time left</div>
        <div class="ar-value">–</div>
        <div class="ar-detail">{STATUS_WORDS[record.status]}</div>
      </div>
    );
  }
  const { digits, unit } = formatDuration(secondsLeft);
  const clock = formatClock(secondsLeft, new Date());
  return (
    <QuantityBlock label="time left" text={digits} unit={unit}>
      <span data-quantity={clock} data-unit="clock time">
        {clock}
      </span>
    </QuantityBlock>
  );
}

export const STATUS_WORDS = {
  preparing: 'preparing',
  running: 'running',
  paused: 'paused',
  stopped: 'stopped',
  done: 'finished',
  failed: 'failed',
} as const;
