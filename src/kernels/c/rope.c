// Rotary positions: the first pairs of channels of the first heads of each row turn by their position's angles.
#include "runtime.h"
#include "vecMath.h"

typedef struct {
  const float *x, *cosines, *sines;
  float *y;
  size_t rows, time, heads, turned, size, half, start, rowsPerChunk;
  float sign;
} Rope;

static void ropeTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Rope *t = context;
  const size_t half = t->half, width = t->heads * t->size;
  const size_t end = minSize(t->rows, (chunk + (size_t)1) * t->rowsPerChunk);
  for (size_t row = chunk * t->rowsPerChunk; row < end; row++) {
    const size_t at = (t->start + row % t->time) * half;
    const float *cosines = t->cosines + at, *sines = t->sines + at;
    for (size_t head = 0; head < t->turned; head++) {
      const float *x = t->x + row * width + head * t->size;
      float *y = t->y + row * width + head * t->size;
      for (size_t i = 0; i < half; i += VW) {
        const size_t count = half - i;
        vf first = loadUpTo(x + i, count), second = loadUpTo(x + half + i, count);
        vf c = loadUpTo(cosines + i, count), s = loadUpTo(sines + i, count) * t->sign;
        storeUpTo(y + i, first * c - second * s, count);
        storeUpTo(y + half + i, second * c + first * s, count);
      }
      memcpy(y + 2 * half, x + 2 * half, (t->size - 2 * half) * sizeof(float));
    }
    const size_t done = row * width + t->turned * t->size;
    memcpy(t->y + done, t->x + done, (t->heads - t->turned) * t->size * sizeof(float));
  }
}

// x, cosines, sines, y, rows (B T), T, heads, turned, D, R/2, start, back: the other way round
static int32_t kernelRope(const double *a) {
  Rope t = {F32(0), F32(1), F32(2), F32(3), SIZE(4), SIZE(5), SIZE(6), SIZE(7), SIZE(8), SIZE(9), SIZE(10), 0,
            a[11] == 1 ? -1.0f : 1.0f};
  t.rowsPerChunk = maxSize(1, CHUNK / maxSize(1, t.heads * t.size));
  parallelFor((uint32_t)ceilDiv(t.rows, t.rowsPerChunk), ropeTask, &t);
  return 0;
}
