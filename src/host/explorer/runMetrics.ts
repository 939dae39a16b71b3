// The curve of a run as its files hold it, read by the host itself: looking at a run starts no engine, so it works in an
// untrusted workspace and after an engine died. Read in pieces, bounded, nothing in it believed. Node's file system only.
import { open, stat, type FileHandle } from 'node:fs/promises';
import * as path from 'node:path';
import { ArLensError } from '../../protocol/errors';
import { parseMetricsLine, type MetricsEvent } from '../../protocol/metricsLine';
import { RUN_FILES, type MetricsTable } from '../../protocol/run';
import { pause } from '../slices';
import { readRunFolder } from './runFolders';

/** Bytes: a hundred thousand steps are some 15 MB. */
export const LARGEST_METRICS = 128 * 1024 * 1024;
/** Bytes read and parsed before other work gets its turn: a few milliseconds. */
const PIECE = 64 * 1024;
/** Characters of a line: a sample may be long; anything much longer is no event. */
const LONGEST_LINE = 512 * 1024;

/** @throws ArLensError badInput: the record is damaged, or the metrics are larger than any run's */
export async function readRunMetrics(run: string): Promise<MetricsTable> {
  const folder = path.resolve(run);
  const { record } = await readRunFolder(path.join(folder, RUN_FILES.record));
  if (typeof record === 'string') throw new ArLensError('badInput', `${folder}: ${record}.`);
  const steps = { step: [], loss: [], learningRate: [], gradientNorm: [], elementsPerSecond: [] } as Steps;
  const evaluations: Array<Extract<MetricsEvent, { type: 'evaluation' }>> = [];
  const samples: Array<Extract<MetricsEvent, { type: 'sample' }>> = [];
  for await (const event of eventsOf(path.join(folder, RUN_FILES.metrics))) {
    if (event.type === 'evaluation') evaluations.push(event);
    else if (event.type === 'sample') samples.push(event);
    else {
      steps.step.push(event.step);
      steps.loss.push(event.loss);
      steps.learningRate.push(event.learningRate);
      steps.gradientNorm.push(event.gradientNorm);
      steps.elementsPerSecond.push(event.elementsPerSecond);
    }
  }
  return {
    record,
    step: Float64Array.from(steps.step),
    loss: Float32Array.from(steps.loss),
    learningRate: Float32Array.from(steps.learningRate),
    gradientNorm: Float32Array.from(steps.gradientNorm),
    elementsPerSecond: Float32Array.from(steps.elementsPerSecond),
    evaluations,
    samples,
  };
}

type Steps = Record<'step' | 'loss' | 'learningRate' | 'gradientNorm' | 'elementsPerSecond', number[]>;

/** Every whole event, in order; an absent file has none. */
async function* eventsOf(file: string): AsyncGenerator<MetricsEvent> {
  const handle = await openFile(file);
  if (handle === undefined) return;
  try {
    const { size } = await handle.stat();
    if (size > LARGEST_METRICS) {
      throw new ArLensError(
        'badInput',
        `${file}: expected metrics of at most ${LARGEST_METRICS} bytes, got ${size}.`,
      );
    }
    for await (const lines of linesOf(handle, size)) {
      for (const line of lines) {
        const event = parseMetricsLine(line);
        if (event !== undefined) yield event;
      }
      await pause();
    }
  } finally {
    await handle.close();
  }
}

/** Whole lines, a piece of the file at a time; what is longer than a line may be is left out. */
async function* linesOf(handle: FileHandle, size: number): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(PIECE);
  let rest = '';
  let skipping = false;
  // What a running job writes meanwhile belongs to the job's own panel.
  for (let at = 0; at < size;) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(PIECE, size - at), at);
    if (bytesRead === 0) break;
    at += bytesRead;
    const lines = (rest + decoder.decode(buffer.subarray(0, bytesRead), { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (skipping && lines.length > 0) {
      lines.shift();
      skipping = false;
    }
    if (rest.length > LONGEST_LINE || skipping) {
      rest = '';
      skipping = true;
    }
    yield lines;
  }
  yield skipping ? [] : [rest];
}

/** Looked at before it is opened: opening a pipe would wait for its other end. */
async function openFile(file: string): Promise<FileHandle | undefined> {
  try {
    if ((await stat(file)).isFile()) return await open(file, 'r');
    throw new ArLensError('badInput', `${file}: expected the metrics of a run, got no plain file.`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
