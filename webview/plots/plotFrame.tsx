// An element that holds one chart: made anew with each size and theme, redrawn when only its marks have moved.
// Knows no data; what is drawn is the caller's.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { onThemeChange, readTheme, type Theme } from '../ui/theme';
import type { LineChart } from './lineChart';

/** A view's charts by name, for its picture to save. */
export type KeepChart = (name: string, chart: LineChart | null) => void;

export function PlotFrame<Input>(properties: {
  readonly name: string;
  readonly keep: KeepChart;
  /** Another draws another chart. */
  readonly input: Input;
  /** Another moves what is marked on it; a painter reads it through `now`. */
  readonly mark?: number;
  readonly draw: (
    element: HTMLElement,
    theme: Theme,
    input: Input,
    now: () => number | undefined,
  ) => LineChart;
}) {
  const { name, keep, input, draw, mark } = properties;
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<LineChart>();
  const marked = useRef(mark);
  marked.current = mark;
  useLayoutEffect(() => {
    const host = element.current;
    if (host === null) return undefined;
    const build = () => {
      if (host.clientWidth === 0) return; // a view that is being hidden
      plot.current?.destroy();
      plot.current = draw(host, readTheme(), input, () => marked.current);
      keep(name, plot.current);
    };
    const size = new ResizeObserver(build);
    size.observe(host);
    const stopTheme = onThemeChange(build);
    return () => {
      size.disconnect();
      stopTheme();
      keep(name, null);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [name, keep, input, draw]);
  useLayoutEffect(() => plot.current?.redraw(), [mark]);
  return <div class={`plot plot-${name}`} ref={element} />;
}
