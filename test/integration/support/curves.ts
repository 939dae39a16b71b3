// What two runs of one curve must share, bit for bit: weights, moments, losses, samples. Speeds may differ.
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readMetrics } from '../../../src/engine/training/metricsFile';
import { readRecord } from '../../../src/engine/training/runRecord';
import { RUN_FILES } from '../../../src/protocol/run';

export interface Curve {
  readonly events: readonly unknown[];
  readonly hashes: Readonly<Record<string, string>>;
  readonly samples: readonly string[];
  readonly status: string;
  readonly step: number;
  readonly names: readonly string[];
}

export async function readCurve(run: string): Promise<Curve> {
  const events = (await readMetrics(join(run, RUN_FILES.metrics))).map((event) =>
    event.type === 'step' ? { ...event, elementsPerSecond: 0 } : event,
  );
  const hashes: Record<string, string> = {};
  for (const name of [
    RUN_FILES.weights,
    RUN_FILES.optimizer,
    RUN_FILES.config,
    RUN_FILES.tokenizer,
    RUN_FILES.spec,
  ]) {
    hashes[name] = createHash('sha256')
      .update(await readFile(join(run, name)))
      .digest('hex');
  }
  const samples: string[] = [];
  for (const name of (await readdir(join(run, RUN_FILES.samples))).sort()) {
    samples.push(`${name}: ${await readFile(join(run, RUN_FILES.samples, name), 'utf8')}`);
  }
  const { status, step } = await readRecord(run);
  return { events, hashes, samples, status, step, names: (await readdir(run)).sort() };
}
