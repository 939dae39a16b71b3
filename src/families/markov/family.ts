// The Markov family: an order-n table over bytes or characters, the baseline other models are compared with.
import { Type } from '@sinclair/typebox';
import { ArLensError } from '../../protocol/errors';
import type { Family } from '../family';
import { MarkovModel } from './model';

const markovSchema = Type.Object(
  {
    order: Type.Integer({
      default: 2,
      minimum: 1,
      maximum: 3,
      description: 'How many earlier symbols the next one may depend on.',
    }),
  },
  { additionalProperties: false },
);

const MODEL_TYPE = 'arlens_markov';
const SMOOTHING = 'interpolated-witten-bell';

export const markov: Family<typeof markovSchema> = {
  id: 'markov',
  title: 'Markov table',
  domain: 'text',
  likelihood: 'exact',
  causality: 'shifted',
  references: [
    {
      title:
        'The zero-frequency problem: estimating the probabilities of novel events in adaptive text compression',
      authors: 'Witten, Bell',
      year: 1991,
      identifier: 'doi:10.1109/18.87000',
    },
    {
      title: 'An Empirical Study of Smoothing Techniques for Language Modeling',
      authors: 'Chen, Goodman',
      year: 1998,
      identifier: 'Harvard TR-10-98',
    },
  ],
  schema: markovSchema,
  example: { order: 2 },
  taps: ({ order }) => ({
    nodes: [
      {
        id: 'output',
        title: `Table of order ${order}`,
        inputs: [{ from: 'input', taps: { kind: 'causal', window: order } }],
        parameters: 0,
        shape: [{ letter: 'B' }, { letter: 'T' }, { letter: 'V' }],
      },
    ],
  }),
  nodeOf: () => 'output',
  build: (config, facts, from) => new MarkovModel(config, facts, from),
  files: {
    modelTypes: [MODEL_TYPE],
    toConfig: ({ order }, facts) => ({
      architectures: ['ArLensMarkov'],
      model_type: MODEL_TYPE,
      order,
      smoothing: SMOOTHING,
      vocab_size: facts.vocabulary,
      bos_token_id: facts.bos ?? null,
    }),
    fromConfig(json) {
      if (json['model_type'] !== MODEL_TYPE) return null;
      const smoothing = json['smoothing'];
      if (smoothing !== SMOOTHING) throw wrong('smoothing', JSON.stringify(SMOOTHING), smoothing);
      const order = integer(json, 'order', 1, 3);
      const vocabulary = integer(json, 'vocab_size', 1, 10_000_000);
      if ((json['bos_token_id'] ?? null) === null) return { config: { order }, facts: { vocabulary } };
      const bos = integer(json, 'bos_token_id', 0, vocabulary - 1);
      return { config: { order }, facts: { vocabulary, bos } };
    },
  },
};

function integer(json: Readonly<Record<string, unknown>>, key: string, least: number, most: number): number {
  const value = json[key];
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw wrong(key, `an integer from ${least} to ${most}`, value);
}

function wrong(key: string, expected: string, got: unknown): ArLensError {
  return new ArLensError(
    'badInput',
    `config.json: ${key}: expected ${expected}, got ${JSON.stringify(got)}.`,
  );
}
