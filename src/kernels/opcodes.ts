// The numbers by which TypeScript names C kernels and their variants. Must stay equal to c/ops.h, c/unary.c and
// c/binary.c; opcodes.test.ts reads those files and compares.

const kernelNames = [
  ...['Unary', 'Binary', 'Copy', 'Cast', 'Fill', 'Select', 'Reduce', 'ReduceInt', 'ReduceBool', 'ArgExtreme'],
  ...['Cumsum', 'Softmax', 'LayerNorm', 'LayerNormGrad', 'Linear', 'LinearGrad', 'BatchMatMul', 'Dropout'],
  ...['Attention', 'AttentionGrad', 'DecodeAttention', 'CrossEntropy', 'CrossEntropyGrad', 'ScoreRows'],
  ...['Embedding', 'EmbeddingGrad', 'SegmentSum', 'Gather', 'OneHot', 'TopK', 'AdamW', 'GlobalNorm'],
  ...['RmsNorm', 'RmsNormGrad', 'Rope', 'Gated', 'GatedGrad'],
  ...['Convolve', 'ConvolveGrad', 'Gate', 'GateGrad'],
  ...['PixelSteps'],
] as const;
const unaryNames = [
  ...['abs', 'neg', 'exp', 'log', 'sqrt', 'rsqrt', 'square', 'reciprocal', 'sign', 'floor', 'ceil', 'round'],
  ...['relu', 'relu6', 'leakyRelu', 'elu', 'selu', 'sigmoid', 'tanh', 'softplus', 'erf', 'step', 'clip'],
] as const;
const binaryNames = [
  'add',
  'sub',
  'mul',
  'div',
  'max',
  'min',
  'squaredDifference',
  'eluGrad',
  'prelu',
] as const;
const intNames = ['intAdd', 'intSub', 'intMul', 'intMax', 'intMin'] as const;
const compareNames = ['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'] as const;

export type KernelName = (typeof kernelNames)[number];
export type UnaryName = (typeof unaryNames)[number];
export type BinaryName = (typeof binaryNames)[number];
export type IntName = (typeof intNames)[number];
export type CompareName = (typeof compareNames)[number];

export const Kernel = numbered(kernelNames, 0);
/** The names in order, as the addon states its own. */
export const kernelList = kernelNames.join(' ');
export const UnaryKind = numbered(unaryNames, 0);
export const BinaryKind = numbered(binaryNames, 0);
export const IntKind = numbered(intNames, binaryNames.length);
/** Each comparison has three numbers in a row: of float32, of int32 and of bool. */
export const CompareKind = numbered(compareNames, binaryNames.length + intNames.length, 3);
export const LogicalKind = numbered(
  ['and', 'or'] as const,
  binaryNames.length + intNames.length + 3 * compareNames.length,
);
export const ReduceKind = numbered(['sum', 'max', 'min', 'prod'] as const, 0);

function numbered<const N extends string>(names: readonly N[], first: number, step = 1): Record<N, number> {
  return Object.fromEntries(names.map((name, index) => [name, first + index * step])) as Record<N, number>;
}
