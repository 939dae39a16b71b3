// Steps by a kernel of the simd device, over planes in its memory: one call computes a pixel of every image.
import type { Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { livePlane, PixelProgram } from '../nn/pixelProgram';
import type { Plane } from './imageLayers';
import type { Pixels, PixelsShape, PixelStep, PixelSteps } from './pixelSteps';

export class KernelPixels implements Pixels {
  readonly rows: number;
  private readonly tensors = new Map<Plane, Tensor4D>();
  private readonly programs: PixelProgram[] = [];

  constructor(private readonly shape: PixelsShape) {
    this.rows = shape.rows;
  }

  plane(height: number, width: number, features: number): Plane {
    const { tensor, values } = livePlane([this.rows, height, width, features]);
    const plane: Plane = { height, width, features, values };
    this.tensors.set(plane, tensor);
    return plane;
  }

  steps(steps: readonly PixelStep[]): PixelSteps {
    const { height, width } = this.shape;
    const inputs = new Map<Tensor, number>();
    const number = (tensor: Tensor | null | undefined): number => {
      if (!tensor) return -1;
      const known = inputs.get(tensor) ?? inputs.size;
      inputs.set(tensor, known);
      return known;
    };
    const planeNumber = (plane: Plane | undefined): number => {
      if (!plane) return -1;
      const tensor = this.tensors.get(plane);
      if (!tensor) throw new Error('KernelPixels.steps: expected planes of its own, got another');
      return number(tensor);
    };
    const attributes = steps.map(({ reads, range, adds = [], keep, then }) => ({
      reads: reads.map(({ plane, layer: { places, weight, open, bias } }) => ({
        plane: planeNumber(plane),
        places,
        weight: number(weight),
        open: number(open),
        bias: number(bias),
      })),
      from: range[0],
      to: range[1],
      adds: adds.map(planeNumber),
      raw: planeNumber(keep),
      activation: then?.kind ?? ('none' as const),
      active: planeNumber(then?.into),
    }));
    const program = new PixelProgram(
      Object.fromEntries([...inputs].map(([tensor, index]) => [`t${index}`, tensor])),
      { height, width, steps: attributes },
    );
    this.programs.push(program);
    return program;
  }

  dispose(): void {
    for (const program of this.programs) program.dispose();
    for (const tensor of this.tensors.values()) tensor.dispose();
    this.programs.length = 0;
    this.tensors.clear();
  }
}
