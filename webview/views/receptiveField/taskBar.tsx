// A thing that takes a while: its button, how far it is, how it is stopped, and why it failed.
import type { FieldTask } from '../../../src/protocol/receptiveFieldView';
import { Button, Progress } from '../../ui/controls';
import { Quantity, Quote } from '../../ui/figure';

export function TaskBar(properties: {
  readonly task: FieldTask<unknown>;
  readonly label: string;
  /** What is shown is not of this output or these settings. */
  readonly stale: boolean;
  readonly onStart: () => void;
  readonly onStop: () => void;
}) {
  const { task, label, stale, onStart, onStop } = properties;
  const { state, progress, result, sentence } = task;
  if (state === 'running') {
    return (
      <div class="task" aria-busy="true">
        <span class="ar-note" role="status">
          <Quote>{progress?.doing ?? 'starting'}</Quote>
          {': '}
          <Quantity text={String(Math.round(100 * (progress?.share ?? 0)))} unit="% done" />
        </span>
        <Button onPress={onStop}>Cancel</Button>
        <Progress name={label} share={progress?.share} />
      </div>
    );
  }
  return (
    <>
      {state === 'failed' ? (
        <p class="ar-failed" role="alert">
          <Quote>{sentence}</Quote>
        </p>
      ) : null}
      {result !== null && !stale ? null : (
        <div class="task">
          <Button onPress={onStart}>{label}</Button>
          {result === null ? null : <span class="ar-note">of another output or another stack so far</span>}
        </div>
      )}
    </>
  );
}
