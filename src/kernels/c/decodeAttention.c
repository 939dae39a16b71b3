// Attention of one new position over a cache of keys and values, which it extends in place.
#include "runtime.h"
#include "vecMath.h"

typedef struct {
  const float *qkv;
  float *keys, *values, *y, *scores;
  size_t limit, heads, width, size, position;
} Decode;

static void decodeTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Decode *t = context;
  const size_t row = chunk / t->heads, column = chunk % t->heads * t->size, size = t->size, seen = t->position + 1;
  const float *q = t->qkv + row * 3 * t->width + column;
  float *keys = t->keys + row * t->limit * t->width + column, *values = t->values + row * t->limit * t->width + column;
  float *scores = t->scores + (size_t)chunk * t->limit, *y = t->y + row * t->width + column;
  memcpy(keys + t->position * t->width, q + t->width, size * sizeof(float));
  memcpy(values + t->position * t->width, q + 2 * t->width, size * sizeof(float));
  const float scale = 1.0f / __builtin_sqrtf((float)size);
  for (size_t j = 0; j < seen; j++) {
    const float *key = keys + j * t->width;
    vf dot = zeros();
    for (size_t d = 0; d < size; d += VW) dot = fmadd(loadUpTo(q + d, size - d), loadUpTo(key + d, size - d), dot);
    scores[j] = sumLanes(dot) * scale;
  }
  softmaxRow(scores, scores, seen);
  for (size_t d = 0; d < size; d += VW) {
    vf sum = zeros();
    for (size_t j = 0; j < seen; j++) sum = fmadd(splat(scores[j]), loadUpTo(values + j * t->width + d, size - d), sum);
    storeUpTo(y + d, sum, size - d);
  }
}

// qkv, keys, values, y, scores (scratch [B, H, Tmax]), B, Tmax, H, C, position
static int32_t kernelDecodeAttention(const double *a) {
  Decode t = {F32(0), F32(1), F32(2), F32(3), F32(4), SIZE(6), SIZE(7), SIZE(8), 0, SIZE(9)};
  t.size = t.width / t.heads;
  const uint32_t chunks = (uint32_t)(SIZE(5) * t.heads);
  if (t.size * (t.position + 1) * chunks < 32768) {
    for (uint32_t chunk = 0; chunk < chunks; chunk++) decodeTask(&t, chunk, 0);
  } else {
    parallelFor(chunks, decodeTask, &t);
  }
  return 0;
}
