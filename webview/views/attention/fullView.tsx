// The full map as a control: pointer and arrow keys go from row to row, the frame scrolls, screen readers get a
// sentence per row and the selected row as a table.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { AttentionContent } from '../../../src/protocol/attentionView';
import { Quantity, Quote } from '../../ui/figure';
import { formatCount } from '../../ui/format';
import { moveByKey } from '../../ui/keyboard';
import type { Theme } from '../../ui/theme';
import type { MapColours } from './colours';
import type { FullMap, Pointed, Shown } from './fullMap';
import { fullLayout } from './fullMap';
import { strongest } from './triangle';
import { formatWeight, labelOf, nameOf, placeOf, rowSentence } from './words';

/** Rows of the hidden table: whoever wants all has “copy as data”. */
const TABLE_ROWS = 50;

export interface FullViewProperties {
  readonly map: FullMap;
  readonly content: AttentionContent;
  readonly zoom: 'tokens' | 'whole';
  readonly width: number;
  readonly narrow: boolean;
  readonly theme: Theme;
  readonly colours: MapColours;
  readonly pointed: Pointed | undefined;
  readonly onPoint: (pointed: Pointed | undefined) => void;
  readonly onChoose: (position: number) => void;
  readonly onStep: (step: number) => void;
}

export function FullView(properties: FullViewProperties) {
  const { map, content, zoom, width, narrow, theme, colours, pointed } = properties;
  const frame = useRef<HTMLDivElement>(null);
  const spacer = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState({ x: 0, y: 0 });
  const { length } = content.window;
  const layout = fullLayout(length, zoom, width, narrow);
  const shown: Shown = { content, layout, scrollX: scroll.x, scrollY: scroll.y, pointed };
  const latest = useRef(shown);
  latest.current = shown;
  const row = Math.max(0, content.selected);

  useLayoutEffect(() => spacer.current?.append(map.canvas), [map]);
  useLayoutEffect(() => {
    if (frame.current === null || spacer.current === null) return;
    frame.current.style.height = `${layout.height + (layout.scrollWidth > layout.width ? 12 : 0)}px`;
    spacer.current.style.width = `${layout.scrollWidth}px`;
    spacer.current.style.height = `${layout.scrollHeight}px`;
  }, [layout.height, layout.width, layout.scrollWidth, layout.scrollHeight]);
  // The selected row, and what it looks at most, come into sight.
  useLayoutEffect(() => {
    if (frame.current !== null && content.selected >= 0) bringIntoSight(frame.current, latest.current, row);
  }, [content.selected, content.map, layout.cellHeight, layout.width]);
  useLayoutEffect(() => map.draw(shown, theme, colours));

  const onKey = (event: KeyboardEvent) => {
    if (event.key === '[' || event.key === ']') properties.onStep(event.key === ']' ? 1 : -1);
    else if (event.key === 'Escape') properties.onPoint(undefined);
    else {
      const next = moveByKey(event.key, row, length);
      if (next === undefined) return;
      properties.onChoose(next);
    }
    event.preventDefault();
  };
  const pointAt = (event: MouseEvent) => map.pointAt(latest.current, event.offsetX, event.offsetY);
  return (
    <>
      <div
        ref={frame}
        class="frame"
        role="slider"
        tabIndex={0}
        aria-label={`${nameOf(content.look)}, by row`}
        aria-orientation="vertical"
        aria-valuemin={1}
        aria-valuemax={length}
        aria-valuenow={row + 1}
        aria-valuetext={rowSentence(content, row)}
        onKeyDown={onKey}
        onScroll={({ currentTarget }) =>
          setScroll({ x: currentTarget.scrollLeft, y: currentTarget.scrollTop })
        }
        onPointerMove={(event) => properties.onPoint(pointAt(event))}
        onPointerLeave={() => properties.onPoint(undefined)}
        onClick={(event) => {
          const at = pointAt(event);
          if (at !== undefined) properties.onChoose(at.row);
        }}
      >
        <div ref={spacer} class="spacer" />
      </div>
      <RowTable content={content} row={row} />
    </>
  );
}

function bringIntoSight(frame: HTMLElement, { layout }: Shown, row: number): void {
  if (layout.scrollHeight <= layout.height && layout.scrollWidth <= layout.width) return;
  const seen = (cell: number, from: number, size: number) =>
    row * cell >= from && (row + 1) * cell <= from + size ? from : (row + 0.5) * cell - size / 2;
  const top = seen(layout.cellHeight, frame.scrollTop, layout.height - layout.top);
  const left = seen(layout.cell, frame.scrollLeft, layout.width - layout.left - layout.strip);
  if (top !== frame.scrollTop || left !== frame.scrollLeft) frame.scrollTo({ top, left });
}

function RowTable({ content, row }: { readonly content: AttentionContent; readonly row: number }) {
  return (
    <div class="ar-hidden">
      <table>
        <caption>
          What <Quote>{`${placeOf(content, row)} ‘${labelOf(content, row)}’`}</Quote> looks at, strongest
          first
        </caption>
        <thead>
          <tr>
            <th scope="col">Position in the window</th>
            <th scope="col">Token</th>
            <th scope="col">Attention weight</th>
          </tr>
        </thead>
        <tbody>
          {strongest(content.map.values, row, TABLE_ROWS).map(({ position, weight }) => (
            <tr key={position}>
              <td>
                <Quantity text={formatCount(position + 1)} unit="position" before hideUnit />
              </td>
              <th scope="row">
                <Quote>{labelOf(content, position)}</Quote>
              </th>
              <td>
                <Quantity text={formatWeight(weight)} unit="attention weight" hideUnit />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
