// The opened draw, painted for the saved picture: the rows and the axis that are on screen.
import type { SamplerStep } from '../../../src/protocol/sampler';
import type { Brush } from '../../ui/brush';
import { visibleToken } from '../../ui/format';
import type { Painting } from '../../ui/picture';
import type { Theme } from '../../ui/theme';
import { raceOf, signed } from './race';

const ROW = 20;
const WIDTH = 560;
/** Right edges of the columns of numbers, and the axis. */
const NUMBERS = [190, 250, 310] as const;
const AXIS = { left: 330, width: 215 } as const;

export function racePainting(step: SamplerStep, theme: Theme): Painting {
  return {
    width: WIDTH,
    height: (raceOf(step).racers.length + 2) * ROW,
    caption: 'The draw, nats and Gumbel noise',
    paint: (brush) => paintRace(brush, step, theme),
  };
}

function paintRace(context: Brush, step: SamplerStep, theme: Theme): void {
  const { racers, finish } = raceOf(step);
  context.textBaseline = 'middle';
  context.font = theme.font(12, 1);
  const write = (text: string, x: number, y: number, align: CanvasTextAlign = 'left') => {
    context.textAlign = align;
    context.fillText(text, x, y);
  };
  context.fillStyle = theme.color('ar-quiet');
  ['log p', '+ noise', '= sum'].forEach((name, at) => write(name, NUMBERS[at] ?? 0, ROW / 2, 'right'));
  const place = (share: number): number => AXIS.left + AXIS.width * share;
  const bottom = (racers.length + 1) * ROW;
  context.strokeStyle = theme.color('ar-quiet');
  context.setLineDash([2, 3]);
  context.beginPath();
  context.moveTo(place(finish), ROW);
  context.lineTo(place(finish), bottom);
  context.stroke();
  context.setLineDash([]);
  racers.forEach(({ text, rank, logProb, noise, sum, from, to }, row) => {
    const y = ROW * (row + 1.5);
    const color = theme.color(rank === 1 ? 'ar-link' : 'ar-quiet');
    context.fillStyle = theme.color(rank === 0 ? 'ar-quiet' : 'ar-fg');
    context.font = theme.font(12, 1, rank === 1 ? 700 : 400);
    write(`${rank === 1 ? '✓' : rank === 0 ? 'cut' : String(rank)} ${visibleToken(text)}`, 0, y);
    [logProb, noise, sum].forEach((value, at) => write(signed(value), NUMBERS[at] ?? 0, y, 'right'));
    if (rank === 0) return;
    context.fillStyle = color;
    context.fillRect(place(Math.min(from, to)), y - 1, AXIS.width * Math.abs(to - from), 2);
    context.fillRect(place(to) - 1.5, y - 6, 3, 12);
    context.beginPath();
    context.arc(place(from), y, 3.5, 0, 2 * Math.PI);
    context.fill();
  });
}
