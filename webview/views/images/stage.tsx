// One image large, as a control: the pointer reads a pixel, a click or the arrow keys choose one, + and − zoom.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Segments } from '../../ui/controls';
import { Quantity, Quote } from '../../ui/figure';
import { fitCanvas } from '../../ui/fitCanvas';
import { formatCount } from '../../ui/format';
import { useWidth } from '../../ui/hooks';
import type { Theme } from '../../ui/theme';
import { pixelSentence, type Drawn } from './look';
import { LARGEST_ZOOM, type Change, type Settings } from './settings';
import {
  paintStage,
  pixelAt,
  stageLayout,
  stageSize,
  type Outline,
  type Stage as Painted,
} from './stagePainter';

export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface StageProperties {
  readonly drawn: Drawn;
  readonly image: number;
  /** Its class in words; '' without. */
  readonly given: string;
  readonly settings: Settings;
  /** Under the pointer; else the chosen one. */
  readonly at: Place;
  readonly outlines: readonly Outline[];
  readonly theme: Theme;
  readonly change: Change;
  readonly onPoint: (place: Place | undefined) => void;
  readonly keep: (painted: Painted) => void;
}

export function Stage(properties: StageProperties) {
  const { drawn, image, given, settings, at, outlines, theme, change, onPoint } = properties;
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const room = useWidth(frame);
  const { height, width, heat } = drawn;
  const panes = heat !== undefined && settings.mode === 'beside' ? 2 : 1;
  const chosen = { row: clamp(settings.row, height), column: clamp(settings.column, width) };
  const layout = stageLayout(room, drawn, panes, settings.zoom, chosen);
  const size = stageSize(layout);
  const painted: Painted = { layout, pixels: drawn.pixels, heat, mode: settings.mode, outlines, ...at };
  useLayoutEffect(() => {
    const context = fitCanvas(canvas.current, size);
    if (!context) return;
    paintStage(context, painted, theme);
    properties.keep(painted);
  });
  const zoomBy = (factor: number) =>
    change((now) => ({ zoom: Math.min(LARGEST_ZOOM, Math.max(1, now.zoom * factor)) }));
  const onKey = (event: KeyboardEvent) => {
    if (moved(event.key, chosen, drawn) !== undefined) change((now) => moved(event.key, now, drawn) ?? {});
    else if (event.key === '+' || event.key === '=') zoomBy(2);
    else if (event.key === '-') zoomBy(0.5);
    else if (event.key === 'Escape') onPoint(undefined);
    else return;
    event.preventDefault();
  };
  return (
    <section class="large" aria-label="One image">
      <div class="ar-cap">
        <h2>
          <Quantity text={formatCount(image + 1)} unit="Image" before />
          {given === '' ? null : (
            <>
              , <Quote>{given}</Quote>
            </>
          )}
        </h2>
        {heat === undefined ? null : (
          <Segments
            name="Where the bits are drawn"
            value={settings.mode}
            choices={[
              { value: 'beside', label: 'beside' },
              { value: 'over', label: 'over' },
            ]}
            onChoose={(mode) => change({ mode })}
          />
        )}
        {drawn.look.nats !== null && drawn.look.nats.channels > 1 ? (
          <Segments
            name="Which channel"
            value={settings.channel}
            choices={[
              { value: 'all', label: 'RGB' },
              { value: 'red', label: 'R' },
              { value: 'green', label: 'G' },
              { value: 'blue', label: 'B' },
            ]}
            onChoose={(channel) => change({ channel })}
          />
        ) : null}
        <span class="ar-note hint">
          <kbd>←↑↓→</kbd> pixel <kbd>+</kbd> <kbd>−</kbd> zoom
          {settings.zoom > 1 ? (
            <>
              {' '}
              <Quantity text={`${settings.zoom} ×`} unit="zoom" hideUnit />
            </>
          ) : null}
        </span>
      </div>
      <div ref={frame} class="frame">
        <canvas
          ref={canvas}
          role="slider"
          tabIndex={0}
          aria-label={`Pixels of image ${image + 1}${given === '' ? '' : `, ${given}`}`}
          aria-valuemin={1}
          aria-valuemax={height * width}
          aria-valuenow={chosen.row * width + chosen.column + 1}
          aria-valuetext={pixelSentence(drawn, settings.channel, chosen.row, chosen.column)}
          onKeyDown={onKey}
          onPointerMove={(event) => onPoint(pixelAt(layout, event.offsetX, event.offsetY))}
          onPointerLeave={() => onPoint(undefined)}
          onClick={(event) => {
            const place = pixelAt(layout, event.offsetX, event.offsetY);
            if (place !== undefined) change(place);
          }}
        />
      </div>
    </section>
  );
}

const clamp = (at: number, size: number): number => Math.min(size - 1, Math.max(0, at));

function moved(key: string, from: Place, { height, width }: Drawn): Place | undefined {
  const [row, column] = [clamp(from.row, height), clamp(from.column, width)];
  switch (key) {
    case 'ArrowUp':
      return { row: clamp(row - 1, height), column };
    case 'ArrowDown':
      return { row: clamp(row + 1, height), column };
    case 'ArrowLeft':
      return { row, column: clamp(column - 1, width) };
    case 'ArrowRight':
      return { row, column: clamp(column + 1, width) };
    case 'Home':
      return { row, column: 0 };
    case 'End':
      return { row, column: width - 1 };
    case 'PageUp':
      return { row: 0, column };
    case 'PageDown':
      return { row: height - 1, column };
    default:
      return undefined;
  }
}
