// Paints a histogram of what gates make of images: a bar a bin, the saturated ends hatched. Pure functions over a brush.
import type { GateHistogram } from '../../../src/protocol/gates';
import type { Brush } from '../../ui/brush';
import { hatch } from '../../ui/pictureLegend';
import type { Theme } from '../../ui/theme';

export const WIDTH = 240;
export const HEIGHT = 76;
const BOTTOM = 16;

/** @param threshold how near an end counts as saturated; of the product, how near 0 counts as shut */
export function paintGates(brush: Brush, histogram: GateHistogram, threshold: number, theme: Theme): void {
  const { counts, from, to, part } = histogram;
  const most = counts.reduce((largest, each) => Math.max(largest, each), 1);
  const [bar, full] = [WIDTH / counts.length, HEIGHT - BOTTOM - 4];
  brush.fillStyle = theme.color('ar-bg');
  brush.fillRect(0, 0, WIDTH, HEIGHT);
  const middleOf = (bin: number) => from + ((bin + 0.5) * (to - from)) / counts.length;
  const reach = (to - from) / counts.length / 2;
  for (const [bin, count] of counts.entries()) {
    if (count === 0) continue;
    const high = Math.max(1, Math.round((count / most) * full));
    const [x, y] = [bin * bar, HEIGHT - BOTTOM - high];
    const ends = part === 'product' ? [0] : [from, to];
    const marked = ends.some((end) => Math.abs(middleOf(bin) - end) <= reach + threshold);
    brush.fillStyle = theme.color('ar-seen');
    brush.strokeStyle = theme.color('ar-blind');
    if (marked) hatch(brush, x, y, bar - 1, high, 4);
    else brush.fillRect(x, y, bar - 1, high);
  }
  brush.fillStyle = theme.color('ar-line');
  brush.fillRect(0, HEIGHT - BOTTOM, WIDTH, 1);
  brush.fillStyle = theme.color('ar-quiet');
  brush.font = theme.font(11, 1);
  for (const at of [from, (from + to) / 2, to]) {
    brush.textAlign = at === from ? 'left' : at === to ? 'right' : 'center';
    brush.fillText(String(at).replace('-', '−'), ((at - from) / (to - from)) * WIDTH, HEIGHT - 3);
  }
}
