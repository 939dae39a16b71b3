// The two columns of bars, painted for the saved picture: the same rows, scale and cut as on screen.
import type { SamplerSettings, SamplerStep } from '../../../src/protocol/sampler';
import type { Brush } from '../../ui/brush';
import { visibleToken } from '../../ui/format';
import type { Painting } from '../../ui/picture';
import type { Theme } from '../../ui/theme';
import { keptRows, probabilityText, scaleOf, stageName } from './cutWords';

const ROW = 20;
const WIDTH = 560;
const COLUMNS = [
  { number: 140, bar: 150 },
  { number: 360, bar: 370 },
] as const;
const BAR = 180;

export function distributionPainting(step: SamplerStep, settings: SamplerSettings, theme: Theme): Painting {
  const paint = (brush: Brush) => paintDistribution(brush, step, settings, theme);
  return { width: WIDTH, height: (step.id.length + 5) * ROW, caption: 'Next token, p of 1', paint };
}

function paintDistribution(context: Brush, step: SamplerStep, settings: SamplerSettings, theme: Theme): void {
  context.font = theme.font(12, 1);
  context.textBaseline = 'middle';
  const write = (text: string, x: number, y: number, align: CanvasTextAlign = 'left') => {
    context.fillStyle = theme.color('ar-fg');
    context.textAlign = align;
    context.fillText(text, x, y);
  };
  const ends = [step.stages[0], step.stages.at(-1)] as const;
  const [scale, kept] = [scaleOf(step), keptRows(step)];
  write('model', COLUMNS[0].bar, ROW / 2);
  write('drawn from', COLUMNS[1].bar, ROW / 2);
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
    const names = step.stages.slice(1).map(({ by }) => stageName(by, settings));
    const share = `${(100 * step.keptMass).toFixed(1)} % of the model’s mass`;
    write(`${names.join(', ')}: ${ends[1]?.kept ?? 0} of ${step.vocabulary} tokens stay, ${share}`, 0, y);
    y += ROW;
  };
  step.texts.forEach((text, index) => {
    if (index === kept) line();
    const drawn = step.id[index] === step.drawn.id ? '✓ ' : '';
    const values = [ends[0]?.probability[index] ?? 0, ends[1]?.probability[index] ?? 0] as const;
    row(`${drawn}${visibleToken(text)}`, values, y);
    y += ROW;
  });
  row(`${step.vocabulary - step.id.length} others`, [ends[0]?.tail ?? 0, ends[1]?.tail ?? 0], y);
  y += ROW;
  if (kept >= step.id.length) line();
}
