// The element types of safetensors: their size, their typed array, and the two half-precision conversions.

export type TensorData =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

export type DType =
  'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'U64' | 'I32' | 'U32' | 'I16' | 'U16' | 'I8' | 'U8' | 'BOOL';

interface ElementType {
  readonly bytes: number;
  allocate(elements: number): TensorData;
}

export const DTYPES: Readonly<Record<DType, ElementType>> = {
  F64: { bytes: 8, allocate: (n) => new Float64Array(n) },
  F32: { bytes: 4, allocate: (n) => new Float32Array(n) },
  F16: { bytes: 2, allocate: (n) => new Uint16Array(n) },
  BF16: { bytes: 2, allocate: (n) => new Uint16Array(n) },
  I64: { bytes: 8, allocate: (n) => new BigInt64Array(n) },
  U64: { bytes: 8, allocate: (n) => new BigUint64Array(n) },
  I32: { bytes: 4, allocate: (n) => new Int32Array(n) },
  U32: { bytes: 4, allocate: (n) => new Uint32Array(n) },
  I16: { bytes: 2, allocate: (n) => new Int16Array(n) },
  U16: { bytes: 2, allocate: (n) => new Uint16Array(n) },
  I8: { bytes: 1, allocate: (n) => new Int8Array(n) },
  U8: { bytes: 1, allocate: (n) => new Uint8Array(n) },
  BOOL: { bytes: 1, allocate: (n) => new Uint8Array(n) },
};

export function isDType(value: unknown): value is DType {
  return typeof value === 'string' && Object.hasOwn(DTYPES, value);
}

/** IEEE 754 binary16 bits to float32, exactly. `out` is as long as `bits`. */
export function halfToFloat32(bits: Uint16Array, out: Float32Array): void {
  halves ??= Float32Array.from({ length: 1 << 16 }, (_, half) => halfValue(half));
  for (let i = 0; i < bits.length; i++) out[i] = halves[bits[i] ?? 0] ?? NaN;
}

/** The value of every pattern of 16 bits: a hundred million of them are converted when a model is read. */
let halves: Float32Array | undefined;

function halfValue(half: number): number {
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  const magnitude =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction === 0
          ? Infinity
          : NaN
        : (1024 + fraction) * 2 ** (exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}

/** bfloat16 bits are the upper half of a float32's. */
export function bfloatToFloat32(bits: Uint16Array, out: Float32Array): void {
  const words = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < bits.length; i++) words[i] = (bits[i] ?? 0) << 16;
}
