// Places of something long in their order, the least or the most likely first: each entry quotes its likelihood, says
// where it is, and is the way there. Arrow keys walk, Enter jumps. Knows no text and no image.
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { FigureInline, type Likelihood } from './figure';
import { moveByKey } from './keyboard';
import './placeList.css';

export interface ListedPlace {
  readonly key: number;
  /** What a jump does, for the tooltip. */
  readonly tip: string;
  readonly figure: Likelihood;
  /** In front of the figure: how the place is marked elsewhere. */
  readonly mark?: ComponentChildren;
  /** Where it is. */
  readonly where: ComponentChildren;
  /** What is there, in its own words. */
  readonly words?: string;
}

export function PlaceList(properties: {
  readonly title: string;
  readonly places: readonly ListedPlace[];
  readonly onJump: (index: number) => void;
}) {
  const { title, places, onJump } = properties;
  const [current, setCurrent] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const at = Math.min(current, places.length - 1);
  const onKey = (event: KeyboardEvent, index: number) => {
    const next = moveByKey(event.key, index, places.length);
    if (next === undefined) return; // Enter and space press the button
    setCurrent(next);
    list.current?.querySelectorAll('button')[next]?.focus();
    event.preventDefault();
  };
  return (
    <section class="ar-places" aria-label={title}>
      <h2>{title}</h2>
      <ul ref={list}>
        {places.map(({ key, tip, figure, mark, where, words }, index) => (
          <li key={key}>
            <button
              type="button"
              tabIndex={index === at ? 0 : -1}
              title={tip}
              onClick={() => onJump(index)}
              onKeyDown={(event) => onKey(event, index)}
              onFocus={() => setCurrent(index)}
            >
              <span class="where">
                <span>
                  {mark}
                  <FigureInline figure={figure} digits={2} quiet />
                </span>
                <span class="ar-label">{where}</span>
              </span>
              {words === undefined ? null : (
                <span class="words" data-quote="">
                  {words}
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
