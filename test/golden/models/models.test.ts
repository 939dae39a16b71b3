// Folders as anybody might bring them, against transformers: log-probs, entropies, ranks, the likeliest ids, attention.
// Values and the command that makes them: make.py. Tolerance 1e-4 nats; the largest differences are printed.
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadModelFolder, loadModelWeights, readModelConfig } from '../../../src/engine/models/modelFolder';
import type { Model } from '../../../src/families/family';
import { scoreRows } from '../../../src/nn/scoreRows';
import { DEVICES, useDevice } from '../../contract/familyDevices';

const VALUES = fileURLToPath(new URL('../values/models/', import.meta.url));
const json = <T>(name: string) => JSON.parse(readFileSync(join(VALUES, name), 'utf8')) as T;

interface Row {
  readonly ids: readonly number[];
  readonly logProb: readonly number[];
  readonly entropy: readonly number[];
  readonly rank: readonly number[];
  readonly topId: readonly number[];
  readonly topLogProb: readonly number[];
}
interface Theirs {
  readonly top: number;
  readonly rows: readonly Row[];
  /** Of the last layer, [H, T, T]. */
  readonly attention?: readonly number[];
}

const CASES = readdirSync(VALUES)
  .filter((name) => name.endsWith('.json') && !['ours.json', 'rope.json'].includes(name))
  .map((name) => basename(name, '.json'));

const CLASSES = ['Llama', 'Mistral', 'Qwen2', 'Qwen3', 'GPTNeoX'];
/** Of make.py. */
const TOP = 3;

const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs((a[i] ?? NaN) - (b[i] ?? NaN)));
  return worst;
};

async function open(folder: string): Promise<Model> {
  const { family, config, facts } = await readModelConfig(folder);
  return loadModelWeights(folder, family, config, facts);
}

/** The largest difference of any log-prob or entropy, in nats; ranks and ids are compared as they are. */
async function difference(model: Model, row: Row, top: number): Promise<number> {
  const T = row.ids.length - 1;
  const logits = tf.tidy(() => {
    const all = model.logits?.(tf.tensor2d([...row.ids], [1, T + 1], 'int32')) as tf.Tensor3D;
    return tf.slice(tf.reshape<tf.Rank.R2>(all, [T + 1, model.vocabulary]), [0, 0], [T, model.vocabulary]);
  });
  const targets = tf.tensor1d(row.ids.slice(1), 'int32');
  const found = await scoreRows(logits, targets, top);
  tf.dispose([logits, targets]);
  expect([...found.rank]).toEqual(row.rank);
  expect([...found.topId]).toEqual(row.topId);
  return Math.max(
    apart(found.logProb, row.logProb),
    apart(found.entropy, row.entropy),
    apart(found.topLogProb, row.topLogProb),
  );
}

describe.each(DEVICES)('models that transformers wrote, on %s', (device) => {
  let before = 0;
  beforeEach(async () => {
    await useDevice(device);
    before = tf.memory().numTensors;
  });
  afterEach(() => expect(tf.memory().numTensors, 'tensors left behind').toBe(before));

  it.each(CASES)('%s', async (name) => {
    const theirs = json<Theirs>(`${name}.json`);
    const model = await open(join(VALUES, name));
    let worst = 0;
    for (const row of theirs.rows) worst = Math.max(worst, await difference(model, row, theirs.top));
    const tokens = theirs.rows.map(({ ids }) => ids.length - 1).join(' + ');
    console.log(
      `${device}, ${name}: at most ${worst.toExponential(1)} nats from transformers, ${tokens} tokens`,
    );
    expect(worst).toBeLessThan(1e-4);
    if (theirs.attention) {
      const ids = theirs.rows.at(-1)?.ids ?? [];
      const inputs = tf.tensor2d([...ids], [1, ids.length], 'int32');
      const { layers } = model.config as { readonly layers: number };
      const [trace] = (await model.trace?.(inputs, ['attention'], [layers - 1])) ?? [];
      expect(apart(trace?.values ?? [], theirs.attention)).toBeLessThan(1e-5);
      inputs.dispose();
    }
    model.dispose();
  });

  it('steps to the same numbers', async () => {
    for (const name of ['llama', 'llama-yarn', 'mistral', 'qwen2', 'qwen3', 'neox']) {
      const model = await open(join(VALUES, name));
      for (const { ids, logProb } of json<Theirs>(`${name}.json`).rows) {
        const decoder = model.decoder?.();
        for (const [position, expected] of logProb.entries()) {
          const logits = await decoder?.step(ids[position] ?? 0);
          if (!logits) throw new Error(`expected ${name} to step`);
          const total = Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0));
          const found = (logits[ids[position + 1] ?? 0] ?? NaN) - total;
          expect(Math.abs(found - expected), `${name}, position ${position}`).toBeLessThan(1e-4);
        }
        decoder?.dispose();
      }
      model.dispose();
    }
  });
});

describe.each(DEVICES)('models trained and tuned here, as transformers reads them, on %s', (device) => {
  const ours = json<{ readonly cases: Record<string, Row & { readonly class: string }> }>('ours.json').cases;

  it('cover every folder', () => {
    expect(Object.keys(ours).sort()).toEqual(readdirSync(join(VALUES, 'ours')).sort());
    expect(new Set(Object.values(ours).map((each) => each.class))).toEqual(
      new Set(CLASSES.map((each) => `${each}ForCausalLM`).concat('GPT2LMHeadModel')),
    );
  });

  it.each(Object.keys(ours))('%s', async (name) => {
    await useDevice(device);
    const before = tf.memory().numTensors;
    const { model } = await loadModelFolder(join(VALUES, 'ours', name));
    const worst = await difference(model, ours[name] as Row, TOP);
    console.log(`${device}, ours/${name}: at most ${worst.toExponential(1)} nats from transformers`);
    expect(worst).toBeLessThan(1e-4);
    model.dispose();
    expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
  });
});
