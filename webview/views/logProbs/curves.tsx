// Two curves over the bytes of the file: bits so far, and bits/byte in a sliding window. uPlot, thinned to pixels.
import type uPlot from 'uplot';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { onThemeChange, readTheme, type Theme } from '../../ui/theme';
import { makePlot } from '../../plots/plot';
import { linearTicks } from '../../plots/ticks';
import type { Analysis } from './analysis';
import { cumulativeBits, grid, thinned } from './rolling';

export interface CurveProperties {
  readonly analysis: Analysis;
  readonly kind: 'cumulative' | 'rolling';
  /** Bytes of the sliding window. */
  readonly window: number;
  readonly focus: number;
  readonly onByte: (byte: number) => void;
  readonly onCanvas: (canvas: HTMLCanvasElement | null) => void;
}

const HEIGHT = 150;
const LEFT = 56;

export function Curve(properties: CurveProperties) {
  const { analysis, kind, window: bytes, focus, onCanvas } = properties;
  const element = useRef<HTMLDivElement>(null);
  const input = useRef(properties);
  input.current = properties;
  const plot = useRef<uPlot>();

  useLayoutEffect(() => {
    const host = element.current;
    if (host === null) return undefined;
    const build = () => {
      plot.current?.destroy();
      plot.current = drawCurve(host, readTheme(), () => input.current);
      onCanvas(host.querySelector('canvas'));
    };
    const size = new ResizeObserver(build);
    size.observe(host);
    const stopTheme = onThemeChange(build);
    return () => {
      size.disconnect();
      stopTheme();
      onCanvas(null);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [analysis, kind, bytes, onCanvas]);
  useLayoutEffect(() => plot.current?.redraw(false, true), [focus]);

  const total = analysis.first.columns.totalBytes;
  return (
    <div
      class="curve"
      ref={element}
      onClick={(event) => {
        const over = element.current?.querySelector('.u-over')?.getBoundingClientRect();
        if (over === undefined || over.width === 0) return;
        const share = (event.clientX - over.left) / over.width;
        if (share >= 0 && share <= 1) properties.onByte(Math.floor(share * total));
      }}
    />
  );
}

function drawCurve(element: HTMLElement, theme: Theme, now: () => CurveProperties): uPlot {
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
  const line = { stroke: theme.color('ar-line-1'), width: 1.5, points: { show: false } };
  const other = { stroke: theme.color('ar-line-4'), width: 1.5, dash: [5, 3], points: { show: false } };
  const made = makePlot(element, {
    width,
    height: HEIGHT,
    left: LEFT,
    right: 12,
    top: 8,
    bottom: 24,
    scale: 'linear',
    theme,
    series: second === undefined ? [line] : [line, other],
    xRange: () => [0, Math.max(1, total)],
    yRange: () => range,
    yTicks: ([low, high]) => linearTicks(low, high, 4),
    ...(kind === 'cumulative' ? { yText: (ticks) => ticks.map(short) } : {}),
    under: (plot) => markFocus(plot, theme, now().focus),
    over: () => undefined,
    onCursor: () => undefined,
  });
  made.setData(second === undefined ? [places, first] : [places, first, second]);
  return made;
}

function markFocus(plot: uPlot, theme: Theme, byte: number): void {
  const { ctx, bbox } = plot;
  const x = Math.round(plot.valToPos(byte, 'x', true));
  ctx.fillStyle = theme.color('ar-quiet');
  ctx.fillRect(x, bbox.top, Math.max(1, window.devicePixelRatio), bbox.height);
}

const short = (value: number): string =>
  value >= 1e6 ? `${value / 1e6}M` : value >= 1e4 ? `${value / 1e3}k` : String(value);
