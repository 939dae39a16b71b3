// Builds a model and reads its weights into it piece by piece, so that memory never holds them twice.
// Each tensor the family asks for must be there in its shape, and none may be left over.
import { engine, tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import type { Family, Model, TextFacts } from '../../families/family';
import { firstNonFinite } from '../../formats/safetensors';
import { isReadable } from '../../formats/safetensorsReader';
import { SimdBackend } from '../../kernels/simdBackend';
import { ArLensError } from '../../protocol/errors';
import type { WeightFiles, WeightTensor } from './weightFiles';

/** @throws ArLensError in one sentence; then no tensor is left. The caller disposes the model. */
export async function loadWeights(
  family: Family,
  config: Parameters<Family['build']>[0],
  facts: TextFacts,
  files: WeightFiles,
): Promise<Model> {
  const found = canonical(family, config, files);
  const asked = new Map<string, WeightTensor>();
  const model = withoutLeftovers(() =>
    family.build(config, facts, (name, shape) => {
      const weights = checked(found.get(name), name, shape, files.path);
      asked.set(name, weights);
      // A table whose length the file decides is needed now; everything else is filled in below.
      if (shape.includes(-1)) return finite(weights, weights.reader.readSync(weights.entry));
      return new Float32Array(shape.reduce((product, side) => product * side, 1));
    }),
  );
  try {
    for (const name of found.keys()) {
      if (asked.has(name)) continue;
      const only = `only the ${asked.size} tensors that config.json implies`;
      throw wrong(files.path, `tensor ${name}`, only, 'this one too');
    }
    if (!model.fit) for (const { name, variable } of model.variables) await fill(variable, asked.get(name));
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** The file's tensors under the family's own names. */
function canonical(
  family: Family,
  config: Parameters<Family['build']>[0],
  { path, tensors }: WeightFiles,
): Map<string, WeightTensor> {
  const found = new Map<string, WeightTensor>();
  for (const [name, weights] of tensors) {
    const ours = family.files.canonicalName ? family.files.canonicalName(name, config) : name;
    if (ours === null) continue;
    if (found.has(ours)) throw wrong(path, `tensor ${name}`, 'each tensor once', 'a second one of that name');
    found.set(ours, weights);
  }
  return found;
}

/** A build that fails half-way must not keep the variables it had made: an engine lives long and meets many files. */
function withoutLeftovers(build: () => Model): Model {
  const before = new Set(Object.keys(engine().state.registeredVariables));
  try {
    return build();
  } catch (error) {
    for (const [name, variable] of Object.entries(engine().state.registeredVariables)) {
      if (!before.has(name)) variable.dispose();
    }
    throw error;
  }
}

/** Into the variable's own memory where the device has it here; else by way of one copy of this one tensor. */
async function fill(variable: Variable, weights: WeightTensor | undefined): Promise<void> {
  if (!weights)
    throw new Error(`loadWeights: expected ${variable.name} among the tensors that were asked for`);
  const { reader, entry } = weights;
  const { backend } = engine();
  if (backend instanceof SimdBackend) {
    await reader.read(entry, (piece, from) => {
      // The view is asked for each time: memory may have grown meanwhile.
      (backend.view(variable) as Float32Array).set(finite(weights, piece, from), from);
    });
    return;
  }
  const values = new Float32Array(variable.size);
  await reader.read(entry, (piece, from) => values.set(finite(weights, piece, from), from));
  tidy(() => variable.assign(tensor(values, variable.shape)));
}

function finite({ reader, entry }: WeightTensor, values: Float32Array, from = 0): Float32Array {
  const index = firstNonFinite(values);
  if (index < 0) return values;
  const place = `tensor ${entry.name}, element ${from + index}`;
  throw wrong(reader.path, place, 'a finite number', String(values[index]));
}

function checked(
  weights: WeightTensor | undefined,
  name: string,
  shape: readonly number[],
  path: string,
): WeightTensor {
  const expected = shapeText(shape);
  if (!weights) throw wrong(path, `tensor ${name}`, `shape ${expected}`, 'no such tensor');
  const { entry, reader } = weights;
  const place = `tensor ${entry.name}`;
  if (!isReadable(entry.dtype)) throw wrong(reader.path, place, 'dtype F32, F16 or BF16', entry.dtype);
  // A side of −1 is the file's to say: tables have as many rows as were counted.
  const fits =
    entry.shape.length === shape.length && shape.every((side, at) => side === -1 || side === entry.shape[at]);
  if (!fits) throw wrong(reader.path, place, `shape ${expected}`, shapeText(entry.shape));
  return weights;
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.map((side) => (side === -1 ? 'any' : side)).join(', ')}]`;
}

function wrong(path: string, place: string, expected: string, got: string): ArLensError {
  return new ArLensError('badInput', `${path}: ${place}: expected ${expected}, got ${got}.`);
}
