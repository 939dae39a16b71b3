// Decoders of images work on the host and read a model's weights at once, which a card cannot answer: they are read
// before. Does nothing on other devices.
import { getBackend, type Variable } from '@tensorflow/tfjs-core';

export async function makeReadable(model: {
  readonly variables: readonly { readonly variable: Variable }[];
}): Promise<void> {
  if (getBackend() !== 'webgpu') return;
  await Promise.all(model.variables.map(({ variable }) => variable.data()));
}
