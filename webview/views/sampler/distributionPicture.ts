// The two columns of bars, painted for the saved picture: the same rows, scale and cut as on screen.
import type { SamplerSettings, SamplerStep } from '../../../src/protocol/sampler';
import type { Brush } from '../../ui/brush';
import { visibleToken } from '../../ui/format';
import type { Painting } from '../../ui/picture';
import type { Theme } from '../../ui/theme';
import type { Comparison } from './comparison';
import { columnNames, probabilityText, stageName } from './cutWords';

const ROW = 20;
const WIDTH = 560;
const COLUMNS = [
  { number: 140, bar: 150 },
  { number: 360, bar: 370 },
] as const;
const BAR = 180;

export function distributionPainting(
  step: SamplerStep,
  comparison: Comparison,
  settings: SamplerSettings,
  theme: Theme,
): Painting {
  const paint = (brush: Brush) => paintDistribution(brush, step, comparison, settings, theme);
  return { width: WIDTH, height: (step.id.length + 5) * ROW, caption: 'Next token, p of 1', paint };
}

function paintDistribution(
  context: Brush,
  step: SamplerStep,
  comparison: Comparison,
  settings: SamplerSettings,
  theme: Theme,
): void {
  context.font = theme.font(12, 1);
  context.textBaseline = 'middle';
  const write = (text: string, x: number, y: number, align: CanvasTextAlign = 'left') => {
    context.fillStyle = theme.color('ar-fg');
    context.textAlign = align;
    context.fillText(text, x, y);
  };
  const { before, after, scale, kept, rows, by } = comparison;
  columnNames(comparison, settings).forEach((name, column) =>
    write(name, COLUMNS[column === 0 ? 0 : 1].bar, ROW / 2),
  );
  const row = (label: string, values: readonly [number, number], y: number) => {
    write(label, 0, y);
    values.forEach((value, column) => {
      const { number, bar } = COLUMNS[column === 0 ? 0 : 1];
      if (column === 0 || value > 0) write(probabilityText(value), number, y, 'right');
      context.fillStyle = theme.color(column === 0 ? 'ar-quiet' : 'ar-line-1');
      context.fillRect(bar, y - 6, (BAR * value) / scale, 12);
      context.strokeStyle = theme.color('ar-quiet');
      if (column === 1) context.strokeRect(bar, y - 6, (BAR * values[0]) / scale, 12);
    });
  };
  let y = 1.5 * ROW;
  const line = () => {
    context.setLineDash([4, 3]);
    context.strokeStyle = theme.color('ar-fg');
    context.beginPath();
    context.moveTo(0, y - ROW / 2);
    context.lineTo(WIDTH, y - ROW / 2);
    context.stroke();
    context.setLineDash([]);
    const stages = by === 'all' ? step.stages.slice(1) : [after];
    const names = stages.map((stage) => stageName(stage.by, settings)).join(', ');
    const share =
      by === 'all'
        ? `${(100 * step.keptMass).toFixed(1)} % of the model’s mass`
        : `${(100 * after.moved).toFixed(1)} % of the mass moved`;
    write(`${names}: ${after.kept} of ${step.vocabulary} tokens stay, ${share}`, 0, y);
    y += ROW;
  };
  rows.forEach((at, index) => {
    if (index === kept) line();
    const drawn = step.id[at] === step.drawn.id ? '✓ ' : '';
    const values = [before.probability[at] ?? 0, after.probability[at] ?? 0] as const;
    row(`${drawn}${visibleToken(step.texts[at] ?? '')}`, values, y);
    y += ROW;
  });
  row(`${step.vocabulary - step.id.length} others`, [before.tail, after.tail], y);
  y += ROW;
  if (kept >= step.id.length) line();
}
