// Softmax of rows, and the row pieces that cross entropy, scoring and attention share.
// NaN anywhere in a row makes the whole row NaN.
#include "runtime.h"
#include "vecMath.h"

static float rowMax(const float *x, size_t n) {
  vf best = splat(-__builtin_inff());
  size_t i = 0;
  for (; i + VW <= n; i += VW) best = maxNan(load(x + i), best);
  float result = maxLanes(best);
  for (; i < n; i++)
    if (x[i] > result || x[i] != x[i]) result = x[i];
  return result;
}

// y = exp(x - shift); returns the sum. y may be x. Lanes past the end do not count.
static float rowExp(const float *x, float *y, size_t n, float shift) {
  vf sum = zeros();
  size_t i = 0;
  for (; i + VW <= n; i += VW) {
    vf e = expLanes(load(x + i) - shift);
    store(y + i, e);
    sum = sum + e;
  }
  if (i < n) {
    vf e = expLanes(loadPart(x + i, n - i) - shift);
    storePart(y + i, e, n - i);
    sum = sum + loadPart(y + i, n - i);
  }
  return sumLanes(sum);
}

static float rowExpSum(const float *x, size_t n, float shift) {
  vf sum = zeros();
  size_t i = 0;
  for (; i + VW <= n; i += VW) sum = sum + expLanes(load(x + i) - shift);
  if (i < n) {
    float tail[VW] = {0};
    storePart(tail, expLanes(loadPart(x + i, n - i) - shift), n - i);
    sum = sum + load(tail);
  }
  return sumLanes(sum);
}

static void rowScale(float *x, size_t n, float factor) {
  for (size_t i = 0; i < n; i += VW) storeUpTo(x + i, loadUpTo(x + i, n - i) * factor, n - i);
}

static void softmaxRow(const float *x, float *y, size_t n) {
  const float sum = rowExp(x, y, n, rowMax(x, n));
  rowScale(y, n, 1.0f / sum);
}

static float rowLogSumExp(const float *x, size_t n) {
  const float shift = rowMax(x, n);
  if (shift - shift != 0) return shift; // infinite or NaN: subtracting it would lose which
  return shift + logOne(rowExpSum(x, n, shift));
}

typedef struct {
  const float *x;
  float *y;
  size_t rows, n;
} Softmax;

static void softmaxTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Softmax *s = context;
  const size_t per = maxSize(1, CHUNK / 4 / s->n), end = minSize(s->rows, (chunk + (size_t)1) * per);
  for (size_t i = chunk * per; i < end; i++) softmaxRow(s->x + i * s->n, s->y + i * s->n, s->n);
}

// x, y, rows, n
static int32_t kernelSoftmax(const double *a) {
  Softmax s = {F32(0), F32(1), SIZE(2), SIZE(3)};
  parallelFor((uint32_t)ceilDiv(s.rows, maxSize(1, CHUNK / 4 / s.n)), softmaxTask, &s);
  return 0;
}
