// TensorFlow.js's WebGPU backend over one adapter, with what a long job needs: errors are kept, a loss is known,
// and small inputs can still be read at once. Knows no model and no report.
import { env, registerBackend, removeBackend, type DataId } from '@tensorflow/tfjs-core';
import { ArLensError } from '../../protocol/errors';
import { noteProgress } from '../watchdogProgress';
import { infoOf, type Gpu } from './adapter';
import { mend, mendAddN } from './mends';

/** Numbers of a tensor that stay on the host too once they are on the card: ids, labels, masks, small weights. */
const KEPT = 2 ** 20;

const EMPTY = 16;
/** GPUBufferUsage.STORAGE | COPY_SRC | COPY_DST, as every tensor's. */
const STORAGE = 0x80 | 0x4 | 0x8;

let device: GPUDevice | undefined;
let lost: ArLensError | undefined;
let registered = false;
let software = false;

/** What computes now, for a trial of its memory. */
export function gpuInUse(): { readonly device: GPUDevice; readonly software: boolean } | undefined {
  return device && { device, software };
}

/** The sentence on why the card is gone, once it is. */
export function gpuLoss(): ArLensError | undefined {
  return lost;
}

/**
 * Registers the backend "webgpu" with a fresh device.
 * @throws ArLensError when the driver gives no device
 */
export async function registerWebgpu(gpu: Gpu): Promise<void> {
  const limits = gpu.adapter.limits;
  const made = await gpu.adapter.requestDevice({
    requiredLimits: {
      maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
      maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
      maxBufferSize: limits.maxBufferSize,
      maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    },
  });
  device = made;
  software = gpu.software;
  lost = undefined;
  void made.lost.then((info) => {
    if (device === made) lost = lossOf(gpu.name, info);
  });
  made.onuncapturederror = ({ error }) => {
    if (device === made) lost ??= uncaptured(gpu.name, error);
  };
  // Loaded without WebGPU in sight, or it would register a backend over an adapter of its own choice.
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  class Backend extends WebGPUBackend {
    override runWebGPUProgram(...call: Parameters<InstanceType<typeof WebGPUBackend>['runWebGPUProgram']>) {
      const [program, , dtype] = call;
      mend(program, dtype);
      return super.runWebGPUProgram(...call);
    }

    override uploadToGPU(dataId: DataId): void {
      if (lost) throw lost;
      noteProgress();
      const data = this.tensorMap.get(dataId);
      // Nothing has no buffer; a program that is given nothing still wants one.
      if (data.resource == null && data.shape.includes(0)) {
        data.resource = this.bufferManager.acquireBuffer(EMPTY, STORAGE);
        return;
      }
      const values = data.resource == null ? data.values : null;
      super.uploadToGPU(dataId);
      if (values != null && values.length <= KEPT) data.values = values;
    }

    override readSync(dataId: object) {
      const { values, dtype } = this.tensorMap.get(dataId);
      if (values == null && dtype !== 'complex64') {
        throw new ArLensError(
          'unsupported',
          'This model reads numbers in the middle of its work, which a graphics card answers only later.',
          'Choose the device "simd" for it.',
        );
      }
      return super.readSync(dataId);
    }

    override async read(dataId: object) {
      const values = await super.read(dataId).catch((error: unknown) => {
        throw lost ?? error;
      });
      // A card that refuses a command goes on answering with what was there before.
      if (lost) throw lost;
      noteProgress();
      return values;
    }
  }
  mendAddN();
  // Small sums on the processor would have other digits than large ones on the card.
  env().set('WEBGPU_CPU_FORWARD', false);
  if (registered) removeBackend('webgpu');
  registered = true;
  registerBackend('webgpu', () => withNavigator(gpu, () => new Backend(made, infoOf(gpu.adapter))));
}

/** Gives the card back; what it holds is gone. */
export function destroyGpu(): void {
  device?.destroy();
}

/** TensorFlow.js asks for `navigator.gpu` before it believes in WebGPU; Node has no such thing, or nothing in it. */
function withNavigator<T>(gpu: Gpu, make: () => T): T {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  Object.defineProperty(globalThis, 'navigator', {
    value: { gpu: gpu.dawn },
    configurable: true,
    writable: true,
  });
  try {
    return make();
  } finally {
    if (before) Object.defineProperty(globalThis, 'navigator', before);
    else Reflect.deleteProperty(globalThis, 'navigator');
  }
}

const ANOTHER = 'Choose another device ("simd" needs no card), and resume: the last checkpoint is whole.';

function lossOf(name: string, { reason, message }: GPUDeviceLostInfo): ArLensError {
  const why =
    reason === 'destroyed'
      ? 'it was given back while it computed'
      : message.split('\n')[0] || 'its driver gave up';
  return new ArLensError('deviceLost', `The graphics card (${name}) was lost: ${clause(why)}.`, ANOTHER);
}

function uncaptured(name: string, error: GPUError): ArLensError {
  const first = error.message.split('\n')[0] ?? '';
  return error instanceof GPUOutOfMemoryError
    ? new ArLensError(
        'outOfMemory',
        `The graphics card (${name}) has no memory left: ${clause(first)}.`,
        ANOTHER,
      )
    : new ArLensError(
        'deviceLost',
        `The graphics card (${name}) refused a command: ${clause(first)}.`,
        ANOTHER,
      );
}

function clause(text: string): string {
  return text.trim().replace(/[.\s]+$/, '');
}
