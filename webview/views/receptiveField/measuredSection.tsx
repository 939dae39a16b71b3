// Measured against declared: networks of the stacks, perturbed at every input. The same, or the differences one by one.
import type { FieldReport, MeasuredStack } from '../../../src/protocol/receptiveField';
import type { ReceptiveFieldContent } from '../../../src/protocol/receptiveFieldView';
import { Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import { TaskBar } from './taskBar';
import { CHANNELS, offsetWords, placeWords, unitOf } from './words';

/** Differences that are listed; the rest is counted. */
const LISTED = 12;

export function MeasuredSection(properties: {
  readonly content: ReceptiveFieldContent;
  readonly onStart: () => void;
  readonly onStop: () => void;
}) {
  const { report, measured } = properties.content;
  const { result } = measured;
  const stale =
    result !== null &&
    JSON.stringify([result.settings, result.position, result.channel]) !==
      JSON.stringify([report.settings, report.position, report.channel]);
  return (
    <section class="measured" aria-label="Measured against declared">
      <h2>Measured against declared</h2>
      <TaskBar
        task={measured}
        label="Measure"
        stale={stale}
        onStart={properties.onStart}
        onStop={properties.onStop}
      />
      {result === null ? (
        <p class="ar-note">
          Networks of these stacks, with random weights and a run’s own, are changed at every input; what
          moves an output is what it really sees.
        </p>
      ) : (
        <ul class={stale ? 'stale' : ''}>
          {result.stacks.map((stack, at) => (
            <Verdict key={at} stack={stack} report={report} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Verdict({ stack, report }: { readonly stack: MeasuredStack; readonly report: FieldReport }) {
  const { title, agrees, seen, leaks, pairs, differing, draws, undeclared, unmeasured } = stack;
  const unit = unitOf(report);
  return (
    <li data-agrees={String(agrees)} role={agrees ? undefined : 'alert'}>
      <span aria-hidden="true">{agrees ? '✓' : '✗'}</span>{' '}
      <b>
        <Quote>{title}</Quote>
      </b>
      {agrees ? ': the same ' : ': '}
      <Quantity text={formatCount(seen + leaks)} unit={`${unit} were measured`} />
      {agrees ? null : (
        <>
          ; <Differences label="measured and not declared" inputs={undeclared} report={report} />
          {undeclared.length > 0 && unmeasured.length > 0 ? '; ' : ''}
          <Differences label="declared and never measured" inputs={unmeasured} report={report} />
        </>
      )}
      .{' '}
      <span class="ar-note">
        {differing === 0 ? 'So for every output, over ' : 'Of all outputs, '}
        {differing === 0 ? null : (
          <>
            <Quantity text={formatCount(differing)} unit="pairs" /> differ, of{' '}
          </>
        )}
        <Quantity text={formatCount(pairs)} unit="pairs of an output and an input" />, with{' '}
        <Quote>{draws.join('; ')}</Quote>
      </span>
    </li>
  );
}

function Differences(properties: {
  readonly label: string;
  readonly inputs: Int32Array;
  readonly report: FieldReport;
}) {
  const { label, inputs, report } = properties;
  if (inputs.length === 0) return null;
  const { channels } = report.settings;
  const named = Array.from(inputs.subarray(0, LISTED), (input) => {
    const cell = Math.floor(input / channels);
    const channel = channels > 1 ? ` ${CHANNELS[input % channels]}` : '';
    return `${placeWords(report, cell)}${channel}, ${offsetWords(report, cell)}`;
  });
  const rest = inputs.length - named.length;
  return (
    <>
      <Quantity text={formatCount(inputs.length)} unit={label} />: <Quote>{named.join('; ')}</Quote>
      {rest > 0 ? (
        <>
          {' '}
          and <Quantity text={formatCount(rest)} unit="more" />
        </>
      ) : null}
    </>
  );
}
