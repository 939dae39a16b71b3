// The five checks under the mask: each with value, tolerance, unit, sentence and verdict, filled in as they answer.
import type { ChecksContent } from '../../../src/protocol/causalMaskView';
import { CHECK_IDS, type CheckId, type CheckOutcome } from '../../../src/protocol/mask';
import { Button, Progress } from '../../ui/controls';
import { Quantity, Quote } from '../../ui/figure';
import { CHECK_NAMES, checkValue, checkWord, numberText } from './words';

const MARKS = { pass: '✓', fail: '✗', 'not measured': '–' } as const;

export function ChecksSection(properties: {
  readonly checks: ChecksContent;
  readonly onCheck: () => void;
  readonly onCancel: () => void;
}) {
  const { checks } = properties;
  const running = checks.state === 'running';
  return (
    <section class="checks" aria-label="Checks" aria-busy={running} data-checks={checks.state}>
      <div class="ar-cap">
        <h2>Checks</h2>
        <span class="ar-note" role="status">
          <Summary checks={checks} />
        </span>
        {running ? (
          <Button onPress={properties.onCancel}>Cancel</Button>
        ) : (
          <Button onPress={properties.onCheck}>{checks.state === 'none' ? 'Run Checks' : 'Run Again'}</Button>
        )}
      </div>
      {running ? <Progress name="Checking" share={checks.outcomes.length / CHECK_IDS.length} /> : null}
      {checks.sentence === '' || checks.state !== 'failed' ? null : (
        <p class="ar-failed" role="alert">
          <Quote>{checks.sentence}</Quote>
        </p>
      )}
      {!running && checks.outcomes.length === 0 ? null : (
        <table class={checks.stale ? 'stale' : ''}>
          <thead class="ar-label">
            <tr>
              <th scope="col">check</th>
              <th scope="col" class="number">
                value
              </th>
              <th scope="col">of at most</th>
              <th scope="col" class="detail">
                what was found
              </th>
            </tr>
          </thead>
          <tbody>
            {CHECK_IDS.map((id) => (
              <Row
                key={id}
                id={id}
                outcome={checks.outcomes.find((one) => one.id === id)}
                running={running}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Summary({ checks }: { readonly checks: ChecksContent }) {
  const { state, outcomes, stale } = checks;
  const failed = outcomes.filter(({ pass }) => !pass).length;
  const of = (count: number) => <Quantity text={`${count} of ${CHECK_IDS.length}`} unit="checks" hideUnit />;
  switch (state) {
    case 'none':
      return <>leaks, the cached sampler against the full forward, probability mass, finite numbers, units</>;
    case 'running':
      return <>checking: {of(outcomes.length)} have answered</>;
    case 'cancelled':
      return <>cancelled: {of(outcomes.length)} had answered</>;
    case 'failed':
      return <>not finished: {of(outcomes.length)} had answered</>;
    case 'done':
      return (
        <>
          {failed === 0 ? <>no check failed</> : <>{of(failed)} failed</>}
          {stale ? ', before the last change' : ''}
        </>
      );
    default:
      return state satisfies never;
  }
}

function Row(properties: {
  readonly id: CheckId;
  readonly outcome: CheckOutcome | undefined;
  readonly running: boolean;
}) {
  const { id, outcome } = properties;
  if (outcome === undefined) {
    return (
      <tr class="waiting">
        <th scope="row">{CHECK_NAMES[id]}</th>
        <td colSpan={3}>{properties.running ? 'not answered yet' : 'did not answer'}</td>
      </tr>
    );
  }
  const word = checkWord(outcome);
  return (
    <tr data-check={id} data-pass={outcome.pass} class={word === 'fail' ? 'failed' : ''}>
      <th scope="row">
        <i class="mark" aria-hidden="true">
          {MARKS[word]}
        </i>
        {CHECK_NAMES[id]} <span class="ar-label">{word}</span>
      </th>
      <td class="number">
        <Quantity text={checkValue(outcome)} unit={outcome.unit} hideUnit />
      </td>
      <td class="limit">
        <Quantity text={numberText(outcome.tolerance)} unit={outcome.unit} />
      </td>
      <td class="detail">
        <Quote>{outcome.detail}</Quote>
      </td>
    </tr>
  );
}
