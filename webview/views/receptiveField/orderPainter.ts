// Paints the order of generation over a grid: a line through the centres of the cells, a disc where it starts, a square
// where it ends, arrowheads along it, dashes where it jumps, and numbers where cells have room. Pure functions over a brush.
import type { Brush } from '../../ui/brush';
import type { LegendKey } from '../../ui/pictureLegend';
import type { Theme } from '../../ui/theme';
import { isJump, runsOf, type OrderPath } from './orderPath';
import { LEFT, paintMarks, TOP, type GridSight } from './painter';

/** Cells of at least so many pixels have room for a number. */
const NUMBERED = 24;
/** Arrowheads keep this distance from one another. */
const APART = 18;
/** Smaller cells leave no room for the ground on both sides of a line. */
const ROOMY = 10;
const JUMP_DASH = [2, 3];

type Point = readonly [x: number, y: number];

export function paintOrder(brush: Brush, path: OrderPath, sight: GridSight, theme: Theme): void {
  const { cells, from, to } = path;
  const centre = (step: number): Point => {
    const cell = cells[step] ?? 0;
    const { columns } = sight.layout;
    return [
      LEFT + ((cell % columns) + 0.5) * sight.pitch - 0.5,
      TOP + (Math.floor(cell / columns) + 0.5) * sight.pitch - 0.5,
    ];
  };
  const roomy = sight.pitch >= ROOMY;
  const [ground, ink] = [theme.color('ar-bg'), theme.color('ar-fg')];
  const trace = (jumping: boolean): void => {
    brush.beginPath();
    for (let step = from + 1; step <= to; step++) {
      if (isJump(cells, step, sight.layout) !== jumping) continue;
      brush.moveTo(...centre(step - 1));
      brush.lineTo(...centre(step));
    }
  };
  const stroke = (width: number, halo: number, dash: readonly number[]): void => {
    brush.setLineDash([]);
    brush.strokeStyle = ground;
    brush.lineWidth = width + halo;
    if (halo > 0) brush.stroke();
    brush.setLineDash([...dash]);
    brush.strokeStyle = ink;
    brush.lineWidth = width;
    brush.stroke();
    brush.setLineDash([]);
  };
  trace(true);
  stroke(roomy ? 1 : 0.75, roomy ? 1.5 : 0, JUMP_DASH);
  trace(false);
  stroke(roomy ? 1.5 : 1, roomy ? 2 : 1, []);
  for (const [tip, angle] of heads(path, sight, centre)) head(brush, tip, angle, sight.pitch, theme);
  // Over the line: the output has to be found.
  paintMarks(brush, sight, theme);
  paintEnds(brush, centre(0), centre(cells.length - 1), sight.pitch, theme);
  if (sight.pitch >= NUMBERED) paintNumbers(brush, path, sight, centre, theme);
}

/** The legend of a saved picture. */
export function orderKeys({ jumps }: Pick<OrderPath, 'jumps'>, theme: Theme): LegendKey[] {
  const colour = theme.color('ar-fg');
  const jump: LegendKey = { kind: 'line', colour, dash: [...JUMP_DASH], label: 'a jump to no neighbour' };
  return [
    { kind: 'line', colour, label: 'order of generation, from the disc to the square' },
    ...(jumps > 0 ? [jump] : []),
  ];
}

/** One for each run that is long enough, at turns nearer to its start and to its end, so that both ways of a snake show. */
function heads(
  path: OrderPath,
  { layout }: GridSight,
  centre: (step: number) => Point,
): Array<readonly [tip: Point, angle: number]> {
  const found: Array<readonly [Point, number]> = [];
  const add = (from: Point, to: Point, share: number): void => {
    const [right, down] = [to[0] - from[0], to[1] - from[1]];
    if (Math.hypot(right, down) < 8) return;
    const tip: Point = [from[0] + share * right, from[1] + share * down];
    const crowded = found.some(([[x, y]]) => Math.hypot(x - tip[0], y - tip[1]) < APART);
    if (!crowded) found.push([tip, Math.atan2(down, right)]);
  };
  // Short runs, as at the corners of a zigzag, point nowhere.
  const long = runsOf(path, layout).filter(({ from, to }) => to - from >= 2);
  for (const [index, { from, to }] of long.entries()) {
    add(centre(from), centre(to), index % 2 === 0 ? 0.35 : 0.65);
  }
  for (let step = path.from + 1; step <= path.to; step++) {
    if (isJump(path.cells, step, layout)) add(centre(step - 1), centre(step), 0.5);
  }
  return found;
}

function head(brush: Brush, [x, y]: Point, angle: number, pitch: number, theme: Theme): void {
  const size = Math.max(3.5, Math.min(6, pitch / 2.5));
  const corner = (turn: number): Point => [
    x - size * Math.cos(angle + turn),
    y - size * Math.sin(angle + turn),
  ];
  brush.beginPath();
  brush.moveTo(x + size * 0.6 * Math.cos(angle), y + size * 0.6 * Math.sin(angle));
  brush.lineTo(...corner(0.6));
  brush.lineTo(...corner(-0.6));
  brush.closePath();
  brush.strokeStyle = theme.color('ar-bg');
  brush.lineWidth = 2;
  brush.stroke();
  brush.fillStyle = theme.color('ar-fg');
  brush.fill();
}

function paintEnds(
  brush: Brush,
  [startX, startY]: Point,
  [endX, endY]: Point,
  pitch: number,
  theme: Theme,
): void {
  const radius = Math.max(2.5, Math.min(5, pitch / 4));
  brush.lineWidth = 2;
  brush.strokeStyle = theme.color('ar-bg');
  brush.fillStyle = theme.color('ar-fg');
  brush.beginPath();
  brush.arc(startX, startY, radius, 0, 2 * Math.PI);
  brush.stroke();
  brush.fill();
  brush.beginPath();
  brush.rect(endX - radius, endY - radius, 2 * radius, 2 * radius);
  brush.stroke();
  brush.fill();
}

/** From 1, in the cell's corner, beside the line. */
function paintNumbers(
  brush: Brush,
  { cells, from, to }: OrderPath,
  { pitch }: GridSight,
  centre: (step: number) => Point,
  theme: Theme,
): void {
  brush.font = theme.font(9, 1);
  brush.textAlign = 'left';
  brush.textBaseline = 'alphabetic';
  for (let step = from; step <= to && step < cells.length; step++) {
    const [x, y] = centre(step);
    const text = String(step + 1);
    const [left, base] = [x - pitch / 2 + 1.5, y - pitch / 2 + 8.5];
    brush.fillStyle = theme.color('ar-bg');
    brush.fillRect(left - 1, base - 7.5, brush.measureText(text).width + 2, 9);
    brush.fillStyle = theme.color('ar-fg');
    brush.fillText(text, left, base);
  }
}
