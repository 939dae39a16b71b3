// Two curves over the bytes of the file: bits so far, and bits/byte in a sliding window. uPlot, thinned to pixels.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { onThemeChange, readTheme, type Theme } from '../../ui/theme';
import type { Frame } from '../../plots/frame';
import { LineChart } from '../../plots/lineChart';
import { linearTicks } from '../../plots/ticks';
import type { Analysis } from './analysis';
import { byteByKey, curveText } from './curveReading';
import { cumulativeBits, grid, thinned } from './rolling';

export interface CurveProperties {
  readonly analysis: Analysis;
  readonly kind: 'cumulative' | 'rolling';
  /** Bytes of the sliding window. */
  readonly window: number;
  readonly focus: number;
  readonly onByte: (byte: number) => void;
  readonly onChart: (chart: LineChart | null) => void;
}

const HEIGHT = 150;
const LEFT = 56;

export function Curve(properties: CurveProperties) {
  const { analysis, kind, window: bytes, focus, onChart } = properties;
  const element = useRef<HTMLDivElement>(null);
  const input = useRef(properties);
  input.current = properties;
  const plot = useRef<LineChart>();

  useLayoutEffect(() => {
    const host = element.current;
    if (host === null) return undefined;
    const build = () => {
      plot.current?.destroy();
      plot.current = drawCurve(host, readTheme(), () => input.current);
      onChart(plot.current);
    };
    const size = new ResizeObserver(build);
    size.observe(host);
    const stopTheme = onThemeChange(build);
    return () => {
      size.disconnect();
      stopTheme();
      onChart(null);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [analysis, kind, bytes, onChart]);
  useLayoutEffect(() => plot.current?.redraw(), [focus]);

  const total = analysis.first.columns.totalBytes;
  return (
    <div
      class="curve"
      ref={element}
      tabIndex={0}
      role="slider"
      aria-label={
        kind === 'cumulative' ? 'Bits so far, by byte of the file' : 'Rolling bits/byte, by byte of the file'
      }
      aria-valuemin={0}
      aria-valuemax={Math.max(0, total - 1)}
      aria-valuenow={focus}
      aria-valuetext={curveText(analysis, kind, bytes, focus)}
      onKeyDown={(event) => {
        const next = byteByKey(event.key, input.current.focus, total);
        if (next === undefined) return;
        event.preventDefault();
        properties.onByte(next);
      }}
      onClick={(event) => {
        const over = element.current?.querySelector('.u-over')?.getBoundingClientRect();
        if (over === undefined || over.width === 0) return;
        const share = (event.clientX - over.left) / over.width;
        if (share >= 0 && share <= 1) properties.onByte(Math.floor(share * total));
      }}
    />
  );
}

function drawCurve(element: HTMLElement, theme: Theme, now: () => CurveProperties): LineChart {
  const { analysis, kind, window: bytes } = now();
  const width = element.clientWidth;
  const total = analysis.first.columns.totalBytes;
  const places = grid(total, Math.max(1, width - LEFT - 12));
  const values = (which: 'first' | 'second'): Float64Array | undefined => {
    const columns = analysis[which]?.columns;
    if (columns === undefined) return undefined;
    if (kind === 'cumulative') return cumulativeBits(columns, places);
    const rolling = analysis.rolling(which, bytes);
    return rolling && thinned(columns, rolling, places);
  };
  const [first, second] = [values('first') ?? new Float64Array(), values('second')];
  const most = [first, ...(second === undefined ? [] : [second])].reduce((peak, each) => {
    for (const value of each) if (value > peak) peak = value;
    return peak;
  }, 0);
  const range = [0, most > 0 ? most * 1.05 : 1] as const;
  const line = { stroke: theme.color('ar-line-1'), width: 1.5 };
  const other = { stroke: theme.color('ar-line-4'), width: 1.5, dash: [5, 3] };
  const made = new LineChart(element, {
    width,
    height: HEIGHT,
    left: LEFT,
    right: 12,
    top: 8,
    bottom: 24,
    scale: 'linear',
    theme,
    looks: second === undefined ? [line] : [line, other],
    xRange: () => [0, Math.max(1, total)],
    yRange: () => range,
    yTicks: ([low, high]) => linearTicks(low, high, 4),
    ...(kind === 'cumulative' ? { yText: (ticks) => ticks.map(short) } : {}),
    under: (frame) => markFocus(frame, theme, now().focus),
    over: () => undefined,
    onCursor: () => undefined,
  });
  made.setLines([first, ...(second === undefined ? [] : [second])].map((y) => ({ x: places, y })));
  return made;
}

function markFocus({ brush, box, ratio, x }: Frame, theme: Theme, byte: number): void {
  brush.fillStyle = theme.color('ar-quiet');
  brush.fillRect(Math.round(x(byte)), box.top, Math.max(1, ratio), box.height);
}

const short = (value: number): string =>
  value >= 1e6 ? `${value / 1e6}M` : value >= 1e4 ? `${value / 1e3}k` : String(value);
