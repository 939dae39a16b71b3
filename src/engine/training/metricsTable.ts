// A finished or running run as columns, for a panel that opens on it.
import { join, resolve } from 'node:path';
import { RUN_FILES, type MetricsTable } from '../../protocol/run';
import { readMetrics, type MetricsEvent } from './metricsFile';
import { readRecord } from './runRecord';

export async function readMetricsTable(run: string): Promise<MetricsTable> {
  const folder = resolve(run);
  const record = await readRecord(folder);
  const events = await readMetrics(join(folder, RUN_FILES.metrics));
  const steps = events.filter(
    (event): event is Extract<MetricsEvent, { type: 'step' }> => event.type === 'step',
  );
  return {
    record: { ...record, run: folder },
    step: Float64Array.from(steps, ({ step }) => step),
    loss: Float32Array.from(steps, ({ loss }) => loss),
    learningRate: Float32Array.from(steps, ({ learningRate }) => learningRate),
    gradientNorm: Float32Array.from(steps, ({ gradientNorm }) => gradientNorm),
    elementsPerSecond: Float32Array.from(steps, ({ elementsPerSecond }) => elementsPerSecond),
    evaluations: events.filter((event) => event.type === 'evaluation'),
    samples: events.filter((event) => event.type === 'sample'),
  };
}
