// The schema of spec files: one source for the parser's checks, the types and the editor's completion and hover.
// Built from the families' own schemas; knows no file and no tensor.
import { Type, type Static, type TSchema } from '@sinclair/typebox';
import { FEWEST_TOKENS, MOST_TRAINED_TOKENS } from '../../data/tokenizers/bpeTrainer';
import type { AnyFamily } from '../../families/registry';
import { ConditionSchema } from './conditionSchema';

const described = { additionalProperties: false } as const;

export const DataSchema = Type.Object(
  {
    source: Type.String({
      minLength: 1,
      description:
        'A file or a glob, relative to the spec’s folder; everything it matches is read as UTF-8 text.',
    }),
    tokenizer: Type.Union(
      [
        Type.Literal('byte'),
        Type.Literal('character'),
        Type.Object(
          {
            bpe: Type.Integer({
              minimum: FEWEST_TOKENS,
              maximum: MOST_TRAINED_TOKENS,
              description:
                'How many tokens it has: one for the beginning of a text, the 256 bytes, and what is learnt from the training part.',
            }),
          },
          { additionalProperties: false, examples: [{ bpe: 512 }] },
        ),
        Type.String({ pattern: '\\.json$', examples: ['tokenizer.json'] }),
      ],
      {
        default: 'byte',
        description:
          '"byte": 256 values, any text. "character": the characters that occur in the training part. { "bpe": 512 }: ' +
          'a byte-level BPE of that many tokens, learnt from the training part. A path to a tokenizer.json, relative ' +
          'to the spec’s folder: somebody else’s.',
      },
    ),
    validation: Type.Union(
      [Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }), Type.String({ minLength: 1 })],
      {
        default: 0.1,
        description:
          'The share of the text, from its end, held out for validation; or a file or glob of its own.',
      },
    ),
    knownFloor: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 100,
        description: 'Entropy rate of the source in nats per element, where it is known: drawn as a floor.',
      }),
    ),
  },
  { ...described, description: 'What the model learns from.' },
);

export const TrainSchema = Type.Object(
  {
    initialize: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          'A model folder, anybody’s: training starts from its weights and tokenizer, and its sizes stand for those left out.',
      }),
    ),
    steps: Type.Integer({ default: 2000, minimum: 1, maximum: 10_000_000, description: 'Optimizer steps.' }),
    batchSize: Type.Integer({ default: 12, minimum: 1, maximum: 4096, description: 'Windows per batch.' }),
    accumulate: Type.Integer({
      default: 1,
      minimum: 1,
      maximum: 1024,
      description: 'Batches whose gradients are averaged before each optimizer step.',
    }),
    learningRate: Type.Number({
      default: 0.001,
      exclusiveMinimum: 0,
      maximum: 10,
      description: 'The largest learning rate, reached after warm-up.',
    }),
    decayTo: Type.Number({
      default: 0.1,
      minimum: 0,
      maximum: 1,
      description: 'The share of the learning rate that the cosine ends at.',
    }),
    warmupSteps: Type.Integer({
      default: 100,
      minimum: 0,
      maximum: 10_000_000,
      description: 'Steps over which the learning rate rises linearly.',
    }),
    weightDecay: Type.Number({
      default: 0.1,
      minimum: 0,
      maximum: 10,
      description: 'Decoupled weight decay, on matrices only.',
    }),
    beta1: Type.Number({
      default: 0.9,
      minimum: 0,
      exclusiveMaximum: 1,
      description: 'AdamW’s first decay rate.',
    }),
    beta2: Type.Number({
      default: 0.99,
      minimum: 0,
      exclusiveMaximum: 1,
      description: 'AdamW’s second decay rate.',
    }),
    clip: Type.Number({
      default: 1,
      minimum: 0,
      maximum: 1e9,
      description: 'Largest global gradient norm; 0 turns clipping off.',
    }),
    seed: Type.Integer({
      default: 1337,
      minimum: 0,
      maximum: 4_294_967_295,
      description: 'Everything random in a run follows from this number.',
    }),
    evaluateEvery: Type.Integer({
      default: 250,
      minimum: 1,
      maximum: 10_000_000,
      description: 'Steps between evaluations on the held-out part.',
    }),
    evaluateTokens: Type.Integer({
      default: 131_072,
      minimum: 2,
      maximum: 16_777_216,
      description: 'How many tokens of the held-out part an evaluation scores, from its beginning.',
    }),
    sampleEvery: Type.Integer({
      default: 250,
      minimum: 0,
      maximum: 10_000_000,
      description: 'Steps between samples; 0 draws none.',
    }),
    sampleLength: Type.Integer({
      default: 200,
      minimum: 1,
      maximum: 100_000,
      description: 'Tokens in a sample.',
    }),
    samplePrompt: Type.String({ default: '', maxLength: 10_000, description: 'Text that samples continue.' }),
    sampleTemperature: Type.Number({
      default: 0.8,
      minimum: 0,
      maximum: 100,
      description: 'Temperature of samples; 0 always takes the most likely token.',
    }),
    checkpointEvery: Type.Integer({
      default: 250,
      minimum: 1,
      maximum: 10_000_000,
      description: 'Steps between checkpoints: what a killed run loses at most.',
    }),
  },
  { ...described, default: {}, description: 'How it is trained.' },
);

