// The numbers in opcodes.ts against the lists in C.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BinaryKind, CompareKind, IntKind, Kernel, LogicalKind, UnaryKind } from './opcodes';

/** The first argument of every F(…) in the definition of a list macro. */
function listed(file: string, macro: string): string[] {
  const text = readFileSync(new URL(`c/${file}`, import.meta.url), 'utf8');
  const definition = new RegExp(`#define ${macro}\\(F\\)((?:.*\\\\\\n)*.*)`).exec(text)?.[1] ?? '';
  return [...definition.matchAll(/F\((\w+)/g)].map(([, name = '']) => name);
}

describe('opcodes', () => {
  it('number the kernels as ops.h does', () => {
    expect(Object.keys(Kernel)).toEqual(listed('ops.h', 'KERNEL_LIST'));
    expect(Object.values(Kernel)).toEqual(Object.keys(Kernel).map((_, i) => i));
  });

  it('number the functions of one array as unary.c does', () => {
    expect(Object.keys(UnaryKind)).toEqual(listed('unary.c', 'UNARY_LIST'));
  });

  it('number the functions of two arrays as binary.c does', () => {
    const floats = listed('binary.c', 'BINARY_LIST');
    const ints = listed('binary.c', 'INT_LIST');
    const compares = listed('binary.c', 'COMPARE_LIST');
    expect(Object.keys(BinaryKind)).toEqual(floats);
    expect(Object.keys(IntKind)).toEqual(ints);
    expect(Object.keys(CompareKind)).toEqual(compares);
    expect(Object.values(IntKind)).toEqual(ints.map((_, i) => floats.length + i));
    expect(Object.values(CompareKind)).toEqual(compares.map((_, i) => floats.length + ints.length + 3 * i));
    expect(LogicalKind.and).toBe(floats.length + ints.length + 3 * compares.length);
  });
});
