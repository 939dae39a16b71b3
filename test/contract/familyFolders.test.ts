// Every family through a model folder on disk and back: the same logits from the loaded model.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { byteTokenizer } from '../../src/data/tokenizer';
import { loadModelFolder, saveModelDescription, saveWeights } from '../../src/engine/models/modelFolder';
import { FAMILIES } from '../../src/families/registry';
import { randomBatch, roughen } from './familyChecks';
import { DEVICES, useDevice } from './familyDevices';

describe.each(FAMILIES.map((family) => [family.id, family] as const))(
  'family %s in a folder',
  (_, family) => {
    it.each(DEVICES)('comes back as it was on %s', async (device) => {
      await useDevice(device);
      const before = tf.memory().numTensors;
      const folder = await mkdtemp(join(tmpdir(), 'ar-lens-family-'));
      try {
        const tokenizer = byteTokenizer();
        const facts = { vocabulary: tokenizer.vocabulary, bos: tokenizer.bos as number };
        const model = family.build(family.example, facts, 1);
        roughen(model, 2);
        await saveModelDescription(folder, family, family.example, facts, tokenizer);
        await saveWeights(folder, model);
        const loaded = await loadModelFolder(folder);
        expect(loaded.family).toBe(family);
        const { inputs, targets } = randomBatch(1, 9, facts.vocabulary, 3);
        const [expected, found] = [model.logits?.(inputs), loaded.model.logits?.(inputs)];
        expect(await found?.data()).toEqual(await expected?.data());
        tf.dispose([inputs, targets, expected, found]);
        model.dispose();
        loaded.model.dispose();
      } finally {
        await rm(folder, { recursive: true });
      }
      expect(tf.memory().numTensors).toBe(before);
    });
  },
);
