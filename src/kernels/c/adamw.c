// One AdamW step over all parameters, in place, and the norm of all gradients. torch.optim.AdamW's formula:
// p -= lr λ p;  m = β1 m + (1-β1) g;  v = β2 v + (1-β2) g²;  p -= lr/(1-β1^t) · m / (√v / √(1-β2^t) + ε).
#include "runtime.h"
#include "vecMath.h"

#define TENSOR_CHUNK 8192

// A table of doubles describes the tensors: per tensor the offsets of p, g, m, v, its size, its decay and the first
// chunk that belongs to it; the norm uses g and size alone.
enum { P, G, M, V, N, DECAY, FIRST, COLUMNS_OF_TABLE };

typedef struct {
  const double *table;
  size_t tensors;
  double learningRate;
  float beta2, fresh1, fresh2, epsilon, // fresh = 1 - beta, from doubles as torch does
      gradientScale, stepSize, rootCorrection;
  double *sums;
} Tensors;

static const double *tensorOfChunk(const Tensors *t, uint32_t chunk) {
  size_t low = 0, high = t->tensors - 1;
  while (low < high) {
    const size_t middle = (low + high + 1) / 2;
    if (t->table[middle * COLUMNS_OF_TABLE + FIRST] <= chunk) low = middle;
    else high = middle - 1;
  }
  return t->table + low * COLUMNS_OF_TABLE;
}

static void adamTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Tensors *t = context;
  const double *row = tensorOfChunk(t, chunk);
  const size_t from = (chunk - (size_t)row[FIRST]) * TENSOR_CHUNK, to = minSize((size_t)row[N], from + TENSOR_CHUNK);
  float *p = heapAt(row[P]), *m = heapAt(row[M]), *v = heapAt(row[V]);
  const float *g = heapAt(row[G]);
  const float keep = (float)(1.0 - t->learningRate * row[DECAY]);
  for (size_t i = from; i < to; i += VW) {
    const size_t count = to - i;
    vf gradient = loadUpTo(g + i, count) * t->gradientScale;
    vf first = fmadd(gradient - loadUpTo(m + i, count), splat(t->fresh1), loadUpTo(m + i, count));
    vf second = loadUpTo(v + i, count) * t->beta2 + gradient * gradient * t->fresh2;
    vf denominator = sqrtLanes(second) / t->rootCorrection + t->epsilon;
    storeUpTo(m + i, first, count);
    storeUpTo(v + i, second, count);
    storeUpTo(p + i, loadUpTo(p + i, count) * keep - t->stepSize * first / denominator, count);
  }
}

// table, tensors, chunks, learningRate, beta1, beta2, epsilon, gradientScale, 1-β1^t, √(1-β2^t)
static int32_t kernelAdamW(const double *a) {
  Tensors t = {.table = heapAt(a[0]), .tensors = SIZE(1), .learningRate = a[3], .beta2 = (float)a[5],
               .fresh1 = (float)(1 - a[4]), .fresh2 = (float)(1 - a[5]), .epsilon = (float)a[6], .gradientScale = (float)a[7], .stepSize = (float)(a[3] / a[8]), .rootCorrection = (float)a[9]};
  parallelFor((uint32_t)SIZE(2), adamTask, &t);
  return 0;
}

static void normTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Tensors *t = context;
  const double *row = tensorOfChunk(t, chunk);
  const size_t from = (chunk - (size_t)row[FIRST]) * TENSOR_CHUNK, to = minSize((size_t)row[N], from + TENSOR_CHUNK);
  const float *g = heapAt(row[G]);
  double sums[8] = {0}; // eight chains hide the latency of an addition
  size_t i = from;
  for (; i + 8 <= to; i += 8)
    for (size_t j = 0; j < 8; j++) sums[j] += (double)g[i + j] * g[i + j];
  for (; i < to; i++) sums[0] += (double)g[i] * g[i];
  t->sums[chunk] = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

// table, tensors, chunks, sums (scratch: a double per chunk), out
static int32_t kernelGlobalNorm(const double *a) {
  Tensors t = {.table = heapAt(a[0]), .tensors = SIZE(1), .sums = heapAt(a[3])};
  const size_t chunks = SIZE(2);
  parallelFor((uint32_t)chunks, normTask, &t);
  double total = 0;
  for (size_t i = 0; i < chunks; i++) total += t.sums[i];
  *F32(4) = (float)__builtin_sqrt(total);
  return 0;
}
