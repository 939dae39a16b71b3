// All kernels as one translation unit, compiled once per instruction set under its own table name. Everything else
// is static, so that several instruction sets link into one addon.
#include "ops.h"

#include "gemm.c"
#include "unary.c"
#include "binary.c"
#include "copy.c"
#include "reduce.c"
#include "softmax.c"
#include "layerNorm.c"
#include "rmsNorm.c"
#include "rope.c"
#include "gated.c"
#include "linear.c"
#include "dropout.c"
#include "attention.c"
#include "decodeAttention.c"
#include "crossEntropy.c"
#include "indexing.c"
#include "adamw.c"
#include "convolution.c"
#include "pixelSteps.c"

#ifndef KERNEL_TABLE
#define KERNEL_TABLE arKernels
#endif

#define KERNEL_ENTRY(name) kernel##name,
extern const Kernel KERNEL_TABLE[];
const Kernel KERNEL_TABLE[] = {KERNEL_LIST(KERNEL_ENTRY)};
