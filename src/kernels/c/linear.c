// Products of whole tensors: the fused linear layer, its gradient, and batches of matrices.
#include "gemm.h"
#include "vecMath.h"

typedef struct {
  const float *dy, *u;
  float *du, *db;
  size_t rows, n, rowsPerChunk;
} LinearGrad;

// x, w, bias?, c, activated?, M, N, K, transposeW. c is u with an activation and y without.
static int32_t kernelLinear(const double *a) {
  const size_t n = SIZE(6), k = SIZE(7);
  const int transposed = a[8] == 1;
  Gemm g = {.a = F32(0), .aRow = k, .aCol = 1, .b = F32(1), .bRow = transposed ? 1 : n, .bCol = transposed ? k : 1,
            .c = F32(3), .ldc = n, .m = SIZE(5), .n = n, .k = k, .bias = F32_OR_NULL(2), .activated = F32_OR_NULL(4)};
  gemm(&g);
  return 0;
}

// Back through the activation, and the columns' sums of a block of rows while they are in cache.
static void linearGradTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const LinearGrad *t = context;
  const size_t n = t->n, end = minSize(t->rows, (chunk + (size_t)1) * t->rowsPerChunk);
  float *sums = t->db ? arRuntime.packed + (size_t)chunk * n : NULL;
  if (sums) memset(sums, 0, n * sizeof(float));
  for (size_t row = chunk * t->rowsPerChunk; row < end; row++) {
    for (size_t i = 0; i < n; i += VW) {
      const size_t at = row * n + i, count = n - i;
      vf d = loadUpTo(t->dy + at, count);
      if (t->u) {
        d = d * geluSlopeLanes(loadUpTo(t->u + at, count));
        storeUpTo(t->du + at, d, count);
      }
      if (sums) storeUpTo(sums + i, loadUpTo(sums + i, count) + d, count);
    }
  }
}

// dy, x, w, u?, dx, dw, db?, du (scratch [M, N], with u), M, N, K, transposeW
static int32_t kernelLinearGrad(const double *a) {
  const size_t m = SIZE(8), n = SIZE(9), k = SIZE(10);
  const int transposed = a[11] == 1;
  LinearGrad t = {F32(0), F32_OR_NULL(3), F32_OR_NULL(7), F32_OR_NULL(6), m, n, 0};
  if (t.u || t.db) {
    const size_t fit = maxSize(1, arRuntime.packedFloats / maxSize(1, n));
    t.rowsPerChunk = maxSize(4, ceilDiv(m, minSize(fit, 64)));
    const size_t chunks = ceilDiv(m, t.rowsPerChunk);
    parallelFor((uint32_t)chunks, linearGradTask, &t);
    if (t.db) {
      memset(t.db, 0, n * sizeof(float));
      for (size_t chunk = 0; chunk < chunks; chunk++)
        for (size_t i = 0; i < n; i++) t.db[i] += arRuntime.packed[chunk * n + i];
    }
  }
  const float *d = t.u ? t.du : t.dy;
  // dx [M, K] = d [M, N] w'; w' is w's own layout read the other way.
  Gemm dx = {.a = d, .aRow = n, .aCol = 1, .b = F32(2), .bRow = transposed ? k : 1, .bCol = transposed ? 1 : n,
             .c = F32(4), .ldc = k, .m = m, .n = k, .k = n};
  gemm(&dx);
  Gemm dw = {.a = F32(1), .aRow = 1, .aCol = k, .b = d, .bRow = n, .bCol = 1, .c = F32(5), .ldc = n, .m = k, .n = n, .k = m};
  Gemm dwTransposed = {.a = d, .aRow = 1, .aCol = n, .b = F32(1), .bRow = k, .bCol = 1, .c = F32(5), .ldc = k, .m = n, .n = k, .k = m};
  gemm(transposed ? &dwTransposed : &dw);
  return 0;
}

typedef struct {
  Gemm g;
  const double *offsets; // per matrix: a, b, c in bytes
} BatchMatMul;

static Gemm matrixAt(const BatchMatMul *t, size_t i) {
  Gemm g = t->g;
  g.a = heapAt(t->offsets[3 * i]);
  g.b = heapAt(t->offsets[3 * i + 1]);
  g.c = heapAt(t->offsets[3 * i + 2]);
  return g;
}

static void batchTask(const void *context, uint32_t chunk, uint32_t thread) {
  const Gemm g = matrixAt(context, chunk);
  gemmSerial(&g, threadScratch(thread));
}

// table (of doubles: offsets of a, b, c per matrix), matrices, M, N, K, transposeA, transposeB, bias?
static int32_t kernelBatchMatMul(const double *a) {
  const size_t count = SIZE(1), m = SIZE(2), n = SIZE(3), k = SIZE(4);
  const int ta = a[5] == 1, tb = a[6] == 1;
  BatchMatMul t = {.g = {.aRow = ta ? 1 : k, .aCol = ta ? m : 1, .bRow = tb ? 1 : n, .bCol = tb ? k : 1,
                         .ldc = n, .m = m, .n = n, .k = k, .bias = F32_OR_NULL(7)},
                   .offsets = heapAt(a[0])};
  if (count > 1 && m * n * k <= 1 << 22) {
    parallelFor((uint32_t)count, batchTask, &t);
  } else {
    for (size_t i = 0; i < count; i++) {
      const Gemm g = matrixAt(&t, i);
      gemm(&g);
    }
  }
  return 0;
}
