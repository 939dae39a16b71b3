// One matrix as a control: wheel and keys zoom, dragging pans, the pointer and the arrow keys read cells.
// Two of them share one sight and one chosen cell; what they show is painted elsewhere.
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { MaskReport } from '../../../src/protocol/mask';
import type { Theme } from '../../ui/theme';
import { inBlocks, type Cells, type Place } from './cells';
import { LEFT, paintMatrix, TOP } from './painter';
import { blockOf, panned, revealing, viewportOf, WHOLE, zoomed, type Sight, type Viewport } from './viewport';

export interface MatrixViewProperties {
  readonly name: string;
  readonly cells: Cells;
  readonly sight: Sight;
  /** Of the cells' square, in CSS pixels. */
  readonly side: number;
  readonly theme: Theme;
  /** Of images: positions are named by row, column and channel. */
  readonly image: MaskReport['image'];
  readonly chosen: Place | undefined;
  readonly pointed: Place | undefined;
  /** What is said of the chosen cell. */
  readonly sentence: string;
  readonly onSight: (sight: Sight) => void;
  readonly onPoint: (place: Place | undefined) => void;
  readonly onChoose: (place: Place | undefined) => void;
}

const WHEEL = 0.002;
const STEP = 1.5;
/** Pixels that a press may move and still choose a cell. */
const STILL = 4;

export function MatrixView(properties: MatrixViewProperties) {
  const { cells, sight, side, theme, image, chosen, pointed, onSight, onPoint, onChoose } = properties;
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const drag = useRef<{ x: number; y: number; moved: number }>();
  const view = viewportOf(sight, cells.size, side);
  const block = blockOf(view);
  // Several keys or turns of a wheel may come before a frame is drawn: each goes on from the one before.
  const latest = useRef(view);
  const latestChosen = useRef(chosen);
  useLayoutEffect(() => {
    latest.current = view;
  }, [view.x, view.y, view.zoom, view.length, view.side]);
  useLayoutEffect(() => {
    latestChosen.current = chosen;
  }, [chosen?.output, chosen?.input]);
  const goTo = (next: Sight) => {
    latest.current = viewportOf(next, cells.size, side);
    onSight(next);
  };
  const choose = (place: Place | undefined) => {
    latestChosen.current = place;
    onChoose(place);
  };

  useLayoutEffect(() => {
    const ratio = window.devicePixelRatio;
    const context = canvas.current === null ? null : sized(canvas.current, side, ratio);
    if (context === null) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paintMatrix(context, { blocks: inBlocks(cells, block), block, view, image, chosen, pointed }, theme);
  });
  // By hand: a wheel listener has to be able to keep the page from scrolling, and only while there is room to zoom.
  useEffect(() => {
    const element = frame.current;
    const onWheel = (event: WheelEvent) => {
      const next = zoomed(latest.current, Math.exp(-WHEEL * event.deltaY), ...pixelOf(event));
      if (next.zoom === latest.current.zoom) return;
      event.preventDefault();
      goTo(next);
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [onSight, cells.size, side]);

  const onMove = (event: PointerEvent) => {
    const held = drag.current;
    if (held === undefined) return onPoint(placeAt(latest.current, event));
    const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
    drag.current = { x: event.clientX, y: event.clientY, moved: held.moved + Math.hypot(dx, dy) };
    if (drag.current.moved > STILL) goTo(panned(latest.current, dx, dy));
  };
  const onUp = (event: PointerEvent) => {
    const held = drag.current;
    drag.current = undefined;
    if (held !== undefined && held.moved <= STILL) choose(placeAt(latest.current, event));
  };
  const onKey = (event: KeyboardEvent) => {
    const moves = { onSight: goTo, onChoose: choose };
    if (moveByKey(event, latest.current, latestChosen.current, moves)) event.preventDefault();
  };
  const at = chosen ?? { output: 0, input: 0 };
  return (
    <div
      ref={frame}
      class="matrix"
      role="slider"
      tabIndex={0}
      aria-label={properties.name}
      aria-valuemin={0}
      aria-valuemax={cells.size ** 2 - 1}
      aria-valuenow={at.output * cells.size + at.input}
      aria-valuetext={properties.sentence}
      onKeyDown={onKey}
      onPointerMove={onMove}
      onPointerLeave={() => onPoint(undefined)}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        drag.current = { x: event.clientX, y: event.clientY, moved: 0 };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerUp={onUp}
      onPointerCancel={() => (drag.current = undefined)}
    >
      <canvas ref={canvas} />
    </div>
  );
}

interface Moves {
  readonly onSight: (sight: Sight) => void;
  readonly onChoose: (place: Place | undefined) => void;
}

/** Arrows go from cell to cell, with Shift they pan; page keys leap, Home and End go along the row; + − 0 zoom. */
function moveByKey(
  { key, shiftKey }: KeyboardEvent,
  view: Viewport,
  chosen: Place | undefined,
  { onSight, onChoose }: Moves,
): boolean {
  const block = blockOf(view);
  const zooms: Readonly<Record<string, Sight>> = {
    '+': zoomed(view, STEP),
    '=': zoomed(view, STEP),
    '-': zoomed(view, 1 / STEP),
    '0': WHOLE,
  };
  const zoom = zooms[key];
  if (zoom !== undefined) {
    onSight(zoom);
    return true;
  }
  if (key === 'Escape') {
    onChoose(undefined);
    return true;
  }
  const arrow = ARROWS[key];
  if (arrow !== undefined && shiftKey) {
    onSight(panned(view, (-arrow[1] * view.side) / 4, (-arrow[0] * view.side) / 4));
    return true;
  }
  const last = view.length - 1;
  const from = chosen ?? { output: Math.floor(view.y), input: Math.floor(view.x) };
  const to: Place | undefined =
    arrow !== undefined
      ? chosen === undefined
        ? from
        : { output: from.output + arrow[0] * block, input: from.input + arrow[1] * block }
      : LEAPS[key]?.(from, last, block);
  if (to === undefined) return false;
  const within = (index: number) => Math.min(last, Math.max(0, index));
  const next = { output: within(to.output), input: within(to.input) };
  onChoose(next);
  onSight(revealing(view, next.output, next.input));
  return true;
}

const ARROWS: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};
const LEAPS: Readonly<Record<string, (from: Place, last: number, block: number) => Place>> = {
  PageUp: ({ output, input }, _, block) => ({ output: output - 10 * block, input }),
  PageDown: ({ output, input }, _, block) => ({ output: output + 10 * block, input }),
  Home: ({ output }) => ({ output, input: 0 }),
  End: ({ output }, last) => ({ output, input: last }),
};

/** Pixels inside the cells' square. */
const pixelOf = ({ offsetX, offsetY }: MouseEvent): [x: number, y: number] => [offsetX - LEFT, offsetY - TOP];

function placeAt(view: Viewport, event: MouseEvent): Place | undefined {
  const [x, y] = pixelOf(event);
  const [input, output] = [Math.floor(view.x + x / view.scale), Math.floor(view.y + y / view.scale)];
  const inside = x >= 0 && y >= 0 && x < view.side && y < view.side;
  return inside && input < view.length && output < view.length ? { output, input } : undefined;
}

function sized(canvas: HTMLCanvasElement, side: number, ratio: number): CanvasRenderingContext2D | null {
  const [width, height] = [LEFT + side + 2, TOP + side + 2];
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  return canvas.getContext('2d');
}
