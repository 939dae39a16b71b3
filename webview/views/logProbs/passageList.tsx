// Passages in their order: rate, line and words; each entry is the way to its place. Arrow keys walk, Enter jumps.
import { useRef, useState } from 'preact/hooks';
import { FigureInline, Quantity } from '../../ui/figure';
import { formatCount, visibleToken } from '../../ui/format';
import { moveByKey } from '../../ui/keyboard';
import type { Analysis } from './analysis';
import { bitsPerByte, type Passage } from './passages';

const SHOWN = 160;

export function PassageList(properties: {
  readonly title: string;
  readonly analysis: Analysis;
  readonly passages: readonly Passage[];
  readonly onJump: (passage: Passage) => void;
}) {
  const { title, analysis, passages, onJump } = properties;
  const [current, setCurrent] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const at = Math.min(current, passages.length - 1);
  const badge = analysis.first.run.summary.likelihood;
  const onKey = (event: KeyboardEvent, index: number) => {
    const next = moveByKey(event.key, index, passages.length);
    if (next === undefined) return; // Enter and space press the button
    setCurrent(next);
    list.current?.querySelectorAll('button')[next]?.focus();
    event.preventDefault();
  };
  return (
    <section class="passages" aria-label={title}>
      <h2>{title}</h2>
      <ul ref={list}>
        {passages.map((passage, index) => {
          const { start, words } = passageText(analysis, passage);
          const line = analysis.line(start);
          return (
            <li key={passage.low}>
              <button
                type="button"
                tabIndex={index === at ? 0 : -1}
                title={`Show line ${line} in the editor`}
                onClick={() => onJump(passage)}
                onKeyDown={(event) => onKey(event, index)}
                onFocus={() => setCurrent(index)}
              >
                <span class="where">
                  <FigureInline
                    figure={{
                      value: bitsPerByte(passage),
                      unit: 'bits/byte',
                      count: passage.bytes,
                      of: 'bytes',
                      badge,
                    }}
                    digits={2}
                    quiet
                  />
                  <span class="ar-label">
                    <Quantity text={formatCount(line)} unit="line" before />
                  </span>
                </span>
                <span class="words" data-quote="">
                  {words}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

export function passageText(
  { text, first }: Analysis,
  { low, high }: Passage,
): { readonly start: number; readonly end: number; readonly words: string } {
  const start = first.columns.start[low] ?? 0;
  const end = first.columns.end[high - 1] ?? start;
  const words = visibleToken(text.slice(start, Math.min(end, start + SHOWN))).replaceAll('·', ' ');
  return { start, end, words: end - start > SHOWN ? `${words}…` : words };
}
