// Rows of a label, a bar and a number, painted for a saved picture: probabilities of tokens, most likely first.
import type { Brush } from '../ui/brush';
import type { Painting } from '../ui/picture';
import type { Theme } from '../ui/theme';
import { fitText } from '../ui/fitText';

export interface BarRow {
  readonly label: string;
  /** The number as the view writes it. */
  readonly text: string;
  /** Of a full bar, 0 to 1. */
  readonly share: number;
  /** Filled in the scale's colour, in the foreground's (what occurred), or only outlined (the rest). */
  readonly look: 'filled' | 'marked' | 'hollow';
}

const ROW = 20;
const WIDTH = 480;
const LABEL = 140;
const NUMBER = 72;

/** @param labels CSS pixels of the column of labels */
export function barsPainting(
  rows: readonly BarRow[],
  theme: Theme,
  caption: string,
  labels = LABEL,
): Painting {
  const paint = (brush: Brush) =>
    rows.forEach((row, index) => paintRow(brush, row, theme, index * ROW, labels));
  return { width: WIDTH, height: rows.length * ROW, caption, paint };
}

function paintRow(
  brush: Brush,
  { label, text, share, look }: BarRow,
  theme: Theme,
  top: number,
  labels: number,
): void {
  const strong = look === 'marked';
  const middle = top + ROW / 2;
  if (strong) {
    brush.fillStyle = theme.color('ar-fill');
    brush.fillRect(0, top, WIDTH, ROW);
  }
  brush.textBaseline = 'middle';
  brush.textAlign = 'left';
  brush.fillStyle = theme.color(look === 'hollow' ? 'ar-quiet' : 'ar-fg');
  brush.font = theme.font(12, 1, strong ? 600 : 400);
  brush.fillText(fitText(brush, label, labels - 12), 4, middle);
  brush.textAlign = 'right';
  brush.fillText(text, WIDTH - 4, middle);
  const long = Math.max(look === 'hollow' ? 3 : 1, Math.min(1, share) * (WIDTH - labels - NUMBER));
  if (look === 'hollow') {
    brush.strokeStyle = theme.color('ar-quiet');
    brush.lineWidth = 1;
    brush.strokeRect(labels + 0.5, middle - 3.5, Math.max(0, long - 1), 7);
  } else {
    brush.fillStyle = theme.color(strong ? 'ar-fg' : 'ar-seen');
    brush.fillRect(labels, middle - 4, long, 8);
  }
}
