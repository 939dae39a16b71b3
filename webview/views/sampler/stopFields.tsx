// What ends a run or a hypothesis before its length: texts, one line each, and the token that stands between texts.
import { Quote } from '../../ui/figure';
import { visibleToken } from '../../ui/format';
import { Entry } from '../../ui/entry';
import { Field } from '../../ui/fields';
import { readEscapes, writeEscapes } from './escapes';

export function StopFields(properties: {
  readonly stop: readonly string[];
  readonly atEnd: boolean;
  /** How the token between texts reads; '' where there is none. */
  readonly end: string;
  readonly onStop: (stop: readonly string[]) => void;
  readonly onAtEnd: (atEnd: boolean) => void;
}) {
  const { stop, atEnd, end, onStop, onAtEnd } = properties;
  // One line more than there are texts: filling it adds one, emptying a line takes its text away.
  return (
    <>
      {[...stop, ''].map((text, at) => (
        <Field key={at} label={at === 0 ? 'or ends at the text' : 'or at'}>
          <Entry
            name={`Text ${at + 1} that ends a run`}
            placeholder={at === 0 ? 'no text; \\n is a new line' : 'another text'}
            value={writeEscapes(text)}
            onEntry={(written) => {
              const next = [...stop];
              next[at] = readEscapes(written);
              onStop([...new Set(next.filter((each) => each !== ''))]);
            }}
          />
        </Field>
      ))}
      {end === '' ? null : (
        <label class="setting check">
          <input type="checkbox" checked={atEnd} onChange={(event) => onAtEnd(event.currentTarget.checked)} />
          <span>
            or at{' '}
            <span class="token">
              <Quote>{visibleToken(end)}</Quote>
            </span>
            , between texts
          </span>
        </label>
      )}
    </>
  );
}
