// The files the suite adds to a copy of the examples: a short text to look at, a spec to train, a megabyte.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const PROBE = 'probe.txt';
export const SPEC = 'quick.arlens.json';
export const STEPS = 60;
export const LARGE = 'large/megabyte.txt';

/** ASCII, one cell per character: what is drawn can be compared column by column. */
export const PROBE_TEXT = `Now is the winter of our discontent
Made glorious summer by this sun of York;
And all the clouds that lour'd upon our house
In the deep bosom of the ocean buried.

The xylophone quacked at 7 zebras; what a day!
But I, that am not shaped for sportive tricks,
Nor made to court an amorous looking-glass.
`;

const SPEC_TEXT = {
  family: 'transformer',
  model: { layers: 2, heads: 2, width: 32, contextLength: 32, dropout: 0 },
  data: { source: PROBE, tokenizer: 'byte', validation: 0.2 },
  train: {
    steps: STEPS,
    batchSize: 4,
    learningRate: 0.003,
    warmupSteps: 5,
    seed: 7,
    evaluateEvery: 20,
    sampleEvery: 20,
  },
};

export function writeFixtures(workspace: string): void {
  writeFileSync(path.join(workspace, PROBE), PROBE_TEXT);
  writeFileSync(path.join(workspace, SPEC), `${JSON.stringify(SPEC_TEXT, null, 2)}\n`);
  mkdirSync(path.join(workspace, path.dirname(LARGE)), { recursive: true });
  writeFileSync(path.join(workspace, LARGE), megabyte());
}

function megabyte(): string {
  const repeats = Math.ceil(2 ** 20 / PROBE_TEXT.length);
  return PROBE_TEXT.repeat(repeats).slice(0, 2 ** 20);
}

/** Many steps of a small model: it trains for as long as the tests look. */
export function slowSpec(): string {
  const train = { steps: 1_000_000, batchSize: 4, learningRate: 0.001, seed: 3, evaluateEvery: 100 };
  const model = { layers: 2, heads: 2, width: 64, contextLength: 64, dropout: 0 };
  const data = { source: PROBE, tokenizer: 'byte', validation: 0.2 };
  return `${JSON.stringify({ family: 'transformer', model, data, train }, null, 2)}\n`;
}
