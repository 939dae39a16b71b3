// Masked convolutions: the neighbours of every pixel laid out as rows of a matrix, for gemm.c to multiply, and the gate
// tanh(f) · sigmoid(g) that gated stacks put behind it.
#include "runtime.h"
#include "vecMath.h"

typedef struct {
  const float *x;
  float *columns;
  const double *offsets; // pairs: rows down, columns right
  size_t height, width, channels, taps, rows, perChunk;
} Unfold;

static void unfoldTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Unfold *t = context;
  const ptrdiff_t height = (ptrdiff_t)t->height, width = (ptrdiff_t)t->width;
  const size_t c = t->channels, end = minSize(t->rows, (chunk + (size_t)1) * t->perChunk);
  for (size_t pixel = chunk * t->perChunk; pixel < end; pixel++) {
    const size_t inImage = pixel % (t->height * t->width);
    const ptrdiff_t row = (ptrdiff_t)(inImage / t->width), column = (ptrdiff_t)(inImage % t->width);
    const float *here = t->x + pixel * c;
    float *to = t->columns + pixel * t->taps * c;
    for (size_t tap = 0; tap < t->taps; tap++, to += c) {
      const ptrdiff_t down = (ptrdiff_t)t->offsets[2 * tap], right = (ptrdiff_t)t->offsets[2 * tap + 1];
      const int inside = row + down >= 0 && row + down < height && column + right >= 0 && column + right < width;
      if (!inside) memset(to, 0, c * sizeof(float));
      else if (c == 1) *to = here[down * width + right];
      else memcpy(to, here + (down * width + right) * (ptrdiff_t)c, c * sizeof(float));
    }
  }
}

// x, columns, table of offsets, batch, height, width, channels, taps
static int32_t kernelUnfold(const double *a) {
  Unfold t = {.x = F32(0), .columns = F32(1), .offsets = heapAt(a[2]), .height = SIZE(4), .width = SIZE(5),
              .channels = SIZE(6), .taps = SIZE(7)};
  t.rows = SIZE(3) * t.height * t.width;
  t.perChunk = maxSize(1, CHUNK / maxSize(1, t.taps * t.channels));
  parallelFor((uint32_t)ceilDiv(t.rows, t.perChunk), unfoldTask, &t);
  return 0;
}

typedef struct {
  const float *x, *dy;
  float *out;
  size_t rows, n, perChunk;
} Gate;

static void gateTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Gate *t = context;
  const size_t n = t->n, end = minSize(t->rows, (chunk + (size_t)1) * t->perChunk);
  for (size_t row = chunk * t->perChunk; row < end; row++) {
    const float *f = t->x + row * 2 * n, *g = f + n;
    for (size_t i = 0; i < n; i += VW) {
      const vf y = tanhLanes(loadUpTo(f + i, n - i)) * sigmoidLanes(loadUpTo(g + i, n - i));
      storeUpTo(t->out + row * n + i, y, n - i);
    }
  }
}

static void gateGradTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Gate *t = context;
  const size_t n = t->n, end = minSize(t->rows, (chunk + (size_t)1) * t->perChunk);
  for (size_t row = chunk * t->perChunk; row < end; row++) {
    const float *f = t->x + row * 2 * n, *g = f + n;
    float *df = t->out + row * 2 * n, *dg = df + n;
    for (size_t i = 0; i < n; i += VW) {
      const vf d = loadUpTo(t->dy + row * n + i, n - i);
      const vf tanhF = tanhLanes(loadUpTo(f + i, n - i)), sigmoidG = sigmoidLanes(loadUpTo(g + i, n - i));
      storeUpTo(df + i, d * sigmoidG * (splat(1) - tanhF * tanhF), n - i);
      storeUpTo(dg + i, d * tanhF * sigmoidG * (splat(1) - sigmoidG), n - i);
    }
  }
}

// x [rows, 2n], y [rows, n], rows, n
static int32_t kernelGate(const double *a) {
  Gate t = {.x = F32(0), .out = F32(1), .rows = SIZE(2), .n = SIZE(3)};
  t.perChunk = maxSize(1, CHUNK / 8 / maxSize(1, t.n));
  parallelFor((uint32_t)ceilDiv(t.rows, t.perChunk), gateTask, &t);
  return 0;
}

// x [rows, 2n], dy [rows, n], dx [rows, 2n], rows, n
static int32_t kernelGateGrad(const double *a) {
  Gate t = {.x = F32(0), .dy = F32(1), .out = F32(2), .rows = SIZE(3), .n = SIZE(4)};
  t.perChunk = maxSize(1, CHUNK / 8 / maxSize(1, t.n));
  parallelFor((uint32_t)ceilDiv(t.rows, t.perChunk), gateGradTask, &t);
  return 0;
}
