// A histogram painted for a saved picture: bars with their counts, and under them the scale's colours and bins.
import type { Brush } from '../ui/brush';
import { formatCount } from '../ui/format';
import type { Painting } from '../ui/picture';
import type { Theme } from '../ui/theme';
import type { HistogramBin } from './histogram';
import { fitText } from '../ui/fitText';

const WIDTH = 480;
const COUNT = 16;
const BARS = 96;
const SWATCH = 8;
const LABEL = 18;
const HEIGHT = COUNT + BARS + 4 + SWATCH + LABEL;

/** @param caption what is counted, over what, in which unit */
export function histogramPainting(bins: readonly HistogramBin[], theme: Theme, caption: string): Painting {
  return { width: WIDTH, height: HEIGHT, caption, paint: (brush) => paintHistogram(brush, bins, theme) };
}

function paintHistogram(brush: Brush, bins: readonly HistogramBin[], theme: Theme): void {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const pitch = WIDTH / Math.max(1, bins.length);
  const wide = pitch - 2;
  brush.textAlign = 'center';
  bins.forEach((bin, index) => {
    const x = index * pitch + 1;
    const middle = x + wide / 2;
    const bottom = COUNT + BARS;
    // A bin that holds something is never invisible.
    const tall = bin.count === 0 ? 0 : Math.max(2, (bin.count / most) * BARS);
    area(brush, bin, theme, x, bottom - tall, wide, tall);
    area(brush, bin, theme, x, bottom + 4, wide, SWATCH);
    const marked = bin.marked !== undefined;
    brush.font = theme.font(11, 1, marked ? 600 : 400);
    brush.fillStyle = theme.color(marked ? 'ar-fg' : 'ar-quiet');
    if (bin.count > 0)
      brush.fillText(fitText(brush, formatCount(bin.count), pitch), middle, bottom - tall - 4);
    brush.fillText(fitText(brush, bin.label, pitch), middle, HEIGHT - 5);
  });
  brush.fillStyle = theme.color('ar-line');
  brush.fillRect(0, COUNT + BARS, WIDTH, 1);
}

function area(
  brush: Brush,
  { colour, hollow, marked }: HistogramBin,
  theme: Theme,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  if (height === 0) return;
  brush.fillStyle = theme.color(colour);
  if (!hollow) brush.fillRect(x, y, width, height);
  // The quiet end of the scale is nearly the background: a rim keeps it in sight.
  brush.strokeStyle = theme.color(marked === undefined ? 'ar-bar-rim' : 'ar-fg');
  brush.lineWidth = marked === undefined ? 1 : 2;
  brush.strokeRect(x + 0.5, y + 0.5, width - 1, Math.max(0, height - 1));
}
