// Elementwise functions of two arrays with broadcasting. The caller has merged dimensions that broadcast alike, so
// that along the last one each operand either advances by one or stands still.
// `kind` is the position in a list below; binaryKinds, compareKinds and intKinds in opcodes.ts hold the same lists.
#include "runtime.h"
#include "vecMath.h"

#define MAX_RANK 8

typedef struct {
  int kind;
  const void *x, *y;
  void *out;
  size_t rank, rows, inner, innerPerChunk, chunksPerRow, rowsPerChunk;
  size_t dims[MAX_RANK], xStride[MAX_RANK], yStride[MAX_RANK]; // of all dimensions but the last
  size_t xInner, yInner;                                       // 0 or 1
} Binary;

typedef void (*BinaryRow)(const void *x, size_t xs, const void *y, size_t ys, void *out, size_t n);

#define BINARY_LIST(F)                              \
  F(add, p + q)                                     \
  F(sub, p - q)                                     \
  F(mul, p *q)                                      \
  F(div, p / q)                                     \
  F(max, maxNan(p, q))                              \
  F(min, minNan(p, q))                              \
  F(squaredDifference, (p - q) * (p - q))           \
  F(eluGrad, pick(q >= zeros(), p, p * (q + 1.0f))) \
  F(prelu, pick(p < zeros(), p * q, p))

#define BINARY_BODY(name, expression)                                                                 \
  static void name##Row(const void *xv, size_t xs, const void *yv, size_t ys, void *ov, size_t n) {   \
    const float *x = xv, *y = yv;                                                                     \
    float *out = ov;                                                                                  \
    for (size_t i = 0; i < n; i += VW) {                                                              \
      vf p = xs ? loadUpTo(x + i, n - i) : splat(*x);                                                 \
      vf q = ys ? loadUpTo(y + i, n - i) : splat(*y);                                                 \
      storeUpTo(out + i, expression, n - i);                                                          \
    }                                                                                                 \
  }
BINARY_LIST(BINARY_BODY)

// Integers wrap as JavaScript's Int32Array does.
#define INT_LIST(F)                                                   \
  F(intAdd, (int32_t)((uint32_t)p + (uint32_t)q))                     \
  F(intSub, (int32_t)((uint32_t)p - (uint32_t)q))                     \
  F(intMul, (int32_t)((uint32_t)p * (uint32_t)q))                     \
  F(intMax, p > q ? p : q)                                            \
  F(intMin, p < q ? p : q)

#define COMPARE_LIST(F) \
  F(equal, p == q)      \
  F(notEqual, p != q)   \
  F(less, p < q)        \
  F(lessEqual, p <= q)  \
  F(greater, p > q)     \
  F(greaterEqual, p >= q)

#define SCALAR_BODY(name, expression, in, outType)                                                    \
  static void name##Row(const void *xv, size_t xs, const void *yv, size_t ys, void *ov, size_t n) {   \
    const in *x = xv, *y = yv;                                                                        \
    outType *out = ov;                                                                                \
    for (size_t i = 0; i < n; i++) {                                                                  \
      in p = x[i * xs], q = y[i * ys];                                                                \
      out[i] = (outType)(expression);                                                                 \
    }                                                                                                 \
  }
#define INT_BODY(name, expression) SCALAR_BODY(name, expression, int32_t, int32_t)
#define COMPARE_BODY(name, expression)                        \
  SCALAR_BODY(name##Float, expression, float, uint8_t)        \
  SCALAR_BODY(name##Int, expression, int32_t, uint8_t)        \
  SCALAR_BODY(name##Bool, expression, uint8_t, uint8_t)
INT_LIST(INT_BODY)
COMPARE_LIST(COMPARE_BODY)
SCALAR_BODY(logicalAnd, p &&q, uint8_t, uint8_t)
SCALAR_BODY(logicalOr, p || q, uint8_t, uint8_t)

#define ROW_ENTRY(name, expression) name##Row,
#define COMPARE_ENTRY(name, expression) name##FloatRow, name##IntRow, name##BoolRow,
static const BinaryRow binaryRows[] = {BINARY_LIST(ROW_ENTRY) INT_LIST(ROW_ENTRY) COMPARE_LIST(COMPARE_ENTRY)
                                           logicalAndRow, logicalOrRow};

#define ONE(name, expression) +1
enum {
  FIRST_COMPARE = 0 BINARY_LIST(ONE) INT_LIST(ONE),
  FIRST_LOGICAL = FIRST_COMPARE + 3 * (0 COMPARE_LIST(ONE)), // of float, int and bool each
};

static void binaryTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Binary *b = context;
  const int boolOut = b->kind >= FIRST_COMPARE;
  const int boolIn = boolOut && (b->kind >= FIRST_LOGICAL || (b->kind - FIRST_COMPARE) % 3 == 2);
  const size_t inSize = boolIn ? 1 : 4, outSize = boolOut ? 1 : 4;
  const size_t row0 = chunk / b->chunksPerRow * b->rowsPerChunk;
  const size_t row1 = minSize(b->rows, row0 + b->rowsPerChunk);
  const size_t from = chunk % b->chunksPerRow * b->innerPerChunk;
  const size_t count = minSize(b->innerPerChunk, b->inner - from);
  for (size_t row = row0; row < row1; row++) {
    size_t xo = from * b->xInner, yo = from * b->yInner, rest = row;
    for (size_t d = b->rank; d-- > 0;) {
      const size_t index = rest % b->dims[d];
      rest /= b->dims[d];
      xo += index * b->xStride[d];
      yo += index * b->yStride[d];
    }
    binaryRows[b->kind]((const char *)b->x + xo * inSize, b->xInner, (const char *)b->y + yo * inSize, b->yInner,
                        (char *)b->out + (row * b->inner + from) * outSize, count);
  }
}

// kind, x, y, out, rank, then (dimension, stride of x, stride of y) outermost first; the last strides are 0 or 1
static int32_t kernelBinary(const double *a) {
  Binary b = {.kind = INT(0), .x = heapAt(a[1]), .y = heapAt(a[2]), .out = heapAt(a[3]), .rows = 1};
  b.rank = SIZE(4) - 1;
  for (size_t d = 0; d < b.rank; d++) {
    b.dims[d] = SIZE(5 + 3 * d);
    b.xStride[d] = SIZE(6 + 3 * d);
    b.yStride[d] = SIZE(7 + 3 * d);
    b.rows *= b.dims[d];
  }
  b.inner = SIZE(5 + 3 * b.rank);
  b.xInner = SIZE(6 + 3 * b.rank);
  b.yInner = SIZE(7 + 3 * b.rank);
  b.innerPerChunk = minSize(b.inner, CHUNK);
  b.chunksPerRow = ceilDiv(b.inner, b.innerPerChunk);
  b.rowsPerChunk = b.chunksPerRow > 1 ? 1 : maxSize(1, CHUNK / b.inner);
  parallelFor((uint32_t)(ceilDiv(b.rows, b.rowsPerChunk) * b.chunksPerRow), binaryTask, &b);
  return 0;
}
