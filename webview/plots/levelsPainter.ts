// Paints a sub-pixel's distribution over levels: bars in a power-of-two scale where there are many levels, a linear one
// where there are few, and a line at the level that is there. Pure functions over a brush.
import type { Brush } from '../ui/brush';
import type { Theme } from '../ui/theme';

const LEFT = 34;
const BOTTOM = 18;
const TOP = 16;
/** Up to so many levels the scale is linear: each bar can be compared with each. */
const FEW = 16;
const LOWEST = -16;

export interface LevelsPicture {
  readonly width: number;
  readonly height: number;
  /** [levels] */
  readonly probability: Float64Array;
  /** The same before temperature and cuts, where those changed it: drawn as outlines. */
  readonly before?: Float64Array;
  /** The level that is marked, and by which words; −1 for none. */
  readonly level: number;
  readonly word?: string;
}

/** The level whose bar is at `x` pixels from the left. */
export function levelAt(x: number, width: number, levels: number): number | undefined {
  const level = Math.floor(((x - LEFT) * levels) / (width - LEFT - 4));
  return level >= 0 && level < levels ? level : undefined;
}

export const isLinear = (levels: number): boolean => levels <= FEW;

export function paintLevels(brush: Brush, picture: LevelsPicture, theme: Theme): void {
  const { width, height, probability, before, level } = picture;
  const plot = { wide: width - LEFT - 4, tall: height - TOP - BOTTOM };
  const levels = probability.length;
  const linear = isLinear(levels);
  const share = (p: number) => (linear ? p : p <= 0 ? 0 : Math.max(0, 1 - Math.log2(p) / LOWEST));
  const yOf = (p: number) => TOP + (1 - share(p)) * plot.tall;
  const wide = plot.wide / levels;
  // Whole pixels: bars of a fraction would show stripes.
  const xOf = (at: number) => LEFT + (wide >= 1 ? Math.round(at * wide) : at * wide);
  brush.font = theme.font(11, 1);
  brush.textAlign = 'right';
  for (const [p, label] of linear ? LINEAR : POWERS) {
    brush.fillStyle = theme.color('ar-line');
    brush.fillRect(LEFT, Math.round(yOf(p)), plot.wide, 1);
    brush.fillStyle = theme.color('ar-quiet');
    brush.fillText(label, LEFT - 4, Math.min(TOP + plot.tall, yOf(p) + 4));
  }
  brush.fillStyle = theme.color('ar-line-1');
  const gap = plot.wide / levels >= 4 ? 1 : 0;
  for (let at = 0; at < levels; at++) {
    const y = yOf(probability[at] ?? 0);
    if (y < TOP + plot.tall) brush.fillRect(xOf(at), y, xOf(at + 1) - xOf(at) - gap, TOP + plot.tall - y);
  }
  if (before !== undefined) {
    brush.strokeStyle = theme.color('ar-fg');
    brush.lineWidth = 1;
    brush.beginPath();
    for (let at = 0; at < levels; at++) {
      const y = yOf(before[at] ?? 0);
      if (at === 0) brush.moveTo(xOf(0), y);
      else brush.lineTo(xOf(at), y);
      brush.lineTo(xOf(at + 1), y);
    }
    brush.stroke();
  }
  if (level >= 0)
    markLevel(
      brush,
      xOf(level + 0.5),
      yOf(probability[level] ?? 0),
      `${picture.word ?? 'it is'} ${level}`,
      width,
      theme,
    );
  paintLevelAxis(brush, levels, xOf, height, theme);
}

function markLevel(brush: Brush, x: number, y: number, text: string, width: number, theme: Theme): void {
  brush.fillStyle = theme.color('ar-fg');
  brush.fillRect(Math.round(x), 4, 1, y - 4);
  brush.strokeStyle = theme.color('ar-fg');
  brush.lineWidth = 1.5;
  brush.beginPath();
  brush.arc(Math.round(x) + 0.5, y, 3, 0, 2 * Math.PI);
  brush.stroke();
  // Not over the axis where there is little room.
  const right = x < width / 2 || x - 5 - brush.measureText(text).width < LEFT;
  brush.textAlign = right ? 'left' : 'right';
  brush.fillText(text, x + (right ? 6 : -5), 12);
}

function paintLevelAxis(
  brush: Brush,
  levels: number,
  xOf: (at: number) => number,
  height: number,
  theme: Theme,
): void {
  brush.fillStyle = theme.color('ar-quiet');
  const marks = levels <= 8 ? Array.from({ length: levels }, (_, at) => at) : [0, levels >> 1, levels - 1];
  for (const at of marks) {
    brush.textAlign = levels <= 8 || (at > 0 && at < levels - 1) ? 'center' : at === 0 ? 'left' : 'right';
    const x = levels <= 8 || (at > 0 && at < levels - 1) ? xOf(at + 0.5) : at === 0 ? xOf(0) : xOf(levels);
    brush.fillText(String(at), x, height - 4);
  }
}

const LINEAR: ReadonlyArray<readonly [number, string]> = [
  [1, '1'],
  [0.5, '0.5'],
  [0, '0'],
];
const POWERS: ReadonlyArray<readonly [number, string]> = [
  [1, '1'],
  [2 ** -4, '2⁻⁴'],
  [2 ** -8, '2⁻⁸'],
  [2 ** -12, '2⁻¹²'],
];
