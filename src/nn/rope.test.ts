// Rotary positions by themselves: scores depend on distances alone, however positions are stretched; what is stretched is
// what each kind says it stretches; tables are made anew only when a window's length asks for it.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Rng } from '../math/rng';
import { Rotation, rope } from './rope';
import { ropeFrequencies, type RopeScaling } from './ropeFrequencies';

const SIZE = 10;
const HEADS = 3;
const T = 9;

const KINDS: ReadonlyArray<readonly [string, RopeScaling | undefined]> = [
  ['plain', undefined],
  ['linear', { kind: 'linear', factor: 2.5 }],
  ['dynamic', { kind: 'dynamic', factor: 3, originalContext: 16 }],
  [
    'yarn',
    {
      ...{ kind: 'yarn', factor: 4, originalContext: 16, betaFast: 8, betaSlow: 0.5 },
      ...{ attentionFactor: 1.2, truncate: true },
    },
  ],
  [
    'llama3',
    { kind: 'llama3', factor: 4, originalContext: 16, lowFrequencyFactor: 0.7, highFrequencyFactor: 2.5 },
  ],
  [
    'longrope',
    {
      ...{ kind: 'longrope', originalContext: 16, attentionFactor: 1.1 },
      shortFactors: [1, 1.1, 1.2, 1.3, 1.4],
      longFactors: [1.5, 2, 2.7, 3.5, 4],
    },
  ],
];

const settings = (scaling: RopeScaling | undefined, size = SIZE) =>
  scaling === undefined ? { theta: 500, size } : { theta: 500, size, scaling };

let before = 0;
beforeEach(async () => {
  await tf.setBackend('cpu');
  before = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(before));

function noise(rows: number, columns: number, seed: number): tf.Tensor2D {
  const rng = new Rng(seed);
  return tf.tensor2d(
    Float32Array.from({ length: rows * columns }, () => rng.normal()),
    [rows, columns],
  );
}

describe.each(KINDS)('rotary positions, %s', (_, scaling) => {
  it('leave attention logits as they are when all positions shift by the same amount', () => {
    const rotation = new Rotation(settings(scaling), 2100);
    tf.tidy(() => {
      const x = noise(T, HEADS * SIZE, 4);
      const tables = rotation.of(2100);
      const logitsFrom = (start: number): Float32Array => {
        const turned = rope(x, tables, { batch: 1, heads: HEADS, turned: HEADS, start });
        const rows = tf.reshape<tf.Rank.R3>(turned, [T, HEADS, SIZE]);
        const heads = tf.transpose(tf.div(rows, Math.sqrt(Math.sqrt(SIZE))), [1, 0, 2]);
        return tf.matMul(heads, heads, false, true).dataSync() as Float32Array; // [H, T, T]
      };
      const still = logitsFrom(0);
      for (const shift of [1, 7, 64, 2000]) {
        logitsFrom(shift).forEach((value, at) =>
          expect(Math.abs(value - (still[at] ?? NaN))).toBeLessThan(1e-5),
        );
      }
    });
    rotation.dispose();
  });

  it('keep every length up to the amplitude, and leave position 0 and what does not turn alone', () => {
    const rotation = new Rotation(settings(scaling, 6), 40);
    const { amplitude } = ropeFrequencies(settings(scaling, 6), 40);
    tf.tidy(() => {
      const x = noise(T, HEADS * SIZE, 5);
      const turned = rope(x, rotation.of(40), { batch: 1, heads: HEADS, turned: 2, start: 0 }).arraySync();
      for (const [t, row] of x.arraySync().entries()) {
        const found = turned[t] ?? [];
        for (let head = 0; head < HEADS; head++) {
          const part = (values: readonly number[], from: number, to: number) =>
            values.slice(head * SIZE + from, head * SIZE + to);
          if (head === 2) {
            expect(part(found, 0, SIZE)).toEqual(part(row, 0, SIZE));
            continue;
          }
          expect(part(found, 6, SIZE)).toEqual(part(row, 6, SIZE));
          const norm = Math.hypot(...part(row, 0, 6));
          expect(Math.hypot(...part(found, 0, 6)) / norm).toBeCloseTo(amplitude, 5);
          if (t === 0) {
            part(found, 0, 6).forEach((value, c) =>
              expect(value).toBeCloseTo(amplitude * (part(row, 0, 6)[c] ?? NaN), 5),
            );
          }
        }
      }
    });
    rotation.dispose();
  });
});

describe('stretching', () => {
  it('changes with the length of the window where it says so, and nowhere else', () => {
    for (const [name, scaling] of KINDS) {
      const at = (length: number) => [...ropeFrequencies(settings(scaling), length).inverse];
      expect(at(16)).toEqual(at(1));
      if (name === 'dynamic') expect(at(40)).not.toEqual(at(39));
      else if (name === 'longrope') expect(at(17)).not.toEqual(at(16));
      else expect(at(4000)).toEqual(at(1));
      const rotation = new Rotation(settings(scaling), 8);
      expect(rotation.dependsOnLength).toBe(name === 'dynamic' || name === 'longrope');
      expect(rotation.same(3, 16)).toBe(true);
      expect(rotation.same(16, 17)).toBe(!rotation.dependsOnLength);
      expect(rotation.same(20, 21)).toBe(name !== 'dynamic');
      rotation.dispose();
    }
  });

  it('by linear scaling equals positions divided', () => {
    const plain = ropeFrequencies(settings(undefined), 1).inverse;
    const divided = ropeFrequencies(settings({ kind: 'linear', factor: 4 }), 1).inverse;
    expect([...divided]).toEqual([...plain].map((each) => each / 4));
  });
});

describe('rope', () => {
  it('refuses positions past its tables, and rows that do not divide', () => {
    const rotation = new Rotation(settings(undefined), 8);
    tf.tidy(() => {
      const x = noise(4, 2 * SIZE, 1);
      const options = { batch: 1, heads: 2, turned: 2, start: 5 };
      expect(() => rope(x, rotation.of(8), options)).toThrow('at most 8 positions, got 9');
      expect(() => rope(x, rotation.of(8), { ...options, batch: 3, start: 0 })).toThrow('[3·T, 2·D]');
    });
    rotation.dispose();
  });
});
