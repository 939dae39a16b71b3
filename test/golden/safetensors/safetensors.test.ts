// Files of Python's safetensors read here, and the reverse. golden.py made the values and read what write.mjs wrote.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readSafetensors, safetensorsChunks } from '../../../src/formats/safetensors';

const place = (name: string) => fileURLToPath(new URL(`../values/safetensors/${name}`, import.meta.url));
interface Golden {
  readonly tensors: Readonly<
    Record<string, { readonly shape: number[]; readonly values: readonly string[] }>
  >;
}
const golden = JSON.parse(await readFile(place('values.json'), 'utf8')) as Golden;
const numberOf = (text: string) => (text === 'inf' ? Infinity : text === '-inf' ? -Infinity : Number(text));

it('reads every value that Python wrote', async () => {
  const { tensors, metadata } = await readSafetensors(place('python.safetensors'), { float32: true });
  expect(metadata).toEqual({ format: 'pt', note: 'é' });
  expect([...tensors.keys()].sort()).toEqual(Object.keys(golden.tensors).sort());
  for (const [name, { shape, values }] of Object.entries(golden.tensors)) {
    const tensor = tensors.get(name);
    expect(tensor?.shape).toEqual(shape);
    const got = [...(tensor?.data ?? [])] as (number | bigint)[];
    expect(got).toEqual(values.map((text) => (tensor?.dtype === 'I64' ? BigInt(text) : numberOf(text))));
  }
  expect(tensors.get('half')?.dtype).toBe('F32');
});

it('writes the bytes that Python was seen to read', async () => {
  const { tensors, metadata } = await readSafetensors(place('python.safetensors'));
  const bytes = Buffer.concat(safetensorsChunks(tensors, metadata));
  expect(bytes.equals(await readFile(place('ours.safetensors')))).toBe(true);
});
