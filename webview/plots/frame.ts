// Where a chart's numbers lie on its canvas, and the text and lines that marks are made of. The same on screen, where
// uPlot lays out and a device pixel is the unit, and in a saved picture, where a CSS pixel is. Knows no uPlot.
import type { Brush } from '../ui/brush';
import type { Theme } from '../ui/theme';

/** Lengths are in the brush's pixels, `ratio` of them to a CSS pixel. */
export interface Frame {
  readonly brush: Brush;
  readonly ratio: number;
  /** Of the whole chart. */
  readonly width: number;
  /** Of the plot inside its axes. */
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** Text with a rim of the background, so that it stays legible over curves. */
export function drawText(
  { brush, ratio }: Frame,
  theme: Theme,
  text: string,
  x: number,
  y: number,
  look: {
    readonly align: CanvasTextAlign;
    readonly strong?: boolean;
    readonly quiet?: boolean;
    readonly rim?: boolean;
  },
): void {
  brush.font = theme.font(11, ratio, look.strong === true ? 600 : 400);
  brush.textAlign = look.align;
  brush.textBaseline = 'middle';
  if (look.rim === true) {
    brush.strokeStyle = theme.color('ar-bg');
    brush.lineWidth = 3 * ratio;
    brush.lineJoin = 'round';
    brush.strokeText(text, x, y);
  }
  brush.fillStyle = theme.color(look.quiet === true ? 'ar-quiet' : 'ar-fg');
  brush.fillText(text, x, y);
}

export function drawLine(
  { brush, ratio }: Frame,
  color: string,
  dash: readonly number[],
  points: ReadonlyArray<readonly [number, number]>,
): void {
  brush.beginPath();
  points.forEach(([x, y], index) => (index === 0 ? brush.moveTo(x, y) : brush.lineTo(x, y)));
  brush.strokeStyle = color;
  brush.lineWidth = ratio;
  brush.setLineDash(dash.map((length) => length * ratio));
  brush.stroke();
  brush.setLineDash([]);
}
