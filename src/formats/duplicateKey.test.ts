import { expect, it } from 'vitest';
import { duplicateKey } from './duplicateKey';

it('finds a key that one object has twice, however it is spelt', () => {
  expect(duplicateKey('{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}')).toBe(null);
  expect(duplicateKey('{"a":1,"b":{"x":1 , "x" : 2}}')).toBe('x');
  expect(duplicateKey('{"a":1,"\\u0061":2}')).toBe('a');
  expect(duplicateKey('{"a":"a","b":"a","c":["a","a"]}')).toBe(null);
  expect(duplicateKey('{"\\"":1,"x\\\\":2,"\\"":3}')).toBe('"');
  expect(duplicateKey('{"a":"{\\"k\\":1,\\"k\\":2}"}')).toBe(null);
});
