// An element that holds one chart: made anew with each size and theme, redrawn when only its marks have moved.
// Knows no data; what is drawn is the caller's.
import { useLayoutEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { onThemeChange, readTheme, type Theme } from '../ui/theme';

/** A view's canvases by name, for its picture to save. */
export type KeepCanvas = (name: string, canvas: HTMLCanvasElement | null) => void;

export function PlotFrame<Input>(properties: {
  readonly name: string;
  readonly keep: KeepCanvas;
  /** Another draws another chart. */
  readonly input: Input;
  /** Another moves what is marked on it; a painter reads it through `now`. */
  readonly mark?: number;
  readonly draw: (element: HTMLElement, theme: Theme, input: Input, now: () => number | undefined) => uPlot;
}) {
  const { name, keep, input, draw, mark } = properties;
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>();
  const marked = useRef(mark);
  marked.current = mark;
  useLayoutEffect(() => {
    const host = element.current;
    if (host === null) return undefined;
    const build = () => {
      if (host.clientWidth === 0) return; // a view that is being hidden
      plot.current?.destroy();
      plot.current = draw(host, readTheme(), input, () => marked.current);
      keep(name, host.querySelector('canvas'));
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
  useLayoutEffect(() => plot.current?.redraw(false, true), [mark]);
  return <div class={`plot plot-${name}`} ref={element} />;
}