/** What images have in place of a text's tokens and prompts. */
export const ImageTrainSchema = Type.Object(
  {
    ...Type.Omit(TrainSchema, ['evaluateTokens', 'sampleLength', 'samplePrompt']).properties,
    batchSize: Type.Integer({ default: 16, minimum: 1, maximum: 4096, description: 'Images per batch.' }),
    evaluateImages: Type.Integer({
      default: 1000,
      minimum: 1,
      maximum: 10_000_000,
      description: 'How many held-out images an evaluation scores; all where there are fewer.',
    }),
    sampleCount: Type.Integer({
      default: 16,
      minimum: 1,
      maximum: 256,
      description: 'Images in a sample, one PNG with all of them.',
    }),
    sampleTemperature: Type.Number({
      default: 1,
      minimum: 0,
      maximum: 100,
      description: 'Temperature of samples; 0 always takes the most likely level.',
    }),
  },
  { ...described, default: {}, description: 'How it is trained.' },
);

const side = (what: string) =>
  Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 4096,
      description: `${what} that images are brought to, by data.fit and data.filter; their own when absent.`,
    }),
  );

export const ImageDataSchema = Type.Object(
  {
    source: Type.String({
      minLength: 1,
      description:
        'IDX (.gz too), .npy, .npz, or a folder or glob of PNG and JPEG, relative to the spec’s folder.',
    }),
    labels: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'The classes: an IDX file of labels, or "folders" for the folder each picture lies in.',
      }),
    ),
    condition: Type.Optional(ConditionSchema),
    levels: Type.Integer({ default: 2, minimum: 2, maximum: 256, description: 'Values of a sub-pixel.' }),
    quantize: Type.Union(
      [
        Type.Literal('threshold'),
        Type.Literal('sampleOnce'),
        Type.Literal('sampleEachTime'),
        Type.Literal('round'),
      ],
      {
        default: 'threshold',
        description:
          '"threshold": 1 from ½ up. "sampleOnce", "sampleEachTime": 1 with the value as probability, drawn once or at every step. "round": the nearest of the levels.',
      },
    ),
    height: side('Rows'),
    width: side('Columns'),
    fit: Type.Union([Type.Literal('crop'), Type.Literal('stretch')], {
      default: 'crop',
      description: '"crop": the largest centred part of the right proportions. "stretch": all of it.',
    }),
    filter: Type.Union([Type.Literal('area'), Type.Literal('nearest')], {
      default: 'area',
      description: '"area": the mean of what a new pixel covers. "nearest": the pixel at its centre.',
    }),
    channels: Type.Optional(
      Type.Union([Type.Literal(1), Type.Literal(3)], {
        description: '1: grey. 3: RGB. What the images are when absent.',
      }),
    ),
    validation: Type.Union(
      [Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }), Type.String({ minLength: 1 })],
      {
        default: 0.1,
        description:
          'The share of the images, drawn by the seed, held out for validation; or images of their own.',
      },
    ),
    knownFloor: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 100,
        description: 'The least possible nats per sub-pixel, where the source is known: drawn as a floor.',
      }),
    ),
  },
  { ...described, description: 'What the model learns from.' },
);

