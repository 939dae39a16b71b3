// The tokens one head looked at most: a list to point at (lights them in the editor) and to go from (selects them).
import { useRef, useState } from 'preact/hooks';
import { Quantity } from '../../ui/figure';
import { formatCount, visibleToken } from '../../ui/format';
import { moveByKey } from '../../ui/keyboard';
import type { Attended } from './heads';
import { formatProbability } from './rows';

export function AttendedList(properties: {
  readonly name: string;
  readonly attended: readonly Attended[];
  readonly positions: number;
  readonly onLight: (tokens: readonly number[]) => void;
  readonly onSelect: (token: number) => void;
}) {
  const { name, attended, positions, onLight, onSelect } = properties;
  const [current, setCurrent] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const at = Math.min(current, attended.length - 1);
  const rest = Math.max(0, 1 - attended.reduce((sum, { weight }) => sum + weight, 0));
  const onKey = (event: KeyboardEvent, index: number) => {
    const next = moveByKey(event.key, index, attended.length);
    if (next === undefined) return;
    setCurrent(next);
    list.current?.querySelectorAll('button')[next]?.focus();
    event.preventDefault();
  };
  const light = (token: number) => onLight(token < 0 ? [] : [token]);
  return (
    <div class="attended">
      <p class="ar-label" data-quote="">
        {name}
      </p>
      <ul ref={list} aria-label={`Most attended tokens of ${name}`}>
        {attended.map(({ seen, weight }, index) => (
          <li key={seen.token}>
            <button
              type="button"
              tabIndex={index === at ? 0 : -1}
              data-token={seen.token}
              title={seen.token < 0 ? 'The start token, in front of the text' : 'Go to this token'}
              onClick={() => seen.token >= 0 && onSelect(seen.token)}
              onKeyDown={(event) => onKey(event, index)}
              onMouseEnter={() => light(seen.token)}
              onMouseLeave={() => onLight([])}
              onFocus={() => {
                setCurrent(index);
                light(seen.token);
              }}
              onBlur={() => onLight([])}
            >
              <span class="token" data-quote="">
                {visibleToken(seen.text)}
              </span>
              <span class="bar" aria-hidden="true">
                <i style={{ width: `${Math.min(1, weight) * 100}%` }} />
              </span>
              <Quantity text={formatProbability(weight)} unit="weight of 1" hideUnit />
            </button>
          </li>
        ))}
      </ul>
      {positions > attended.length ? (
        <p class="ar-row ar-label">
          <Quantity text={formatCount(positions - attended.length)} unit="others" />
          <Quantity text={formatProbability(rest)} unit="weight of 1" hideUnit />
        </p>
      ) : null}
    </div>
  );
}
