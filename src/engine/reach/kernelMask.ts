// The `kernelMask` call: the mask of one layer of any size, type and channel order, without any model. Pure.
import {
  centreReads,
  horizontalMask,
  maskRows,
  rasterMask,
  verticalMask,
  type ConvolutionMask,
} from '../../nn/convolutionMask';
import { FIELD_LIMITS, type KernelMask, type KernelMaskParams } from '../../protocol/receptiveField';
import { bad } from './refusals';

/** @throws ArLensError where the kernel has no centre, or the order is none of the channels */
export function kernelMask({ kernel, type, channels, order }: KernelMaskParams): KernelMask {
  const { minimum, maximum } = FIELD_LIMITS.firstKernel;
  if (!Number.isInteger(kernel) || kernel % 2 === 0 || kernel < minimum || kernel > maximum)
    throw bad('kernel', `an odd number from ${minimum} to ${maximum}`, kernel);
  if (channels !== 1 && channels !== 3) throw bad('channels', '1 or 3', channels);
  const groups = Array.from({ length: channels }, (_, channel) => channel);
  if (order.length !== channels || groups.some((channel) => !order.includes(channel)))
    throw bad('order', `each of ${channels} channels once`, order.join(', '));
  const mask = maskOf(kernel, type);
  const rank = (channel: number): number => order.indexOf(channel);
  return {
    rows: framed(maskRows(mask, channels), kernel),
    centre: groups.map((to) => groups.map((from) => Number(centreReads(mask.centre, rank(to), rank(from))))),
  };
}

function maskOf(kernel: number, type: KernelMaskParams['type']): ConvolutionMask {
  switch (type) {
    case 'A':
    case 'B':
      return rasterMask(kernel, type);
    case 'vertical':
      return verticalMask(kernel);
    case 'horizontal A':
      return horizontalMask(kernel, 'A');
    case 'horizontal B':
      return horizontalMask(kernel, 'B');
    default:
      return type satisfies never;
  }
}

/** In the kernel's full square, whatever of it is read. */
function framed(rows: readonly number[][], kernel: number): number[][] {
  const margin = (kernel - rows.length) / 2;
  return Array.from({ length: kernel }, (_, row) =>
    Array.from({ length: kernel }, (__, column) => rows[row - margin]?.[column - margin] ?? 0),
  );
}
