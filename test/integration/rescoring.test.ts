// Exact incremental rescoring on the device people use: whatever is edited, the kept scores are those of scoring anew,
// bit for bit, although batches, threads and row counts differ.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createEngineContext } from '../../src/engine/devices';
import { createEngineHandlers, createJobHandlers } from '../../src/engine/handlers';
import { Rng } from '../../src/math/rng';
import type { ScoreProgress, ScoreSummary } from '../../src/protocol/engine';

const context = createEngineContext({ device: 'auto' });
const engine = createEngineHandlers(context);
const signal = new AbortController().signal;
let folder: string;
let model: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-rescoring-'));
  model = join(folder, 'run');
  const spec = join(folder, 'r.arlens.json');
  await writeFile(join(folder, 'r.txt'), 'some words, other words, and the last words.\n'.repeat(50));
  await writeFile(
    spec,
    JSON.stringify({
      family: 'transformer',
      model: { layers: 2, heads: 3, width: 33, contextLength: 24 },
      data: { source: 'r.txt' },
      train: { steps: 40, sampleEvery: 0 },
    }),
  );
  await createJobHandlers(context).train(
    { spec, workspace: folder, out: model },
    { signal, progress: () => Promise.resolve() },
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function score(text: string, document?: string): Promise<{ summary: ScoreSummary; numbers: number[] }> {
  const numbers: number[][] = [];
  const progress = ({ scores }: ScoreProgress): Promise<void> => {
    for (let row = 0; row < scores.id.length; row++) {
      numbers[scores.from + row] = [
        scores.logProb[row] ?? NaN,
        scores.entropy[row] ?? NaN,
        scores.rank[row] ?? NaN,
        ...scores.topLogProb.slice(row * scores.top, (row + 1) * scores.top),
      ];
    }
    return Promise.resolve();
  };
  const params = { model, text, top: 3, ...(document === undefined ? {} : { document }) };
  const summary = await engine.score(params, { signal, progress });
  return { summary, numbers: numbers.flat() };
}

it('gives bit for bit what scoring anew gives, over random edits', async () => {
  const rng = new Rng(17);
  let text = 'some words, other wörds 😀 and the last words.\r\n'.repeat(12);
  await score(text, 'd');
  let computed = 0;
  let whole = 0;
  for (let edit = 0; edit < 60; edit++) {
    const at = rng.integer(text.length);
    const length = rng.integer(30);
    const inserted = text.slice(at, at + rng.integer(14)) + String.fromCharCode(97 + rng.integer(26));
    const kind = rng.integer(4);
    text = text.slice(0, at) + (kind < 3 ? inserted : '') + text.slice(at + (kind > 0 ? length : 0));
    if (text.length < 40) text += inserted.repeat(20);
    const [kept, anew] = [await score(text, 'd'), await score(text)];
    expect(kept.numbers).toEqual(anew.numbers);
    expect(kept.summary.nll).toBe(anew.summary.nll);
    computed += kept.summary.rescored;
    whole += anew.summary.rescored;
  }
  expect(computed).toBeLessThan(0.8 * whole);
});
