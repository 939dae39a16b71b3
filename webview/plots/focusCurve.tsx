// A curve over the places of something long (bytes of a file, sub-pixels of an image) as a control: a click or a key puts
// one place into focus, the pointer may point at one. Knows no data; what is drawn is the caller's.
import { useRef } from 'preact/hooks';
import { moveByKey } from '../ui/keyboard';
import type { Theme } from '../ui/theme';
import type { Frame } from './frame';
import './focusCurve.css';
import type { LineChart } from './lineChart';
import { PlotFrame, type KeepChart } from './plotFrame';

export const CURVE_HEIGHT = 150;
/** Width of the vertical axis, CSS pixels. */
export const CURVE_LEFT = 56;
/** Steps of an arrow key over the whole. */
const STEPS = 100;

export function FocusCurve<Input>(properties: {
  /** Of the chart, for `keep`. */
  readonly name: string;
  /** What it is, for screen readers. */
  readonly label: string;
  /** Places, counted from 0 to `total` − 1. */
  readonly total: number;
  readonly focus: number;
  /** What the curve says at the focus. */
  readonly text: string;
  /** Places of an arrow key; a hundredth of them all where it is left out. */
  readonly step?: number;
  readonly keep: KeepChart;
  readonly input: Input;
  readonly draw: (
    element: HTMLElement,
    theme: Theme,
    input: Input,
    focus: () => number | undefined,
  ) => LineChart;
  readonly onFocus: (place: number) => void;
  readonly onPoint?: (place: number | undefined) => void;
}) {
  const { name, label, total, focus, text, step, keep, input, draw, onFocus, onPoint } = properties;
  const element = useRef<HTMLDivElement>(null);
  const latest = useRef(focus);
  latest.current = focus;
  const placeUnder = (event: MouseEvent): number | undefined => {
    const over = element.current?.querySelector('.u-over')?.getBoundingClientRect();
    if (over === undefined || over.width === 0) return undefined;
    const share = (event.clientX - over.left) / over.width;
    return share >= 0 && share <= 1 ? Math.min(total - 1, Math.floor(share * total)) : undefined;
  };
  return (
    <div
      class="ar-curve"
      ref={element}
      tabIndex={0}
      role="slider"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, total - 1)}
      aria-valuenow={focus}
      aria-valuetext={text}
      onKeyDown={(event) => {
        const next = placeByKey(event.key, latest.current, total, step);
        if (next === undefined) return;
        event.preventDefault();
        latest.current = next; // keys may come faster than frames
        onFocus(next);
      }}
      onClick={(event) => {
        const place = placeUnder(event);
        if (place !== undefined) onFocus(place);
      }}
      onPointerMove={onPoint && ((event) => onPoint(placeUnder(event)))}
      onPointerLeave={onPoint && (() => onPoint(undefined))}
    >
      <PlotFrame name={name} keep={keep} input={input} mark={focus} draw={draw} />
    </div>
  );
}

/** The place that a key moves to; undefined when it does not move. */
export function placeByKey(
  key: string,
  place: number,
  total: number,
  step = Math.max(1, Math.round(total / STEPS)),
): number | undefined {
  if (key === 'Home' || key === 'End') return key === 'Home' ? 0 : Math.max(0, total - 1);
  const moved = moveByKey(key, STEPS, 2 * STEPS);
  if (moved === undefined || total === 0) return undefined;
  return Math.min(total - 1, Math.max(0, place + (moved - STEPS) * step));
}

/** From the beginning of a place to its end, where the curve holds what was reached with it. */
export function markPlace({ brush, box, ratio, x }: Frame, theme: Theme, place: number): void {
  const [from, to] = [x(place), x(place + 1)];
  brush.fillStyle = theme.color('ar-fill');
  brush.fillRect(from, box.top, to - from, box.height);
  brush.fillStyle = theme.color('ar-quiet');
  brush.fillRect(Math.round(to), box.top, Math.max(1, ratio), box.height);
}

/** Numbers of the vertical axis of what only grows. */
export const shortCounts = (ticks: readonly number[]): string[] =>
  ticks.map((value) => (value >= 1e6 ? `${value / 1e6}M` : value >= 1e4 ? `${value / 1e3}k` : String(value)));
