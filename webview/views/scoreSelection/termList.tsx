// The running product term by term: a list of any length of which only what is on screen exists.
// Keyboard: arrows, page keys, Home, End choose a row; the editor follows.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ScoreSelectionContent } from '../../../src/protocol/scoreSelection';
import { Quantity, Quote } from '../../ui/figure';
import { formatCount, visibleToken } from '../../ui/format';
import { moveByKey } from '../../ui/keyboard';
import { isWhole, rowAtScroll, scrollOfRow, spaceOf, ROW } from './listLayout';
import type { Terms } from './terms';
import { probabilityOf, rowSentence } from './words';

const MOST_VISIBLE = 16;

export function TermList(properties: {
  readonly content: ScoreSelectionContent;
  readonly terms: Terms;
  readonly selected: number;
  readonly onChoose: (row: number) => void;
  readonly onLight: (rows: readonly number[]) => void;
}) {
  const { content, terms, selected, onChoose, onLight } = properties;
  const { rows } = terms;
  const frame = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState(0);
  const visible = Math.min(rows, MOST_VISIBLE);
  const height = visible * ROW;
  const space = spaceOf(rows, height);
  const first = rowAtScroll(scroll, rows, height);
  const shift = isWhole(rows) ? first * ROW - scroll : 0;
  const shown = Array.from({ length: Math.min(visible + 1, rows - first) }, (_, i) => first + i);
  // Another selection starts at its top; a chosen row comes into sight.
  useLayoutEffect(() => frame.current?.scrollTo({ top: 0 }), [content.scoring]);
  useLayoutEffect(() => {
    if (selected < 0 || frame.current === null) return;
    const top = scrollOfRow(selected, frame.current.scrollTop, rows, height);
    if (top !== frame.current.scrollTop) frame.current.scrollTo({ top });
  }, [selected, content.scoring]);
  // Keys may come faster than drawings: each goes on from where the one before it went.
  const at = useRef(selected);
  at.current = selected;
  const onKey = (event: KeyboardEvent) => {
    const next = moveByKey(event.key, Math.max(0, at.current), rows, MOST_VISIBLE);
    if (next === undefined) return;
    event.preventDefault();
    at.current = at.current < 0 && next === 1 ? 0 : next;
    onChoose(at.current);
  };
  return (
    <section class="terms" aria-label="Term by term">
      <div class="term ar-label columns" aria-hidden="true">
        <span>token</span>
        <span class="number">
          p(x<sub>i</sub> | c, x<sub>&lt;i</sub>)
        </span>
        <span class="number">product so far</span>
      </div>
      <div
        ref={frame}
        class="frame"
        role="listbox"
        tabIndex={0}
        aria-label="Tokens of the selection"
        aria-activedescendant={selected >= 0 ? `term-${selected}` : undefined}
        style={{ height: `${height}px` }}
        onScroll={({ currentTarget }) => setScroll(currentTarget.scrollTop)}
        onKeyDown={onKey}
        onPointerLeave={() => onLight([])}
      >
        <div class="space" style={{ height: `${space}px` }} role="presentation">
          <div class="window" style={{ height: `${height}px` }} role="presentation">
            <div style={{ transform: `translateY(${shift}px)` }} role="presentation">
              {shown.map((row) => (
                <div
                  key={row}
                  id={`term-${row}`}
                  class={row === selected ? 'term chosen' : 'term'}
                  role="option"
                  aria-selected={row === selected}
                  aria-setsize={rows}
                  aria-posinset={row + 1}
                  aria-label={rowSentence(content, terms, row)}
                  data-row={row}
                  data-log-prob={terms.logProb[row]}
                  data-running={terms.running[row]}
                  onClick={() => onChoose(row)}
                  onPointerEnter={() => onLight([row])}
                >
                  <span class="what">
                    <span class="place">
                      <Quantity text={formatCount(content.first + row + 1)} unit="token" hideUnit />
                    </span>
                    <b class="token">
                      <Quote>{visibleToken(terms.textOf(row))}</Quote>
                    </b>
                  </span>
                  <span class="number">
                    <Quantity text={probabilityOf(terms.logProb[row] ?? NaN)} unit="probability" hideUnit />
                  </span>
                  <span class="number">
                    <Quantity text={probabilityOf(terms.running[row] ?? NaN)} unit="probability" hideUnit />
                  </span>
                </div>
              ))}
            </div>
          </div>
        </div>
      </div>
    </section>
  );
}
