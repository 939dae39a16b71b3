// Layer normalisation of rows and its gradient. Mean and variance take two passes over a row that is in cache, in
// float lanes: rows are short, and the second pass does not cancel.
#include "runtime.h"
#include "vecMath.h"

typedef struct {
  const float *dy, *x, *gain, *bias;
  float *out, *mean, *rstd;
  size_t rows, n, rowsPerChunk;
  float epsilon;
} LayerNorm;

static float rowSum(const float *x, size_t n) {
  vf s = zeros();
  for (size_t i = 0; i < n; i += VW) s = s + loadUpTo(x + i, n - i);
  return sumLanes(s);
}

static float rowSquares(const float *x, size_t n, float mean) {
  vf s = zeros();
  size_t i = 0;
  for (; i + VW <= n; i += VW) {
    vf d = load(x + i) - mean;
    s = fmadd(d, d, s);
  }
  float sum = sumLanes(s);
  for (; i < n; i++) sum += (x[i] - mean) * (x[i] - mean);
  return sum;
}

static void layerNormTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const LayerNorm *t = context;
  const size_t n = t->n, end = minSize(t->rows, (chunk + (size_t)1) * t->rowsPerChunk);
  for (size_t row = chunk * t->rowsPerChunk; row < end; row++) {
    const float *x = t->x + row * n;
    float *y = t->out + row * n;
    const float mean = rowSum(x, n) / (float)n;
    const float rstd = 1.0f / __builtin_sqrtf(rowSquares(x, n, mean) / (float)n + t->epsilon);
    t->mean[row] = mean;
    t->rstd[row] = rstd;
    for (size_t i = 0; i < n; i += VW) {
      vf normal = (loadUpTo(x + i, n - i) - mean) * rstd;
      storeUpTo(y + i, fmadd(normal, loadUpTo(t->gain + i, n - i), loadUpTo(t->bias + i, n - i)), n - i);
    }
  }
}

// x, gain, bias, y, mean, rstd, rows, n, epsilon
static int32_t kernelLayerNorm(const double *a) {
  LayerNorm t = {NULL, F32(0), F32(1), F32(2), F32(3), F32(4), F32(5), SIZE(6), SIZE(7), 0, (float)a[8]};
  t.rowsPerChunk = maxSize(1, CHUNK / 4 / maxSize(1, t.n));
  parallelFor((uint32_t)ceilDiv(t.rows, t.rowsPerChunk), layerNormTask, &t);
  return 0;
}

static void layerNormGradTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const LayerNorm *t = context;
  const size_t n = t->n, end = minSize(t->rows, (chunk + (size_t)1) * t->rowsPerChunk);
  float *dgain = arRuntime.packed + (size_t)chunk * 2 * n, *dbias = dgain + n;
  memset(dgain, 0, 2 * n * sizeof(float));
  for (size_t row = chunk * t->rowsPerChunk; row < end; row++) {
    const float *dy = t->dy + row * n, *x = t->x + row * n;
    float *dx = t->out + row * n;
    const float mean = t->mean[row], rstd = t->rstd[row];
    vf sum = zeros(), dot = zeros();
    for (size_t i = 0; i < n; i += VW) {
      const size_t count = n - i;
      vf g = loadUpTo(dy + i, count), scaled = g * loadUpTo(t->gain + i, count);
      vf normal = (loadUpTo(x + i, count) - mean) * rstd;
      sum = sum + scaled;
      dot = fmadd(scaled, normal, dot); // lanes past the end have scaled = 0
      storeUpTo(dgain + i, fmadd(g, normal, loadUpTo(dgain + i, count)), count);
      storeUpTo(dbias + i, loadUpTo(dbias + i, count) + g, count);
    }
    const float meanSum = sumLanes(sum) / (float)n, meanDot = sumLanes(dot) / (float)n;
    for (size_t i = 0; i < n; i += VW) {
      const size_t count = n - i;
      vf scaled = loadUpTo(dy + i, count) * loadUpTo(t->gain + i, count);
      vf normal = (loadUpTo(x + i, count) - mean) * rstd;
      storeUpTo(dx + i, (scaled - meanSum - normal * meanDot) * rstd, count);
    }
  }
}

// dy, x, gain, mean, rstd, dx, dgain, dbias, rows, n
static int32_t kernelLayerNormGrad(const double *a) {
  LayerNorm t = {F32(0), F32(1), F32(2), NULL, F32(5), F32(3), F32(4), SIZE(8), SIZE(9), 0, 0};
  // Few enough chunks for the partial sums to fit and to be cheap, by shape alone.
  const size_t fit = maxSize(1, arRuntime.packedFloats / (2 * t.n));
  t.rowsPerChunk = maxSize(8, ceilDiv(t.rows, minSize(fit, 64)));
  const size_t chunks = ceilDiv(t.rows, t.rowsPerChunk);
  parallelFor((uint32_t)chunks, layerNormGradTask, &t);
  for (int which = 0; which < 2; which++) {
    float *total = which ? F32(7) : F32(6);
    memset(total, 0, t.n * sizeof(float));
    for (size_t chunk = 0; chunk < chunks; chunk++) {
      const float *part = arRuntime.packed + (2 * chunk + (size_t)which) * t.n;
      for (size_t i = 0; i < t.n; i++) total[i] += part[i];
    }
  }
  return 0;
}
