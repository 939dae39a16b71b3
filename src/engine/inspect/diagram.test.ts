// The diagram of a model against the model itself: every parameter in one node, shapes of the real tensors, edges of the taps.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { byteTokenizer } from '../../data/tokenizer';
import type { Family } from '../../families/family';
import { FAMILIES, IMAGE_FAMILIES } from '../../families/registry';
import { describeModel } from '../models/modelFolder';
import type { ImageSubject } from '../images/imageSubject';
import { diagramReport, imageDiagramReport } from './diagram';
import type { Subject } from './subject';

const tokenizer = byteTokenizer();
const facts = { vocabulary: tokenizer.vocabulary, bos: tokenizer.bos as number };

function subjectOf(family: Family, config: Subject['config'], more: Partial<Subject> = {}): Subject {
  const model = family.build(config, facts, 1);
  return { family, config, facts, tokenizer, model, weights: 'own', device: 'cpu', ...more };
}

beforeAll(() => tf.setBackend('cpu'));

describe.each(FAMILIES.map((family) => [family.id, family] as const))('the diagram of a %s', (_, family) => {
  it('counts every parameter once', () => {
    const subject = subjectOf(family, family.example);
    if (subject.model.fit) subject.model.fit(tokenizer.encode('a short text, counted').ids);
    const { nodes, parameters } = diagramReport(subject);
    expect(nodes.reduce((sum, node) => sum + node.parameters, 0)).toBe(parameters);
    expect(parameters).toBe(describeModel('/m', family, subject.model, tokenizer).parameters);
    const names = nodes.flatMap(({ variables }) => variables.map(({ name }) => name));
    expect([...names].sort()).toEqual(subject.model.variables.map(({ name }) => name).sort());
    subject.model.dispose();
  });

  it('has the logits’ own shape at its end, and edges from nodes before', () => {
    const subject = subjectOf(family, family.example, { batch: 3 });
    const { nodes } = diagramReport(subject);
    const length = Math.min(5, subject.model.contextLength);
    const inputs = tf.zeros<tf.Rank.R2>([3, length], 'int32');
    const logits = subject.model.logits?.(inputs);
    const last = nodes.at(-1)?.shape.map(({ letter, size }) => (letter === 'T' ? length : size));
    expect(last).toEqual(logits?.shape);
    nodes.forEach(({ inputs: edges }, at) => {
      const before = nodes.slice(0, at).map(({ id }) => id);
      for (const { from } of edges) expect(before).toContain(from);
      expect(edges.length > 0 || at === 0).toBe(true);
    });
    tf.dispose([inputs, logits]);
    subject.model.dispose();
  });
});

it('a Transformer’s nodes have the shapes of its configuration', () => {
  const family = FAMILIES.find(({ id }) => id === 'transformer') as Family;
  const subject = subjectOf(family, { layers: 2, heads: 4, width: 32, contextLength: 16, dropout: 0 });
  const { nodes } = diagramReport(subject);
  const sizes = (id: string) => nodes.find((node) => node.id === id)?.shape.map(({ size }) => size);
  expect(nodes.map(({ id }) => id)).toEqual([
    'input',
    'embedding',
    'block0.attention',
    'block0.mlp',
    'block1.attention',
    'block1.mlp',
    'output',
  ]);
  expect(sizes('input')).toEqual([null, 16]);
  expect(sizes('block1.mlp')).toEqual([null, 16, 32]);
  expect(sizes('output')).toEqual([null, 16, 257]);
  const attention = nodes.find(({ id }) => id === 'block0.attention');
  expect(attention?.inputs).toEqual([{ from: 'embedding', reads: 'causal' }]);
  expect(attention?.inside.map(({ shape }) => shape.map(({ size }) => size))).toEqual([
    [null, 4, 16, 8],
    [null, 4, 16, 16],
  ]);
  expect(nodes.find(({ id }) => id === 'embedding')?.parameters).toBe((257 + 16) * 32);
  subject.model.dispose();
});

describe.each(IMAGE_FAMILIES.map((family) => [family.id, family] as const))(
  'the diagram of a %s',
  (_, family) => {
    it.each([1, 3])(
      'counts every parameter once and ends in the logits’ own shape, %i channels',
      (channels) => {
        for (const config of [family.example, ...(family.variants ?? [])]) {
          const facts = { height: 5, width: 6, channels, levels: 4 };
          const model = family.build(config, facts, 1);
          const subject: ImageSubject = {
            ...{ family, config, facts, model },
            ...{ sizeFrom: 'model', weights: 'own', device: 'cpu' },
          };
          const { nodes, parameters } = imageDiagramReport(subject);
          expect(nodes.reduce((sum, node) => sum + node.parameters, 0)).toBe(parameters);
          const names = nodes.flatMap(({ variables }) => variables.map(({ name }) => name));
          expect([...names].sort()).toEqual(model.variables.map(({ name }) => name).sort());
          expect(nodes.every(({ shape }) => shape.length > 0)).toBe(true);
          const pixels = tf.zeros<tf.Rank.R4>([2, 5, 6, channels], 'int32');
          const logits = model.logits({ pixels });
          const sizes = nodes.at(-1)?.shape.map(({ letter, size }) => (letter === 'B' ? 2 : (size ?? NaN)));
          const [B, H, W, C, K] = logits.shape;
          expect(sizes).toEqual(sizes?.length === 3 ? [B, H * W * C, K] : [B, H, W, C, K]);
          tf.dispose([pixels, logits]);
          model.dispose();
        }
      },
    );
  },
);

it('a variable that belongs nowhere is said, not dropped', () => {
  const family = { ...(FAMILIES[0] as Family), nodeOf: () => 'nowhere' };
  const subject = subjectOf(family, family.example);
  expect(() => diagramReport(subject)).toThrow('expected a node for transformer.wte.weight, got nowhere');
  subject.model.dispose();
});
