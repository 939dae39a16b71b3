// Two curves over the bytes of the file: bits so far, and bits/byte in a sliding window. uPlot, thinned to pixels.
import { useMemo } from 'preact/hooks';
import type { Theme } from '../../ui/theme';
import { CURVE_HEIGHT, CURVE_LEFT, FocusCurve, markPlace, shortCounts } from '../../plots/focusCurve';
import { LineChart } from '../../plots/lineChart';
import type { KeepChart } from '../../plots/plotFrame';
import { linearTicks } from '../../plots/ticks';
import type { Analysis } from './analysis';
import { curveText } from './curveReading';
import { cumulativeBits, grid, thinned } from './rolling';

interface CurveInput {
  readonly analysis: Analysis;
  readonly kind: 'cumulative' | 'rolling';
  /** Bytes of the sliding window. */
  readonly window: number;
}

export function Curve(
  properties: CurveInput & {
    readonly focus: number;
    readonly onByte: (byte: number) => void;
    readonly keep: KeepChart;
  },
) {
  const { analysis, kind, window: bytes, focus } = properties;
  const input = useMemo(() => ({ analysis, kind, window: bytes }), [analysis, kind, bytes]);
  return (
    <FocusCurve
      name={kind}
      label={
        kind === 'cumulative' ? 'Bits so far, by byte of the file' : 'Rolling bits/byte, by byte of the file'
      }
      total={analysis.first.columns.totalBytes}
      focus={focus}
      text={curveText(analysis, kind, bytes, focus)}
      keep={properties.keep}
      input={input}
      draw={drawCurve}
      onFocus={properties.onByte}
    />
  );
}

function drawCurve(
  element: HTMLElement,
  theme: Theme,
  { analysis, kind, window: bytes }: CurveInput,
  focus: () => number | undefined,
): LineChart {
  const width = element.clientWidth;
  const total = analysis.first.columns.totalBytes;
  const places = grid(total, Math.max(1, width - CURVE_LEFT - 12));
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
    height: CURVE_HEIGHT,
    left: CURVE_LEFT,
    right: 12,
    top: 8,
    bottom: 24,
    scale: 'linear',
    theme,
    looks: second === undefined ? [line] : [line, other],
    xRange: () => [0, Math.max(1, total)],
    yRange: () => range,
    yTicks: ([low, high]) => linearTicks(low, high, 4),
    ...(kind === 'cumulative' ? { yText: shortCounts } : {}),
    under: (frame) => markPlace(frame, theme, focus() ?? 0),
    over: () => undefined,
    onCursor: () => undefined,
  });
  made.setLines([first, ...(second === undefined ? [] : [second])].map((y) => ({ x: places, y })));
  return made;
}
