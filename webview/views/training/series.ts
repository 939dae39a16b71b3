// How each curve looks: raw training a ghost, smoothed training and validation in full, other runs dashed and quiet.
import type uPlot from 'uplot';
import type { Theme } from '../../ui/theme';

const plain = { spanGaps: true, pxAlign: 0, points: { show: false } } as const;

/** In drawing order: raw, compared runs, smoothed, validation. */
export function lossSeries(theme: Theme, compared: number): uPlot.Series[] {
  const validation = theme.color('ar-line-2');
  return [
    { ...plain, stroke: theme.color('ar-ghost'), width: 1 },
    ...Array.from({ length: compared }, () => ({
      ...plain,
      stroke: theme.color('ar-quiet'),
      width: 1.5,
      dash: [6, 3],
    })),
    { ...plain, stroke: theme.color('ar-line-1'), width: 1.5 },
    {
      spanGaps: true,
      pxAlign: 0,
      stroke: validation,
      width: 2,
      points: { show: (plot, series) => isSparse(plot, series), size: 5, width: 0, fill: validation },
    },
  ];
}

export function stripSeries(theme: Theme): uPlot.Series[] {
  return [{ ...plain, stroke: theme.color('ar-line-3'), width: 1.25 }];
}

/** Markers help while they stand apart; as a solid row they only thicken the line. */
function isSparse(plot: uPlot, series: number): boolean {
  const values = plot.data[series] ?? [];
  let count = 0;
  for (const value of values) if (value !== undefined && value !== null) count++;
  return count * 8 < plot.width;
}
