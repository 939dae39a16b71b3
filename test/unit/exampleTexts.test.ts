// The example texts are what their README and specs say of them.
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { natsToBits, twoStateEntropyRate } from '../../src/math/information';
import { mean, standardError } from '../../src/math/statistics';

const example = (name: string) =>
  readFile(new URL(`../../examples/workspace/${name}`, import.meta.url), 'utf8');

it('the two-state text stays with probability .9 and its floor is the entropy rate', async () => {
  const text = await example('two-state.txt');
  expect(text).toMatch(/^[ab]{300000}$/);
  const stays = Array.from({ length: text.length - 1 }, (_, i) => (text[i] === text[i + 1] ? 1 : 0));
  expect(Math.abs(mean(stays) - 0.9)).toBeLessThan(3 * standardError(stays));
  const { data } = JSON.parse(await example('two-state.arlens.json')) as { data: { knownFloor: number } };
  expect(data.knownFloor).toBe(twoStateEntropyRate(0.9));
  expect(natsToBits(data.knownFloor)).toBeCloseTo(0.468996, 6); // truth table of the project: bits/character
});

it('the note differs from the almanac by two planted words', async () => {
  const known = new Set((await example('almanac.txt')).split(/[^A-Za-z]+/));
  const words = (await example('notes/water.md')).split(/[^A-Za-z]+/).filter((word) => word !== '');
  expect(words.filter((word) => !known.has(word))).toEqual(['Fahrenheit', 'purple']);
});
