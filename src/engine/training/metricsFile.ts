// metrics.jsonl: one event a line, appended and synced before each checkpoint that counts on it.
// A torn last line is what a kill leaves; readers skip it, a resumed run cuts it away. Knows no trainer.
import { open, type FileHandle } from 'node:fs/promises';
import { writeFailure, writeFileAtomic } from '../../formats/atomicFile';
import { openForReading } from '../../formats/openFile';
import { ArLensError } from '../../protocol/errors';
import { parseMetricsLine, type MetricsEvent } from '../../protocol/metricsLine';

/** Every whole event of the file, in order; an absent file has none. */
export async function readMetrics(path: string): Promise<MetricsEvent[]> {
  const text = await readWhole(path);
  const events: MetricsEvent[] = [];
  for (const line of text.split('\n')) {
    const event = parseMetricsLine(line);
    if (event) events.push(event);
  }
  return events;
}

async function readWhole(path: string): Promise<string> {
  try {
    const file = await openForReading(path, 'the metrics of a run');
    return await file.readFile('utf8').finally(() => file.close());
  } catch (error) {
    if (error instanceof ArLensError && error.reason === 'notFound') return '';
    throw error;
  }
}

export class MetricsFile {
  private pending = '';
  private length: number;

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    length: number,
  ) {
    this.length = length;
  }

  /** Opens for appending with only the events of steps up to `lastStep` left in it. */
  static async open(path: string, lastStep: number): Promise<{ file: MetricsFile; kept: MetricsEvent[] }> {
    const kept = (await readMetrics(path)).filter(({ step }) => step <= lastStep);
    await writeFileAtomic(path, kept.map((event) => `${JSON.stringify(event)}\n`).join(''));
    try {
      const handle = await open(path, 'a');
      return { file: new MetricsFile(path, handle, (await handle.stat()).size), kept };
    } catch (error) {
      throw writeFailure(error, path, true);
    }
  }

  add(event: MetricsEvent): void {
    this.pending += `${JSON.stringify(event)}\n`;
  }

  /** Writes what was added; with `sync` it is on the disk when this returns. A failure leaves only whole lines. */
  async flush(sync: boolean): Promise<void> {
    const bytes = Buffer.from(this.pending, 'utf8');
    try {
      if (bytes.length > 0) await this.file.appendFile(bytes);
      if (sync) await this.file.sync();
    } catch (error) {
      await this.file.truncate(this.length).catch(() => undefined);
      throw writeFailure(error, this.path, true);
    }
    this.length += bytes.length;
    this.pending = '';
  }

  async close(): Promise<void> {
    await this.file.close().catch(() => undefined);
  }
}
