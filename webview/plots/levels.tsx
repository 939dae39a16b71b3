// A sub-pixel's distribution over levels as an element: the painter's canvas, and for screen readers the likeliest levels
// as a table.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Quantity } from '../ui/figure';
import { formatSmall } from '../ui/format';
import { useWidth } from '../ui/hooks';
import type { Theme } from '../ui/theme';
import './levels.css';
import { isLinear, levelAt, paintLevels, type LevelsPicture } from './levelsPainter';

export const LEVELS_HEIGHT = 140;
/** Rows of the hidden table: whoever wants all has “copy as data”. */
const TABLE_ROWS = 10;

export function Levels(
  properties: Omit<LevelsPicture, 'width' | 'height'> & {
    readonly name: string;
    /** What the outlines are. */
    readonly beforeName?: string;
    readonly theme: Theme;
    /** A click on a bar; whoever has no pointer needs another way to it. */
    readonly onChoose?: (level: number) => void;
  },
) {
  const { name, probability, before, beforeName = 'the model’s own', theme, onChoose } = properties;
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(frame);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    const ratio = window.devicePixelRatio;
    canvas.current.width = Math.round(width * ratio);
    canvas.current.height = Math.round(LEVELS_HEIGHT * ratio);
    context.scale(ratio, ratio);
    paintLevels(context, { ...properties, width, height: LEVELS_HEIGHT }, theme);
  });
  const order = Array.from(probability, (_, level) => level);
  order.sort((a, b) => (probability[b] ?? 0) - (probability[a] ?? 0));
  return (
    <div class="ar-levels" ref={frame} data-legend="probability">
      <canvas
        ref={canvas}
        class={onChoose === undefined ? undefined : 'choosable'}
        aria-hidden="true"
        onClick={({ offsetX }) => {
          const level = levelAt(offsetX, width, probability.length);
          if (level !== undefined) onChoose?.(level);
        }}
      />
      <p class="ar-label">
        {name}: probability of each level, {isLinear(probability.length) ? 'linear' : 'powers of two'}
        {before === undefined ? '' : `; outlined: ${beforeName}`}
      </p>
      <div class="ar-hidden">
        <table>
          <caption>{name}: levels, likeliest first</caption>
          <thead>
            <tr>
              <th scope="col">level</th>
              <th scope="col">probability</th>
            </tr>
          </thead>
          <tbody>
            {order.slice(0, TABLE_ROWS).map((level) => (
              <tr key={level}>
                <th scope="row">
                  <Quantity text={String(level)} unit="level" hideUnit />
                </th>
                <td>
                  <Quantity text={formatSmall(probability[level] ?? 0)} unit="probability" hideUnit />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
