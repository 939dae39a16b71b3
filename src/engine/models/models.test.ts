// Model folders on disk: what is saved is what is loaded, a broken one leaves nothing behind, the cache keeps a few.
import '@tensorflow/tfjs-backend-cpu';
import { cp, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { characterTokenizer } from '../../data/tokenizer';
import type { Family } from '../../families/family';
import { familyById } from '../../families/registry';
import { readSafetensors, writeSafetensors } from '../../formats/safetensors';
import { RUN_FILES } from '../../protocol/run';
import { ModelCache } from './modelCache';
import { loadModelFolder, saveModelDescription, saveWeights, type LoadedModel } from './modelFolder';

const family = familyById('transformer') as Family;
const tokenizer = characterTokenizer('abc é😀');
const facts = { vocabulary: tokenizer.vocabulary, bos: tokenizer.bos as number };

let folder: string;
let before: number;
beforeEach(async () => {
  await tf.setBackend('cpu');
  before = tf.memory().numTensors;
  folder = await mkdtemp(join(tmpdir(), 'ar-lens-models-'));
  const model = family.build(family.example, facts, 4);
  await saveModelDescription(folder, family, model.config, facts, tokenizer);
  await saveWeights(folder, model);
  model.dispose();
});
afterEach(async () => {
  expect(tf.memory().numTensors).toBe(before);
  await rm(folder, { recursive: true, force: true });
});

describe('a model folder', () => {
  it('comes back as it was saved, bit for bit', async () => {
    const loaded = await loadModelFolder(folder);
    const original = family.build(family.example, facts, 4);
    for (const [index, { name, variable }] of loaded.model.variables.entries()) {
      expect(name).toBe(original.variables[index]?.name);
      expect(await variable.data()).toEqual(await original.variables[index]?.variable.data());
    }
    expect(loaded.tokenizer.encode('a😀é').ids).toEqual(tokenizer.encode('a😀é').ids);
    expect(loaded.info).toMatchObject({
      family: 'transformer',
      tokenizer: 'character',
      bos: true,
      context: 13,
    });
    original.dispose();
    loaded.model.dispose();
  });

  it('that is broken half-way leaves no tensor', async () => {
    const path = join(folder, RUN_FILES.weights);
    const { tensors } = await readSafetensors(path);
    tensors.delete('transformer.ln_f.bias');
    await writeSafetensors(path, tensors);
    await expect(loadModelFolder(folder)).rejects.toMatchObject({
      message: expect.stringContaining('transformer.ln_f.bias') as string,
    });
  });
});

describe('ModelCache', () => {
  it('loads once, again when files change, and disposes what it drops when its users are done', async () => {
    let loads = 0;
    const cache = new ModelCache(2, (path) => {
      loads++;
      return loadModelFolder(path);
    });
    const copies = await Promise.all(
      ['one', 'two', 'three'].map(async (name) => {
        const copy = `${folder}-${name}`;
        await cp(folder, copy, { recursive: true });
        return copy;
      }),
    );
    const [one = '', two = '', three = ''] = copies;
    const use = (path: string) => cache.use(path, ({ model }) => Promise.resolve(model));
    const first = await use(one);
    expect(await use(one)).toBe(first);
    expect(loads).toBe(1);
    await utimes(join(one, RUN_FILES.weights), new Date(), new Date(Date.now() + 5000));
    expect(await use(one)).not.toBe(first);
    expect(loads).toBe(2);
    // A user that is slower than its model's place in the cache keeps it alive.
    await cache.use(one, async ({ model }: LoadedModel) => {
      await use(two);
      await use(three);
      expect(model.variables[0]?.variable.isDisposed).toBe(false);
    });
    expect(loads).toBe(4);
    cache.clear();
    for (const copy of copies) await rm(copy, { recursive: true });
    await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it('forgets a load that failed', async () => {
    const cache = new ModelCache();
    await writeFile(join(folder, RUN_FILES.config), '{}');
    const use = () => cache.use(folder, () => Promise.resolve(1));
    await expect(use()).rejects.toThrow('model_type');
    await expect(use()).rejects.toThrow('model_type');
  });
});
