// Moving elements without computing: one strided copy that transpose, slice, concat, tile, pad, reverse and
// broadcast are all made of, conversions between dtypes, fill, and the choice between two arrays.
#include "lanes.h"
#include "runtime.h"

#define COPY_RANK 8

typedef struct {
  const char *from;
  char *to;
  size_t size, rank, outer, perChunk;
  size_t dims[COPY_RANK];
  ptrdiff_t fromStride[COPY_RANK], toStride[COPY_RANK]; // bytes
} Copy;

#define STRIDED_LOOP(type)                                                      \
  for (size_t i = 0; i < n; i++) *(type *)(to + (ptrdiff_t)i * toStep) = *(const type *)(from + (ptrdiff_t)i * fromStep);

static void copyLine(const char *from, ptrdiff_t fromStep, char *to, ptrdiff_t toStep, size_t n, size_t size) {
  if (fromStep == (ptrdiff_t)size && toStep == (ptrdiff_t)size) memcpy(to, from, n * size);
  else if (size == 4) STRIDED_LOOP(uint32_t)
  else STRIDED_LOOP(uint8_t)
}

static void copyTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Copy *c = context;
  const size_t inner = c->rank - 1, end = minSize(c->outer, (chunk + (size_t)1) * c->perChunk);
  size_t index[COPY_RANK] = {0}, rest = chunk * c->perChunk;
  ptrdiff_t from = 0, to = 0;
  for (size_t d = inner; d-- > 0;) {
    index[d] = rest % c->dims[d];
    rest /= c->dims[d];
    from += (ptrdiff_t)index[d] * c->fromStride[d];
    to += (ptrdiff_t)index[d] * c->toStride[d];
  }
  for (size_t line = chunk * c->perChunk; line < end; line++) {
    copyLine(c->from + from, c->fromStride[inner], c->to + to, c->toStride[inner], c->dims[inner], c->size);
    for (size_t d = inner; d-- > 0;) { // the next line, odometer fashion
      from += c->fromStride[d];
      to += c->toStride[d];
      if (++index[d] < c->dims[d]) break;
      from -= (ptrdiff_t)c->dims[d] * c->fromStride[d];
      to -= (ptrdiff_t)c->dims[d] * c->toStride[d];
      index[d] = 0;
    }
  }
}

// from, to, element size (4 or 1), rank, then (dimension, stride from, stride to) in elements, outermost first
static int32_t kernelCopy(const double *a) {
  Copy c = {.from = heapAt(a[0]), .to = heapAt(a[1]), .size = SIZE(2), .rank = SIZE(3), .outer = 1};
  for (size_t d = 0; d < c.rank; d++) {
    c.dims[d] = SIZE(4 + 3 * d);
    c.fromStride[d] = (ptrdiff_t)a[5 + 3 * d] * (ptrdiff_t)c.size;
    c.toStride[d] = (ptrdiff_t)a[6 + 3 * d] * (ptrdiff_t)c.size;
    if (d + 1 < c.rank) c.outer *= c.dims[d];
  }
  c.perChunk = maxSize(1, 2 * CHUNK / c.dims[c.rank - 1]);
  parallelFor((uint32_t)ceilDiv(c.outer, c.perChunk), copyTask, &c);
  return 0;
}

// JavaScript's ToInt32: truncated, modulo 2^32, NaN and infinities 0.
static int32_t toInt32(float x) {
  if (x >= -2147483648.0f && x < 2147483648.0f) return (int32_t)x;
  if (x != x || x - x != 0) return 0;
  uint32_t bits;
  memcpy(&bits, &x, 4);
  const int shift = (int)(bits >> 23 & 0xff) - 150;
  const uint32_t mantissa = (bits & 0x7fffff) | 0x800000, low = shift < 32 ? mantissa << shift : 0;
  return (int32_t)(bits >> 31 ? -low : low);
}

#define CAST_LOOP(from, to, expression)                         \
  for (size_t i = 0; i < n; i++) {                              \
    const from v = ((const from *)x)[i];                        \
    ((to *)y)[i] = (to)(expression);                            \
  }                                                             \
  break;

// kind, x, y, n: 0 float→int, 1 float→bool, 2 int→float, 3 int→bool, 4 bool→float, 5 bool→int, 6 not
static int32_t kernelCast(const double *a) {
  const void *x = heapAt(a[1]);
  void *y = heapAt(a[2]);
  const size_t n = SIZE(3);
  switch (INT(0)) {
    case 0: CAST_LOOP(float, int32_t, toInt32(v))
    case 1: CAST_LOOP(float, uint8_t, v != 0)
    case 2: CAST_LOOP(int32_t, float, v)
    case 3: CAST_LOOP(int32_t, uint8_t, v != 0)
    case 4: CAST_LOOP(uint8_t, float, v)
    case 5: CAST_LOOP(uint8_t, int32_t, v)
    default: CAST_LOOP(uint8_t, uint8_t, !v)
  }
  return 0;
}

// to, element size, n, value: a float32, or the bits of an int32 or a byte when the fifth argument is 1
static int32_t kernelFill(const double *a) {
  const size_t n = SIZE(2);
  if (SIZE(1) == 1) {
    memset(heapAt(a[0]), INT(3), n);
  } else if (a[4] == 1) {
    int32_t *to = I32(0), value = INT(3);
    for (size_t i = 0; i < n; i++) to[i] = value;
  } else {
    float *to = F32(0), value = (float)a[3];
    for (size_t i = 0; i < n; i++) to[i] = value;
  }
  return 0;
}

// condition (bool), yes, no, out, element size, n, elements of yes per element of condition
static int32_t kernelSelect(const double *a) {
  const uint8_t *condition = U8(0);
  const char *yes = heapAt(a[1]), *no = heapAt(a[2]);
  char *out = heapAt(a[3]);
  const size_t size = SIZE(4), n = SIZE(5), per = SIZE(6);
  if (per == 1 && size == 4) {
    for (size_t i = 0; i < n; i++) ((int32_t *)out)[i] = condition[i] ? ((int32_t *)yes)[i] : ((int32_t *)no)[i];
  } else {
    for (size_t i = 0; i < n; i++) memcpy(out + i * per * size, (condition[i] ? yes : no) + i * per * size, per * size);
  }
  return 0;
}
