// A spec that starts from a folder: sizes it leaves out are the folder's, what it says must agree, and each difference
// stands under the key it is about.
import '@tensorflow/tfjs-backend-cpu';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { characterTokenizer } from '../../data/tokenizer';
import { llama } from '../../families/llama/family';
import { saveModelDescription, saveWeights } from '../models/modelFolder';
import { checkSpec } from './checkSpec';
import { requireStart } from './initialize';
import { requireSpec } from './spec';

const tokenizer = characterTokenizer('abcdefgh ');
const facts = { vocabulary: tokenizer.vocabulary, bos: tokenizer.bos as number, eos: [3, 5] };
const config = { ...llama.example, kvHeads: 2, contextLength: 40, ropeTheta: 700 };

let workspace: string;
let path: string;
beforeAll(async () => {
  await tf.setBackend('cpu');
  workspace = await mkdtemp(join(tmpdir(), 'ar-lens-initialize-'));
  path = join(workspace, 'a.arlens.json');
  const folder = join(workspace, 'theirs');
  await mkdir(folder);
  await writeFile(join(workspace, 'a.txt'), 'abc abc abc');
  const model = llama.build(config, facts, 3);
  await saveModelDescription(folder, llama, config, facts, tokenizer);
  await saveWeights(folder, model);
  model.dispose();
});
afterAll(() => rm(workspace, { recursive: true, force: true }));

function specText(model: object = {}, data: object = {}, train: object = {}, family = 'llama'): string {
  const spec = {
    family,
    model,
    data: { source: 'a.txt', ...data },
    train: { initialize: 'theirs', ...train },
  };
  return JSON.stringify(spec, null, 2);
}

async function started(text: string) {
  const spec = requireSpec(text, path);
  if (spec.domain !== 'text') throw new Error('started: expected a spec of a text');
  return requireStart(spec, path);
}

describe('train.initialize', () => {
  it('gives the folder’s sizes to a spec that says none', async () => {
    const { spec, start } = await started(specText());
    expect(spec.model).toEqual(config);
    expect(start?.facts).toEqual(facts);
    expect(start?.tokenizer.encode('abc').ids).toEqual(tokenizer.encode('abc').ids);
  });

  it('lets a spec repeat what the folder says, in other words too, and choose what no weight depends on', async () => {
    const { spec } = await started(specText({ layers: 2, innerWidth: 17, contextLength: 24, dropout: 0.1 }));
    expect(spec.model).toEqual({ ...config, contextLength: 24, dropout: 0.1 });
    expect((await started(specText({ attentionBias: false, normEpsilon: 1e-6 }))).spec.model).toEqual(config);
  });

  it('is nothing to a spec without it', async () => {
    const text = JSON.stringify({ family: 'llama', data: { source: 'a.txt' } });
    const { spec, start } = await started(text);
    expect(start).toBeUndefined();
    expect(spec.model['layers']).toBe(4);
  });

  it.each<[string, string, string, string]>([
    ['another size', specText({ layers: 3 }), '3', 'model.layers: expected 2 as in train.initialize'],
    ['another default', specText({ tiedHead: false }), 'false', 'model.tiedHead: expected true as in'],
    ['another base', specText({ ropeTheta: 10_000 }), '10000', 'model.ropeTheta: expected 700 as in'],
    [
      'a stretch that is not there',
      specText({ ropeScaling: { kind: 'linear', factor: 2 } }),
      '"linear"',
      'model.ropeScaling: expected nothing as in',
    ],
    [
      'another family',
      specText({}, {}, {}, 'transformer'),
      '"theirs"',
      'train.initialize: expected a model of the family "transformer", got "llama"',
    ],
    ['a tokenizer', specText({}, { tokenizer: 'byte' }), '"byte"', 'data.tokenizer: expected nothing beside'],
    ['no such folder', specText({}, {}, { initialize: 'nowhere' }), '"nowhere"', 'got nothing there'],
    ['a folder without a model', specText({}, {}, { initialize: '.' }), '"."', 'config.json'],
  ])('answers %s under its own key', async (_, text, under, sentence) => {
    const problems = await checkSpec({ path, text, workspace });
    expect(problems).toHaveLength(1);
    const [{ offset, length, message } = { offset: 0, length: 0, message: '' }] = problems;
    expect(message).toContain(sentence);
    expect(text.slice(offset, offset + length)).toContain(under);
    await expect(started(text)).rejects.toThrow(`${path}: ${message}.`);
  });
});
