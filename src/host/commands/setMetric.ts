// Set Metric: what the colours stand for.
import * as vscode from 'vscode';
import { isMetric, METRIC_LABELS, METRICS } from '../annotations/metric';
import { COMMANDS, SETTINGS } from '../ids';
import { annotationSettings, writeSetting } from '../settings';
import type { Command } from './command';

export const setMetric: Command = {
  id: COMMANDS.setMetric,
  run: async (_services, given) => {
    const now = annotationSettings().metric;
    const items = METRICS.map((metric) => ({
      label: metric,
      description: metric === now ? 'now' : '',
      detail: METRIC_LABELS[metric],
    }));
    const chosen = isMetric(given)
      ? given
      : (await vscode.window.showQuickPick(items, { title: 'What do the colours show?' }))?.label;
    if (chosen !== undefined) await writeSetting(SETTINGS.metric, chosen);
  },
};
