// Stretched rotary positions against transformers' own functions, before the trained context and far past it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { gptNeox } from '../../../src/families/gptNeox/family';
import { gptNeoxRope } from '../../../src/families/gptNeox/schema';
import { llama } from '../../../src/families/llama/family';
import { llamaRope } from '../../../src/families/llama/schema';
import { ropeFrequencies, type RopeSettings } from '../../../src/nn/ropeFrequencies';

const json = <T>(name: string) =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../values/models/${name}`, import.meta.url)), 'utf8')) as T;

interface Case {
  readonly case: string;
  readonly length: number;
  readonly inverse: readonly number[];
  readonly amplitude: number;
}

function settingsOf(name: string): RopeSettings {
  const config = json<Record<string, unknown>>(`${name}/config.json`);
  const [one, other] = [llama.files.fromConfig(config), gptNeox.files.fromConfig(config)];
  if (one) return llamaRope(one.config);
  if (other) return gptNeoxRope(other.config);
  throw new Error(`expected rotary positions in ${name}`);
}

describe('stretched rotary positions', () => {
  const { cases } = json<{ readonly cases: readonly Case[] }>('rope.json');

  it.each([...new Set(cases.map((each) => each.case))])('%s', (name) => {
    const settings = settingsOf(name);
    for (const { length, inverse, amplitude } of cases.filter((each) => each.case === name)) {
      const found = ropeFrequencies(settings, length);
      expect(found.inverse).toHaveLength(inverse.length);
      found.inverse.forEach((value, pair) =>
        expect(Math.abs(value / (inverse[pair] ?? NaN) - 1), `length ${length}, pair ${pair}`).toBeLessThan(
          1e-6,
        ),
      );
      expect(found.amplitude).toBeCloseTo(amplitude, 9);
    }
  });

  it('are of every kind there is', () => {
    const kinds = new Set(cases.map((each) => settingsOf(each.case).scaling?.kind));
    expect([...kinds].sort()).toEqual(['dynamic', 'linear', 'llama3', 'longrope', 'yarn']);
  });
});
