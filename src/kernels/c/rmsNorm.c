// Root-mean-square normalisation of rows and its gradient.
#include "runtime.h"
#include "vecMath.h"

typedef struct {
  const float *dy, *x, *gain;
  float *out, *rstd;
  size_t rows, n, rowsPerChunk;
  float epsilon;
} RmsNorm;

static void rmsNormTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const RmsNorm *t = context;
  const size_t n = t->n, end = minSize(t->rows, (chunk + (size_t)1) * t->rowsPerChunk);
  for (size_t row = chunk * t->rowsPerChunk; row < end; row++) {
    const float *x = t->x + row * n;
    float *y = t->out + row * n;
    vf squares = zeros();
    for (size_t i = 0; i < n; i += VW) {
      vf v = loadUpTo(x + i, n - i);
      squares = fmadd(v, v, squares);
    }
    const float rstd = 1.0f / __builtin_sqrtf(sumLanes(squares) / (float)n + t->epsilon);
    t->rstd[row] = rstd;
    for (size_t i = 0; i < n; i += VW)
      storeUpTo(y + i, loadUpTo(x + i, n - i) * rstd * loadUpTo(t->gain + i, n - i), n - i);
  }
}

// x, gain, y, rstd, rows, n, epsilon
static int32_t kernelRmsNorm(const double *a) {
  RmsNorm t = {NULL, F32(0), F32(1), F32(2), F32(3), SIZE(4), SIZE(5), 0, (float)a[6]};
  t.rowsPerChunk = maxSize(1, CHUNK / 4 / maxSize(1, t.n));
  parallelFor((uint32_t)ceilDiv(t.rows, t.rowsPerChunk), rmsNormTask, &t);
  return 0;
}

static void rmsNormGradTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const RmsNorm *t = context;
  const size_t n = t->n, end = minSize(t->rows, (chunk + (size_t)1) * t->rowsPerChunk);
  float *dgain = arRuntime.packed + (size_t)chunk * n;
  memset(dgain, 0, n * sizeof(float));
  for (size_t row = chunk * t->rowsPerChunk; row < end; row++) {
    const float *dy = t->dy + row * n, *x = t->x + row * n;
    float *dx = t->out + row * n;
    const float rstd = t->rstd[row];
    vf dot = zeros();
    for (size_t i = 0; i < n; i += VW) {
      const size_t count = n - i;
      vf g = loadUpTo(dy + i, count), normal = loadUpTo(x + i, count) * rstd;
      dot = fmadd(g * loadUpTo(t->gain + i, count), normal, dot);
      storeUpTo(dgain + i, fmadd(g, normal, loadUpTo(dgain + i, count)), count);
    }
    const float meanDot = sumLanes(dot) / (float)n;
    for (size_t i = 0; i < n; i += VW) {
      const size_t count = n - i;
      vf scaled = loadUpTo(dy + i, count) * loadUpTo(t->gain + i, count);
      storeUpTo(dx + i, (scaled - loadUpTo(x + i, count) * rstd * meanDot) * rstd, count);
    }
  }
}

// dy, x, gain, rstd, dx, dgain, rows, n
static int32_t kernelRmsNormGrad(const double *a) {
  RmsNorm t = {F32(0), F32(1), F32(2), F32(4), F32(3), SIZE(6), SIZE(7), 0, 0};
  // Few enough chunks for the partial sums to fit and to be cheap, by shape alone.
  const size_t fit = maxSize(1, arRuntime.packedFloats / maxSize(1, t.n));
  t.rowsPerChunk = maxSize(8, ceilDiv(t.rows, minSize(fit, 64)));
  const size_t chunks = ceilDiv(t.rows, t.rowsPerChunk);
  parallelFor((uint32_t)chunks, rmsNormGradTask, &t);
  float *total = F32(5);
  memset(total, 0, t.n * sizeof(float));
  for (size_t chunk = 0; chunk < chunks; chunk++)
    for (size_t i = 0; i < t.n; i++) total[i] += arRuntime.packed[chunk * t.n + i];
  return 0;
}
