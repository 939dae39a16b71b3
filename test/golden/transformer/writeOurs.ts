// The model of values/transformer/ours: odd sizes, bytes, sixty training steps on a few sentences, saved as a run is saved.
import '@tensorflow/tfjs-backend-cpu';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { byteTokenizer } from '../../../src/data/tokenizer';
import { saveModelDescription, saveWeights } from '../../../src/engine/models/modelFolder';
import { transformer } from '../../../src/families/transformer/family';
import { AdamW } from '../../../src/nn/adamw';
import { lossAndGradients } from '../../../src/nn/gradients';

const TEXT = 'The cat sat on the mat — naïve, 🙂 and warm.\r\nThe dog sat on the log.\n';

export async function writeOurs(folder: string): Promise<void> {
  await tf.setBackend('cpu');
  const tokenizer = byteTokenizer();
  const bos = tokenizer.bos as number;
  const facts = { vocabulary: tokenizer.vocabulary, bos };
  const config = { layers: 2, heads: 3, width: 15, contextLength: 41, dropout: 0 };
  const model = transformer.build(config, facts, 7);
  const ids = [bos, ...tokenizer.encode(TEXT).ids];
  const starts = [0, ids.length - config.contextLength - 1];
  const rows = (offset: number) =>
    tf.tensor2d(
      starts.map((start) => ids.slice(start + offset, start + offset + config.contextLength)),
      undefined,
      'int32',
    );
  const batch = { inputs: rows(0), targets: rows(1) };
  const optimizer = new AdamW(model.variables, { clipNorm: 1 });
  for (let step = 1; step <= 60; step++) {
    const { loss, gradients } = lossAndGradients(
      () => model.loss(batch),
      model.variables.map(({ variable }) => variable),
    );
    await optimizer.step(gradients, 0.01);
    if (step % 20 === 0) console.log(`step ${step}: ${(await loss.data())[0]?.toFixed(3)} nats/byte`);
    tf.dispose([loss, gradients]);
  }
  await mkdir(folder, { recursive: true });
  await saveModelDescription(folder, transformer, config, facts, tokenizer);
  await saveWeights(folder, model);
  await writeFile(join(folder, 'text.json'), `${JSON.stringify(TEXT)}\n`);
}
