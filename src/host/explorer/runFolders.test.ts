import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  isModelFolder,
  modelName,
  newestFirst,
  readRunFolder,
  runLabel,
  runsOf,
  specName,
} from './runFolders';
import { parseRunRecord } from './runRecord';
import { lossCount, lossText, parametersText, progressText, runDescription } from './runText';
import type { RunRecord } from '../../protocol/run';

const loss = { nats: 1.39, bits: 2.005, unit: 'byte', count: 111540, badge: 'exact' } as const;
const record: RunRecord = {
  format: 1,
  name: 'a',
  family: 'transformer',
  title: 'Transformer',
  status: 'running',
  created: '2026-01-01T00:00:00.000Z',
  device: 'simd (avx2)',
  parameters: 10_700_000,
  step: 6240,
  steps: 10_000,
  seed: 1,
  data: {
    sha256: 'x',
    files: 1,
    bytes: 10,
    tokens: 10,
    trainTokens: 9,
    validationTokens: 1,
    split: 'the last tenth',
    bytesPerElement: 1,
  },
  floors: [],
  validation: loss,
  best: { step: 3942, validation: { ...loss, bits: 1.962 } },
};

it('a run of images has no model that the editor could ask about a text', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ar-lens-run-'));
  await writeFile(path.join(folder, 'model.safetensors'), '');
  for (const [more, has] of [
    [{}, true],
    [{ domain: 'image' }, false],
  ] as const) {
    await writeFile(path.join(folder, 'run.json'), JSON.stringify({ ...record, ...more }));
    expect((await readRunFolder(path.join(folder, 'run.json'))).hasModel).toBe(has);
  }
  await rm(folder, { recursive: true });
});

describe('parseRunRecord', () => {
  it('takes a whole record', () => {
    expect(parseRunRecord(JSON.stringify(record))).toEqual(record);
  });

  it.each<[string, string, RegExp]>([
    ['an empty file', '', /an empty file/],
    ['a cut file', JSON.stringify(record).slice(0, 60), /expected JSON/],
    ['another format', JSON.stringify({ ...record, format: 2 }), /format 1, got 2/],
    ['a list', '[]', /an object/],
    ['a negative step', JSON.stringify({ ...record, step: -1 }), /step/],
    ['an unknown status', JSON.stringify({ ...record, status: 'odd' }), /status, got "odd"/],
    ['a loss without badge', JSON.stringify({ ...record, validation: { nats: 1 } }), /validation/],
    ['no data', JSON.stringify({ ...record, data: null }), /data/],
    ['floors of another kind', JSON.stringify({ ...record, floors: [{ label: 1, nats: 2 }] }), /floors/],
    ['a failure that is no text', JSON.stringify({ ...record, failure: {} }), /failure/],
    ['too much', ' '.repeat(1_000_001), /under 1 MB/],
  ])('says in one sentence what is wrong with %s', (_, text, sentence) => {
    expect(parseRunRecord(text)).toMatch(sentence);
  });
});

describe('a run in words', () => {
  it('has unit and badge, best first', () => {
    expect(runDescription(record)).toBe('1.962 bits/byte exact · 6240 of 10\u2009000 steps · 62 %');
    expect(progressText({ ...record, status: 'stopped' })).toBe('stopped at 6240 of 10\u2009000 steps');
    expect(progressText({ ...record, status: 'done', step: 10_000 })).toBe('10\u2009000 steps');
  });
  it('turns bits per element into bits per byte where it can', () => {
    expect(lossText({ ...loss, unit: 'character', bits: 3 }, 1.5)).toBe('2.000 bits/byte exact');
    expect(lossText({ ...loss, unit: 'character', bits: 3, badge: 'bound' }, 0)).toBe(
      '3.000 bits/character bound',
    );
    expect(lossCount(loss)).toBe('over 111\u2009540 held-out bytes');
  });
  it('counts parameters as people do', () => {
    expect([771, 484_512, 10_700_000].map(parametersText)).toEqual([
      '771 parameters',
      '485 k parameters',
      '10.7 M parameters',
    ]);
  });
});

describe('names', () => {
  it('come from the spec and the folder', () => {
    expect(specName('/w/notes/water.arlens.json')).toBe('water');
    expect(runsOf('/w/notes/water.arlens.json')).toBe(path.join('/w/notes', '.arlens/runs', 'water'));
    expect(modelName('/w/.arlens/runs/water/small one')).toBe('water small one');
    expect(modelName('/models/gpt2/')).toBe('gpt2');
  });
  it('of a time are local to the second, others stay', () => {
    expect(runLabel('2026-11-22T02-04-10-846Z')).toMatch(/^2026-11-2\d \d\d:\d\d:10$/);
    expect(runLabel('2026-11-22T02-04')).toBe('2026-11-22T02-04');
    expect(runLabel('small one')).toBe('small one');
  });
});

describe('run folders', () => {
  let base: string;
  beforeAll(async () => {
    base = await mkdtemp(path.join(tmpdir(), 'arlens-runs-'));
    for (const [name, text] of [
      ['whole', JSON.stringify(record)],
      ['broken', '{'],
    ] as const) {
      await mkdir(path.join(base, name));
      await writeFile(path.join(base, name, 'run.json'), text);
    }
    await writeFile(path.join(base, 'whole', 'model.safetensors'), 'x');
  });
  afterAll(() => rm(base, { recursive: true }));

  it('say what is in them, broken ones why', async () => {
    const [whole, broken] = await Promise.all(
      ['whole', 'broken'].map((name) => readRunFolder(path.join(base, name, 'run.json'))),
    );
    expect(whole).toMatchObject({ label: 'whole', hasModel: true, resumable: false });
    expect(broken?.record).toMatch(/expected JSON/);
    expect([broken, whole].flatMap((run) => (run ? [run] : [])).sort(newestFirst)[0]).toBe(whole);
  });

  it('are models only with weights and a config', async () => {
    expect(await isModelFolder(path.join(base, 'whole'))).toBe(false);
    await writeFile(path.join(base, 'whole', 'config.json'), '{}');
    expect(await isModelFolder(path.join(base, 'whole'))).toBe(true);
    expect(await isModelFolder(path.join(base, 'nowhere'))).toBe(false);
    await mkdir(path.join(base, 'shards'));
    for (const name of ['config.json', 'model.safetensors.index.json']) {
      expect(await isModelFolder(path.join(base, 'shards'))).toBe(false);
      await writeFile(path.join(base, 'shards', name), '{}');
    }
    expect(await isModelFolder(path.join(base, 'shards'))).toBe(true);
  });

  it('that are gone are a sentence, not a throw', async () => {
    expect((await readRunFolder(path.join(base, 'nowhere', 'run.json'))).record).toMatch(/can be read/);
  });
});
