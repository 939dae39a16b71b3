// SIGKILL at random moments: each run that is resumed to its end must be the one that nobody killed, bit for bit.
// Ten kills here; a hundred with
//   AR_LENS_KILLS=100 npx vitest run --project integration test/integration/kills.test.ts
// AR_LENS_KILLS_SEED chooses other moments.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Rng } from '../../src/math/rng';
import { ensureBuilt, startCli, type Finished } from './support/cli';
import { readCurve, type Curve } from './support/curves';

const KILLS = Number(process.env['AR_LENS_KILLS'] ?? 10);
const SEED = Number(process.env['AR_LENS_KILLS_SEED'] ?? 1);

const spec = {
  family: 'transformer',
  model: { layers: 1, heads: 2, width: 16, contextLength: 16, dropout: 0.1 },
  data: { source: 'a.txt', tokenizer: 'byte', validation: 0.2 },
  // A checkpoint at every second step: most moments fall into one.
  train: {
    steps: 240,
    batchSize: 4,
    evaluateEvery: 16,
    sampleEvery: 20,
    sampleLength: 20,
    checkpointEvery: 2,
    warmupSteps: 5,
  },
};

let folder: string;
let reference: Curve;
let startUp: number;

beforeAll(async () => {
  ensureBuilt();
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-kills-'));
  await writeFile(join(folder, 'kill.arlens.json'), JSON.stringify(spec));
  await writeFile(join(folder, 'a.txt'), 'a quick brown fox jumps over the lazy dog.\n'.repeat(60));
  const began = performance.now();
  let first = 0;
  const { finished } = start('reference', () => (first ||= performance.now()));
  expectQuiet(await finished);
  startUp = first - began;
  reference = await readCurve(join(folder, 'reference'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Done, and nothing said but that a run killed before its first checkpoint begins anew. */
function expectQuiet({ code, stderr }: Pick<Finished, 'code' | 'stderr'>): void {
  expect(stderr).toMatch(/^(\S+ holds no checkpoint to resume: a new run starts there\.\n)?$/);
  expect(code).toBe(0);
}

function start(run: string, onOutput: () => void) {
  return startCli(
    ['train', 'kill.arlens.json', '--out', run, '--resume', '--json', '--device', 'simd', '--threads', '1'],
    { cwd: folder, onOutput },
  );
}

/** Ends the process at a random moment of its start, or at a random moment after its first line. */
async function killSomewhere(run: string, rng: Rng): Promise<'killed' | 'finished'> {
  const early = rng.uniform() < 0.3;
  const delay = early ? rng.uniform() * startUp : rng.uniform() * 400;
  let timer: NodeJS.Timeout | undefined;
  const { child, finished } = start(run, () => {
    if (!early) timer ??= setTimeout(() => child.kill('SIGKILL'), delay);
  });
  if (early) timer = setTimeout(() => child.kill('SIGKILL'), delay);
  const { code, signal, stderr } = await finished;
  clearTimeout(timer);
  if (signal === 'SIGKILL') return 'killed';
  expectQuiet({ code, stderr });
  return 'finished';
}

describe('a run that is killed', () => {
  it(`survives ${KILLS} kills and ends as the run that was not`, async () => {
    const rng = new Rng(SEED);
    let kills = 0;
    let runs = 0;
    while (kills < KILLS) {
      const run = `killed${runs}`;
      const path = join(folder, run);
      for (;;) {
        const ended = kills < KILLS ? await killSomewhere(run, rng) : 'last';
        if (ended === 'killed') {
          kills++;
          continue;
        }
        if (ended === 'last') {
          expectQuiet(await start(run, () => undefined).finished);
        }
        break;
      }
      expect(await readCurve(path)).toEqual(reference);
      runs++;
    }
    console.info(
      `${kills} kills over ${runs} runs of ${spec.train.steps} steps, seed ${SEED}: every curve identical`,
    );
  }, 3_600_000);
});
