// Attention of one new position over a cache of keys and values, which it extends in place. The cache is a ring: a row
// that is older than the cache is long is overwritten. The order of rows does not matter to attention.
#include "runtime.h"
#include "vecMath.h"

typedef struct {
  const float *qkv;
  float *keys, *values, *y, *scores;
  size_t limit, heads, keyHeads, width, size, position;
  float scale;
} Decode;

static void decodeTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Decode *t = context;
  const size_t size = t->size, group = t->heads / t->keyHeads, keyWidth = t->keyHeads * size;
  const size_t row = chunk / t->keyHeads, keyHead = chunk % t->keyHeads;
  const size_t seen = minSize(t->position + 1, t->limit), slot = t->position % t->limit;
  const float *qkv = t->qkv + row * (t->width + 2 * keyWidth), *newKey = qkv + t->width + keyHead * size;
  float *keys = t->keys + row * t->limit * keyWidth + keyHead * size;
  float *values = t->values + row * t->limit * keyWidth + keyHead * size;
  memcpy(keys + slot * keyWidth, newKey, size * sizeof(float));
  memcpy(values + slot * keyWidth, newKey + keyWidth, size * sizeof(float));
  for (size_t head = keyHead * group; head < (keyHead + 1) * group; head++) {
    const float *q = qkv + head * size;
    float *scores = t->scores + (row * t->heads + head) * t->limit, *y = t->y + row * t->width + head * size;
    for (size_t j = 0; j < seen; j++) {
      const float *key = keys + j * keyWidth;
      vf dot = zeros();
      for (size_t d = 0; d < size; d += VW) dot = fmadd(loadUpTo(q + d, size - d), loadUpTo(key + d, size - d), dot);
      scores[j] = sumLanes(dot) * t->scale;
    }
    softmaxRow(scores, scores, seen);
    for (size_t d = 0; d < size; d += VW) {
      vf sum = zeros();
      for (size_t j = 0; j < seen; j++)
        sum = fmadd(splat(scores[j]), loadUpTo(values + j * keyWidth + d, size - d), sum);
      storeUpTo(y + d, sum, size - d);
    }
  }
}

// qkv, keys, values, y, scores (scratch [B, H, Tmax]), B, Tmax, H, C, position, heads of keys, scale
static int32_t kernelDecodeAttention(const double *a) {
  Decode t = {F32(0), F32(1), F32(2), F32(3), F32(4), SIZE(6), SIZE(7), SIZE(10), SIZE(8), 0, SIZE(9), (float)a[11]};
  t.size = t.width / t.heads;
  const uint32_t chunks = (uint32_t)(SIZE(5) * t.keyHeads);
  if (t.width * minSize(t.position + 1, t.limit) * SIZE(5) < 32768) {
    for (uint32_t chunk = 0; chunk < chunks; chunk++) decodeTask(&t, chunk, 0);
  } else {
    parallelFor(chunks, decodeTask, &t);
  }
  return 0;
}
