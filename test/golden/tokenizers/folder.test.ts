// GPT-2-shaped folders with tokenizers of other people's, scored here and by transformers: folder.py made the values.
import '@tensorflow/tfjs-backend-cpu';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModelFolder, type LoadedModel } from '../../../src/engine/models/modelFolder';
import { SnapshotStore } from '../../../src/engine/scoring/reuse';
import { scoreText } from '../../../src/engine/scoring/scoreText';
import { TextStream } from '../../../src/engine/sampling/textStream';
import type { TokenScores } from '../../../src/protocol/engine';

interface Row {
  readonly ids: readonly number[];
  readonly logProbs: readonly number[];
}
type Kind = 'plain' | 'first' | 'merges';
const VALUES = fileURLToPath(new URL('../values/tokenizers/', import.meta.url));
const golden = JSON.parse(await readFile(join(VALUES, 'folder/golden.json'), 'utf8')) as {
  readonly texts: readonly string[];
} & Readonly<Record<Kind, readonly Row[]>>;
/** Float32 against double, over one layer. */
const TOLERANCE = 2e-5;

async function tokenizerJson(name: string): Promise<{ readonly model: { readonly vocab: object } }> {
  const bytes = await readFile(join(VALUES, `others/${name}.tokenizer.json.gz`));
  return JSON.parse(gunzipSync(bytes).toString('utf8')) as { readonly model: { readonly vocab: object } };
}

describe.each([
  ['plain', 'gpt2', 'byte-level BPE'],
  ['first', 'llama3', 'byte-level BPE'],
  ['merges', 'gpt2', 'byte-level BPE'],
] as const)('a folder with %s tokenizer files', (kind, source, name) => {
  let folder: string;
  let loaded: LoadedModel;
  beforeAll(async () => {
    await tf.setBackend('cpu');
    folder = await mkdtemp(join(tmpdir(), 'ar-lens-folder-'));
    for (const file of ['config.json', 'model.safetensors'])
      await cp(join(VALUES, 'folder', file), join(folder, file));
    await cp(join(VALUES, 'folder', kind), folder, { recursive: true, force: true });
    const tokenizer = await tokenizerJson(source);
    if (kind === 'merges') await writeFile(join(folder, 'vocab.json'), JSON.stringify(tokenizer.model.vocab));
    else await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
    loaded = await loadModelFolder(folder);
  });
  afterAll(async () => {
    loaded.model.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('is what its files say', () => {
    expect(loaded.info).toMatchObject({ tokenizer: name, vocabulary: 640, bos: kind === 'first' });
    expect(loaded.tokenizer.tokenText(639)).toBe('<no token 639>');
    expect(loaded.tokenizer.decode([639])).toBe('');
  });

  it.each(golden.texts.map((text, index) => [text, index] as const))(
    'scores %j as transformers does',
    async (text, index) => {
      const row = golden[kind][index] as Row;
      const chunks: TokenScores[] = [];
      const texts = new Map<number, string>();
      const scoring = scoreText(
        { loaded, version: '', device: 'cpu', snapshots: new SnapshotStore() },
        { model: folder, text, top: 3 },
        {
          signal: new AbortController().signal,
          progress: (progress) => {
            chunks.push(progress.scores);
            for (const [id, shown] of progress.texts) texts.set(id, shown);
            return Promise.resolve();
          },
        },
      );
      if (row.ids.length < 2) return expect(scoring).rejects.toThrow('at least two tokens');
      const summary = await scoring;
      const ids = chunks.flatMap(({ id }) => Array.from(id));
      expect(kind === 'first' ? [loaded.tokenizer.bos, ...ids] : ids).toEqual(row.ids);
      const logProbs = chunks.flatMap(({ logProb }) => Array.from(logProb));
      const scored = kind === 'first' ? logProbs : logProbs.slice(1);
      if (kind !== 'first') expect(logProbs[0]).toBeNaN();
      scored.forEach((value, at) =>
        expect(Math.abs(value - (row.logProbs[at] ?? NaN))).toBeLessThan(TOLERANCE),
      );
      expect(summary).toMatchObject({
        scored: row.logProbs.length,
        bytes: Buffer.byteLength(text),
        unknown: 0,
      });
      // Every token has a text, and their bytes are the document's.
      expect(ids.every((id) => (texts.get(id) ?? '') !== '')).toBe(true);
      expect(chunks[0]?.byteStart[0]).toBe(0);
      expect(chunks.at(-1)?.byteEnd.at(-1)).toBe(summary.bytes);
    },
  );

  it('shows parts of a character as its bytes, and streams only whole ones', () => {
    const { tokenizer } = loaded;
    const text = 'a😀é中b';
    const ids = Array.from(tokenizer.encode(text).ids);
    expect(ids.map((id) => tokenizer.tokenText(id)).join('')).toContain('\\xF0');
    const stream = new TextStream(tokenizer);
    const parts = ids.map((id, at) => stream.push(id, at === ids.length - 1));
    expect(parts.join('')).toBe(text);
    expect(parts.join('|')).not.toContain('\ufffd');
  });
});
