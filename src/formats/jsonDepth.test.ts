// What is deep, and what only looks like it.
import { expect, it } from 'vitest';
import { tooDeepAt } from './jsonDepth';

it('finds the bracket that goes too deep, however long the text', () => {
  expect(tooDeepAt('{"a":[1]}', 2)).toBe(-1);
  expect(tooDeepAt('{"a":[{"b":1}]}', 2)).toBe(6);
  expect(tooDeepAt('[],[],[],{}', 1)).toBe(-1);
  expect(tooDeepAt('['.repeat(1_000_000))).toBe(64);
});

it('counts no bracket of a string or a comment', () => {
  expect(tooDeepAt('{"[[[": "\\"[[[" } // [[[\n/* [[[ */', 1)).toBe(-1);
  expect(tooDeepAt('/* "[ */ [[', 1)).toBe(10);
  expect(tooDeepAt('"unclosed [[\n[[', 1)).toBe(14);
});
