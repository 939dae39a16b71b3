// Kernels that read or add by index. An index out of range is an error that names it, never a read beyond the end.
import { backend_util, util, type DataType, type KernelConfig, type TensorInfo } from '@tensorflow/tfjs-core';
import { bytesPer } from '../simdBackend';
import { cast } from './creation';
import { define, sizeOf } from './define';

const elementKinds: Partial<Record<DataType, number>> = { float32: 0, int32: 1, bool: 2 };

export const indexingKernels: KernelConfig[] = [
  define<{ x: TensorInfo; indices: TensorInfo }, { axis: number; batchDims: number }>(
    'GatherV2',
    ({ x, indices }, { axis: given, batchDims }, backend) => {
      const [axis = 0] = util.parseAxisParam(given, x.shape);
      const info = backend_util.segment_util.collectGatherOpShapeInfo(x, indices, axis, batchDims ?? 0);
      const ids = cast(backend, indices, 'int32');
      const out = backend.make(info.outputShape, x.dtype);
      const count = sizeOf(indices.shape) / info.batchSize;
      if (sizeOf(info.outputShape) > 0) {
        const [from, at, to] = [x, ids, out].map((tensor) => backend.at(tensor)) as [number, number, number];
        const sizes = [info.batchSize, info.outerSize, info.dimSize, info.sliceSize, count];
        const bad = backend.run('Gather', from, at, to, bytesPer(x.dtype), ...sizes);
        if (bad > 0) {
          const index = backend.view(ids)[bad - 1];
          throw new Error(`GatherV2: the index value ${index} is not in [0, ${info.dimSize - 1}]`);
        }
      }
      backend.release(ids);
      return out;
    },
  ),
  define<{ indices: TensorInfo }, { depth: number; onValue: number; offValue: number; dtype: DataType }>(
    'OneHot',
    ({ indices }, { depth, onValue, offValue, dtype }, backend) => {
      const ids = cast(backend, indices, 'int32');
      const out = backend.make([...indices.shape, depth], dtype ?? 'int32');
      const kind = elementKinds[out.dtype] ?? 0;
      backend.run(
        'OneHot',
        backend.at(ids),
        backend.at(out),
        sizeOf(indices.shape),
        depth,
        onValue,
        offValue,
        kind,
      );
      backend.release(ids);
      return out;
    },
  ),
  define<{ x: TensorInfo; segmentIds: TensorInfo }, { numSegments: number }>(
    'UnsortedSegmentSum',
    ({ x, segmentIds }, { numSegments }, backend) => {
      const rows = sizeOf(segmentIds.shape);
      const inner = sizeOf(x.shape.slice(segmentIds.shape.length));
      const float = cast(backend, x, 'float32');
      const out = backend.make([numSegments, ...x.shape.slice(segmentIds.shape.length)], 'float32');
      const [from, ids, to] = [float, segmentIds, out].map((tensor) => backend.at(tensor)) as [
        number,
        number,
        number,
      ];
      backend.run('SegmentSum', from, ids, to, rows, inner, numSegments);
      backend.release(float);
      return out; // float32 whatever x is, as on cpu
    },
  ),
];
