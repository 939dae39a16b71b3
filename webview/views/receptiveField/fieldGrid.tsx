// One grid as a control: a click or the arrow keys choose the output, the pointer or Shift and arrows read a cell.
// What it shows is painted elsewhere.
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Brush } from '../../ui/brush';
import { gridHeight, gridWidth, LEFT, TOP } from './painter';
import type { Layout } from './states';

export interface FieldGridProperties {
  readonly name: string;
  readonly layout: Layout;
  readonly pitch: number;
  readonly paint: (brush: Brush) => void;
  /** Cells. */
  readonly output: number;
  /** The output that was asked for last, where the answer is still to come. */
  readonly wished: number;
  readonly pointed: number | undefined;
  /** What is said of the output, and of the cell that is read. */
  readonly sentence: string;
  readonly onOutput: (cell: number) => void;
  readonly onPoint: (cell: number | undefined) => void;
  /** One layer deeper or less deep. */
  readonly onDepth: (by: number) => void;
}

export function FieldGrid(properties: FieldGridProperties) {
  const { layout, pitch, output, wished, pointed, paint, onOutput, onPoint, onDepth } = properties;
  const canvas = useRef<HTMLCanvasElement>(null);
  // Several keys may come before a frame is drawn: each goes on from the one before.
  const latest = useRef({ output: wished, pointed });
  useLayoutEffect(() => {
    latest.current = { output: wished, pointed };
  }, [wished, pointed]);
  useLayoutEffect(() => {
    const ratio = window.devicePixelRatio;
    const context = canvas.current === null ? null : sized(canvas.current, layout, pitch, ratio);
    if (context === null) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint(context);
  });
  const choose = (cell: number) => {
    latest.current = { ...latest.current, output: cell };
    onOutput(cell);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'PageUp' || event.key === 'PageDown') onDepth(event.key === 'PageDown' ? 1 : -1);
    else if (event.key === 'Escape') onPoint(undefined);
    else {
      const from = event.shiftKey ? (latest.current.pointed ?? latest.current.output) : latest.current.output;
      const to = moved(event.key, from, layout);
      if (to === undefined) return;
      if (event.shiftKey) {
        latest.current = { ...latest.current, pointed: to };
        onPoint(to);
      } else choose(to);
    }
    event.preventDefault();
  };
  return (
    <div
      class="grid"
      role="slider"
      tabIndex={0}
      aria-label={properties.name}
      aria-valuemin={0}
      aria-valuemax={layout.rows * layout.columns - 1}
      aria-valuenow={output}
      aria-valuetext={properties.sentence}
      onKeyDown={onKey}
      onPointerMove={(event) => onPoint(cellAt(event, layout, pitch))}
      onPointerLeave={() => onPoint(undefined)}
      onPointerDown={(event) => {
        const cell = event.button === 0 ? cellAt(event, layout, pitch) : undefined;
        if (cell !== undefined) choose(cell);
      }}
    >
      <canvas ref={canvas} />
    </div>
  );
}

const ARROWS: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Arrows step, Home and End go along the row. */
function moved(key: string, cell: number, { rows, columns }: Layout): number | undefined {
  const [row, column] = [Math.floor(cell / columns), cell % columns];
  if (key === 'Home') return row * columns;
  if (key === 'End') return row * columns + columns - 1;
  const arrow = ARROWS[key];
  if (arrow === undefined) return undefined;
  const within = (index: number, count: number) => Math.min(count - 1, Math.max(0, index));
  return within(row + arrow[0], rows) * columns + within(column + arrow[1], columns);
}

function cellAt(event: PointerEvent, { rows, columns }: Layout, pitch: number): number | undefined {
  const [column, row] = [
    Math.floor((event.offsetX - LEFT) / pitch),
    Math.floor((event.offsetY - TOP) / pitch),
  ];
  if (row < 0 || column < 0 || row >= rows || column >= columns) return undefined;
  return row * columns + column;
}

function sized(
  canvas: HTMLCanvasElement,
  layout: Layout,
  pitch: number,
  ratio: number,
): CanvasRenderingContext2D | null {
  const [width, height] = [gridWidth({ layout, pitch }), gridHeight({ layout, pitch })];
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  return canvas.getContext('2d');
}
