// TensorFlow.js's Node backend over the binding that setup built, registered as "tensorflow".
// Knows no Python and no setup.
import { createRequire } from 'node:module';
import util from 'node:util';
// Some of its kernels call operations as methods of a tensor.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import { findBackendFactory, registerBackend } from '@tensorflow/tfjs-core';
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import { noteProgress } from '../watchdogProgress';

/** Says whether a CUDA card computes. @throws when the binding or its libraries do not load */
export async function registerTensorflow(bindingFile: string): Promise<{ readonly cuda: boolean }> {
  mendUtil();
  // Its greetings are no errors, and a terminal's stderr is for those.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  process.env['TF_ENABLE_ONEDNN_OPTS'] ??= '1';
  // It would take nearly all of a card for the first process that asks, and shorten the numbers that it multiplies.
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';
  const binding = createRequire(import.meta.url)(bindingFile) as TFJSBinding;
  const { NodeJSKernelBackend } = await import('@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js');
  await import('@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js');
  class Backend extends NodeJSKernelBackend {
    override executeSingleOutput(
      ...call: Parameters<InstanceType<typeof NodeJSKernelBackend>['executeSingleOutput']>
    ) {
      noteProgress();
      return super.executeSingleOutput(...call);
    }

    override executeMultipleOutputs(
      ...call: Parameters<InstanceType<typeof NodeJSKernelBackend>['executeMultipleOutputs']>
    ) {
      noteProgress();
      return super.executeMultipleOutputs(...call);
    }
  }
  if (!findBackendFactory('tensorflow')) {
    registerBackend('tensorflow', () => new Backend(binding, '@tensorflow/tfjs-node-gpu'));
  }
  return { cuda: binding.isUsingGpuDevice() };
}

/** Node 23 took out two functions that the backend still calls. */
function mendUtil(): void {
  const old = util as unknown as Record<string, unknown>;
  old['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  old['isArray'] ??= Array.isArray;
}
