// The names that config.json files have for the functions between an MLP's two layers.
import type { Activation } from '../../nn/activation';

/** Every name of transformers whose function is computed here. */
export const ACTIVATION_NAMES: Readonly<Record<string, Activation>> = {
  gelu_new: 'geluNew',
  gelu_pytorch_tanh: 'geluNew', // two names of one function
  gelu: 'gelu',
  relu: 'relu',
  silu: 'silu',
  swish: 'silu',
};

/** The name that is written. */
export function activationName(activation: Activation): string {
  const [name] = Object.entries(ACTIVATION_NAMES).find(([, each]) => each === activation) ?? [''];
  return name;
}