export const DeviceSchema = Type.Union(
  [
    Type.Literal('auto'),
    Type.Literal('simd'),
    Type.Literal('webgpu'),
    Type.Literal('tensorflow'),
    Type.Literal('cpu'),
  ],
  { default: 'auto', description: 'Where it is computed; "auto" takes the fastest device that works here.' },
);

export type DataSpec = Static<typeof DataSchema>;
export type TrainSpec = Static<typeof TrainSchema>;
export type ImageDataSpec = Static<typeof ImageDataSchema>;
export type ImageTrainSpec = Static<typeof ImageTrainSchema>;
/** What the optimizer needs to know, whatever is learnt. */
export type OptimizerSpec = Omit<TrainSpec, 'evaluateTokens' | 'sampleLength' | 'samplePrompt'>;

const DESCRIPTIONS = {
  family: 'Which kind of model.',
  model: 'The model’s sizes.',
  schema: 'The published JSON Schema of this file.',
} as const;

/** The schema of a spec whose family is `family`. */
export function specSchemaOf(family: AnyFamily): TSchema {
  const { data, train } = PARTS[family.domain];
  return Type.Object(
    {
      $schema: Type.Optional(Type.String({ description: DESCRIPTIONS.schema })),
      family: Type.Literal(family.id, { description: DESCRIPTIONS.family }),
      model: { ...family.schema, additionalProperties: false, default: {}, description: DESCRIPTIONS.model },
      data,
      train,
      device: DeviceSchema,
    },
    described,
  );
}

const PARTS = {
  text: { data: DataSchema, train: TrainSchema },
  image: { data: ImageDataSchema, train: ImageTrainSchema },
} as const;

/**
 * The JSON Schema that editors read. Families are told apart by `if`/`then` rather than by a union, because that is
 * what gives completion and one precise squiggle instead of "matches none of".
 */
export function specJsonSchemaOf(families: readonly AnyFamily[]): Record<string, unknown> {
  const ids = (domain: AnyFamily['domain']): string[] =>
    families.filter((family) => family.domain === domain).map(({ id }) => id);
  const plain = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'AR Lens spec',
    description: 'A model, the text or images it learns from and how it is trained.',
    type: 'object',
    additionalProperties: false,
    required: ['family', 'data'],
    properties: {
      $schema: { type: 'string', description: DESCRIPTIONS.schema },
      family: {
        description: DESCRIPTIONS.family,
        enum: families.map((family) => family.id),
        enumDescriptions: families.map((family) => family.title),
      },
      model: { type: 'object', description: DESCRIPTIONS.model, default: {} },
      data: { type: 'object', description: DataSchema.description, required: ['source'] },
      train: { type: 'object', description: TrainSchema.description, default: {} },
      device: DeviceSchema,
    },
    allOf: [
      {
        if: { properties: { family: { enum: ids('image') } }, required: ['family'] },
        then: { properties: PARTS.image },
        else: { properties: PARTS.text },
      },
      ...families.map((family) => ({
        if: { properties: { family: { const: family.id } }, required: ['family'] },
        then: { properties: { model: { ...family.schema, additionalProperties: false, default: {} } } },
      })),
    ],
  };
  return withoutDefaulted(plain) as Record<string, unknown>;
}

/** Drops from every `required` the keys that have a default: a person may leave them out. */
function withoutDefaulted(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutDefaulted);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) copy[key] = withoutDefaulted(value);
  const properties = copy['properties'] as Record<string, { default?: unknown }> | undefined;
  if (properties && Array.isArray(copy['required'])) {
    const required = (copy['required'] as string[]).filter((key) => properties[key]?.default === undefined);
    if (required.length > 0) copy['required'] = required;
    else delete copy['required'];
  }
  return copy;
}
