// The answer on top: one quiet line where all is well, a filled band with a concrete pair where it is not.
import type { CausalMaskContent } from '../../../src/protocol/causalMaskView';
import type { ViewButton } from '../../../src/protocol/views';
import { Button, Progress } from '../../ui/controls';
import { Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import type { OffsetGroup, Place } from './cells';

export function Verdict(properties: {
  readonly content: CausalMaskContent;
  readonly groups: readonly OffsetGroup[];
  readonly onJump: (place: Place) => void;
}) {
  const { report } = properties.content;
  const { agrees, leaks, verdict } = report;
  const [group] = properties.groups;
  const first = group?.places[0];
  const kind = leaks > 0 ? 'leaking' : agrees ? 'well' : 'unseen';
  return (
    <div class={`verdict ${kind}`} role={kind === 'well' ? undefined : 'alert'} data-verdict={kind}>
      <span class="mark" aria-hidden="true">
        {{ leaking: '✗', well: '✓', unseen: '!' }[kind]}
      </span>
      <div>
        <p class="answer">
          <Quote>{verdict}</Quote>
        </p>
        {kind === 'leaking' && group !== undefined ? (
          <p class="ar-note">
            {properties.groups.length === 1 ? 'at' : 'most of them at'}{' '}
            <Quantity text={group.words} unit="positions" hideUnit />:{' '}
            <Quantity
              text={formatCount(group.places.length)}
              unit={group.places.length === 1 ? 'pair' : 'pairs'}
            />
          </p>
        ) : null}
        {kind === 'leaking' && group === undefined ? (
          <p class="ar-note">Not in these matrices: the table of what was compared says where.</p>
        ) : null}
        {kind === 'unseen' ? (
          <p class="ar-note">Nothing looks ahead: the network uses less than it declares.</p>
        ) : null}
      </div>
      {first === undefined ? null : (
        <Button primary onPress={() => properties.onJump(first)}>
          Show the First Leak
        </Button>
      )}
    </div>
  );
}

/** What stands between the report and now: an edit, a measurement under way, an engine that is gone. */
export function Notices(properties: {
  readonly content: CausalMaskContent;
  readonly onMeasure: () => void;
  readonly onCancel: () => void;
  readonly onButton: (button: ViewButton) => void;
}) {
  const { stale, measuring, note, subject } = properties.content;
  const button = note?.button;
  return (
    <>
      {note === null ? null : (
        <p class="ar-failed notice" role="alert">
          <Quote>{note.sentence}</Quote>
          {button === undefined ? null : (
            <Button onPress={() => properties.onButton(button)}>{button.label}</Button>
          )}
        </p>
      )}
      {measuring !== null ? (
        <div class="notice measuring">
          <span class="ar-note" role="status">
            measuring again, with <Quote>{measuring.doing}</Quote>:{' '}
            <Quantity text={String(Math.round(measuring.share * 100))} unit="% done" />
          </span>
          <Button onPress={properties.onCancel}>Cancel</Button>
          <Progress name="Measuring again" share={measuring.share} />
        </div>
      ) : stale ? (
        <p class="notice" data-stale="">
          <span class="ar-note">
            {subject.kind === 'spec'
              ? 'This is the spec as it was before the last edit.'
              : 'The run has trained on since this was measured.'}
          </span>
          <Button onPress={properties.onMeasure}>Measure Again</Button>
        </p>
      ) : null}
    </>
  );
}
