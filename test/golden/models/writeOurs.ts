// The folders of values/models/ours: trained here from a seed, and tuned here from folders that transformers wrote.
import '@tensorflow/tfjs-backend-cpu';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { characterTokenizer } from '../../../src/data/tokenizer';
import {
  loadModelWeights,
  readModelConfig,
  saveModelDescription,
  saveWeights,
} from '../../../src/engine/models/modelFolder';
import type { Family, Model } from '../../../src/families/family';
import { gptNeox } from '../../../src/families/gptNeox/family';
import { llama } from '../../../src/families/llama/family';
import { AdamW } from '../../../src/nn/adamw';
import { lossAndGradients } from '../../../src/nn/gradients';
import { CHARACTERS } from './characters';

const TEXT = 'the cat sat on the mat. the dog sat on the log. a rat ran at the cat.';

/** One model of each branch that a configuration can take, and what training here may write. */
const FRESH: ReadonlyArray<readonly [name: string, family: Family, config: Record<string, unknown>]> = [
  ['llama', llama, llama.example],
  ...(llama.variants ?? []).map((config, index) => [`llama-variant-${index + 1}`, llama, config] as const),
  [
    'llama-yarn',
    llama,
    { ...llama.example, ropeScaling: { kind: 'yarn', factor: 3, originalContext: 5, betaFast: 4 } },
  ],
  [
    'llama-llama3',
    llama,
    {
      ...llama.example,
      ropeScaling: {
        kind: 'llama3',
        factor: 3,
        originalContext: 5,
        lowFrequencyFactor: 0.5,
        highFrequencyFactor: 2,
      },
    },
  ],
  [
    'llama-longrope',
    llama,
    {
      ...llama.example,
      ropeScaling: {
        kind: 'longrope',
        originalContext: 5,
        shortFactors: [1, 1.5, 2],
        longFactors: [2, 3, 4],
      },
    },
  ],
  ['neox', gptNeox, gptNeox.example],
  ...(gptNeox.variants ?? []).map((config, index) => [`neox-variant-${index + 1}`, gptNeox, config] as const),
];
const TUNED = ['llama-biases', 'mistral', 'qwen2', 'qwen3', 'neox', 'gpt2-untied', 'gpt2-scaled'];

export async function writeOurs(values: string): Promise<void> {
  await tf.setBackend('cpu');
  const tokenizer = characterTokenizer(CHARACTERS);
  const facts = { vocabulary: tokenizer.vocabulary, bos: tokenizer.bos as number };
  const ids = [facts.bos, ...tokenizer.encode(TEXT).ids];
  const folder = join(values, 'ours');
  await rm(folder, { recursive: true, force: true });
  const save = async (name: string, family: Family, model: Model): Promise<void> => {
    const loss = await train(model, ids);
    console.log(`${name}: ${loss.toFixed(3)} nats/character after ${STEPS} steps`);
    const target = join(folder, name);
    await mkdir(target, { recursive: true });
    await saveModelDescription(target, family, model.config, facts, tokenizer);
    await saveWeights(target, model);
    await writeFile(join(target, 'ids.json'), `${JSON.stringify(ids.slice(0, model.contextLength))}\n`);
    model.dispose();
  };
  for (const [name, family, config] of FRESH) await save(name, family, family.build(config, facts, 7));
  for (const name of TUNED) {
    const read = await readModelConfig(join(values, name));
    const model = await loadModelWeights(join(values, name), read.family, read.config, read.facts);
    await save(`tuned-${name}`, read.family, model);
  }
}

const STEPS = 20;

/** Two windows of the text, over and over. */
async function train(model: Model, ids: readonly number[]): Promise<number> {
  const T = Math.min(model.contextLength, ids.length - 1);
  const starts = [0, ids.length - T - 1];
  const rows = (offset: number) =>
    tf.tensor2d(
      starts.map((start) => ids.slice(start + offset, start + offset + T)),
      undefined,
      'int32',
    );
  const batch = { inputs: rows(0), targets: rows(1) };
  const optimizer = new AdamW(model.variables, { clipNorm: 1 });
  let last = NaN;
  for (let step = 1; step <= STEPS; step++) {
    const { loss, gradients } = lossAndGradients(
      () => model.loss(batch),
      model.variables.map(({ variable }) => variable),
    );
    await optimizer.step(gradients, 0.01);
    last = (await loss.data())[0] ?? NaN;
    tf.dispose([loss, gradients]);
  }
  optimizer.dispose();
  tf.dispose([batch.inputs, batch.targets]);
  return last;
}
