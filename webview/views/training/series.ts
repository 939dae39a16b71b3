// How each curve looks: raw training a ghost, smoothed training and validation in full, other runs dashed and quiet.
import type { LineLook } from '../../plots/lineOptions';
import type { LegendKey } from '../../ui/pictureLegend';
import type { Theme } from '../../ui/theme';
import type { RunModel } from './runModel';

/** In drawing order: raw, compared runs, smoothed, validation. */
export function lossLooks(theme: Theme, compared: number): LineLook[] {
  return [
    { stroke: theme.color('ar-ghost'), width: 1 },
    ...Array.from({ length: compared }, () => ({
      stroke: theme.color('ar-quiet'),
      width: 1.5,
      dash: [6, 3],
    })),
    { stroke: theme.color('ar-line-1'), width: 1.5 },
    { stroke: theme.color('ar-line-2'), width: 2, markers: 5 },
  ];
}

export const stripLooks = (theme: Theme): LineLook[] => [{ stroke: theme.color('ar-line-3'), width: 1.25 }];

/** What the looks mean, for a saved picture. */
export function legendKeys(run: RunModel, theme: Theme): LegendKey[] {
  const { compared, record } = run.now;
  const floor = {
    kind: 'line',
    colour: theme.color('ar-floor'),
    dash: [2, 3],
    label: 'known floors',
  } as const;
  return [
    { kind: 'line', colour: theme.color('ar-line-2'), label: 'validation' },
    { kind: 'line', colour: theme.color('ar-line-1'), label: 'training' },
    ...compared.map(
      ({ label }) => ({ kind: 'line', colour: theme.color('ar-quiet'), dash: [6, 3], label }) as const,
    ),
    ...(record.floors.length === 0 ? [] : [floor]),
  ];
}
