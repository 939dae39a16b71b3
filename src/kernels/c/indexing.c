// Reading and adding by index: embeddings, gather, one-hot, sums by segment, the k largest. Sums run in the order of
// the indices within a block of columns that one thread owns, so they have the same bits every time.
#include "runtime.h"
#include "vecMath.h"

typedef struct {
  const float *source, *positions;
  const int32_t *ids;
  float *out;
  size_t rows, time, n, start, limit, perChunk;
} Embedding;

static void embeddingTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Embedding *t = context;
  const size_t n = t->n, end = minSize(t->rows, (chunk + (size_t)1) * t->perChunk);
  for (size_t row = chunk * t->perChunk; row < end; row++) {
    const float *w = t->source + (size_t)t->ids[row] * n, *p = t->positions + (t->start + row % t->time) * n;
    for (size_t i = 0; i < n; i += VW)
      storeUpTo(t->out + row * n + i, loadUpTo(w + i, n - i) + loadUpTo(p + i, n - i), n - i);
  }
}

// wte, wpe, ids, x, rows (B T), T, C, V, start
static int32_t kernelEmbedding(const double *a) {
  Embedding t = {F32(0), F32(1), I32(2), F32(3), SIZE(4), SIZE(5), SIZE(6), SIZE(8), SIZE(7), 0};
  const int32_t bad = firstOutside(t.ids, t.rows, t.limit);
  if (bad) return bad;
  t.perChunk = maxSize(1, CHUNK / t.n);
  parallelFor((uint32_t)ceilDiv(t.rows, t.perChunk), embeddingTask, &t);
  return 0;
}

#define COLUMNS 32

// Adds row i of source to row ids[i] of out (row start + i mod time without ids); a chunk is a block of columns.
static void scatterAddTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Embedding *t = context;
  const size_t column = (size_t)chunk * COLUMNS, count = minSize(COLUMNS, t->n - column);
  for (size_t row = 0; row < t->limit; row++) memset(t->out + row * t->n + column, 0, count * sizeof(float));
  for (size_t row = 0; row < t->rows; row++) {
    const size_t id = t->ids ? (size_t)t->ids[row] : t->start + row % t->time;
    if (id >= t->limit) continue; // a negative id is a huge one here
    const float *from = t->source + row * t->n + column;
    float *to = t->out + id * t->n + column;
    for (size_t i = 0; i < count; i += VW)
      storeUpTo(to + i, loadUpTo(to + i, count - i) + loadUpTo(from + i, count - i), count - i);
  }
}

static void scatterAdd(const Embedding *t) {
  parallelFor((uint32_t)ceilDiv(t->n, COLUMNS), scatterAddTask, t);
}

// dx, ids, dwte, dwpe, rows (B T), T, C, V, start, positions
static int32_t kernelEmbeddingGrad(const double *a) {
  Embedding tokens = {.source = F32(0), .ids = I32(1), .out = F32(2), .rows = SIZE(4), .n = SIZE(6), .limit = SIZE(7)};
  const int32_t bad = firstOutside(tokens.ids, tokens.rows, tokens.limit);
  if (bad) return bad;
  scatterAdd(&tokens);
  Embedding positions = {.source = F32(0), .out = F32(3), .rows = SIZE(4), .time = SIZE(5), .n = SIZE(6), .start = SIZE(8), .limit = SIZE(9)};
  scatterAdd(&positions);
  return 0;
}

// x, ids, out, rows, n, segments: rows with an id outside [0, segments) are left out, as tfjs does
static int32_t kernelSegmentSum(const double *a) {
  Embedding t = {.source = F32(0), .ids = I32(1), .out = F32(2), .rows = SIZE(3), .n = SIZE(4), .limit = SIZE(5)};
  scatterAdd(&t);
  return 0;
}

// x [batch, outer, axis, inner], ids [batch, count], out [batch, outer, count, inner], bytes per element, then sizes:
// batch, outer, axis, inner, count
static int32_t kernelGather(const double *a) {
  const char *x = heapAt(a[0]);
  const int32_t *ids = I32(1);
  char *out = heapAt(a[2]);
  const size_t batch = SIZE(4), outer = SIZE(5), axis = SIZE(6), line = SIZE(7) * SIZE(3), count = SIZE(8);
  const int32_t bad = firstOutside(ids, batch * count, axis);
  if (bad) return bad;
  for (size_t b = 0; b < batch; b++)
    for (size_t o = 0; o < outer; o++) {
      const char *from = x + (b * outer + o) * axis * line;
      for (size_t i = 0; i < count; i++, out += line) memcpy(out, from + (size_t)ids[b * count + i] * line, line);
    }
  return 0;
}

// ids, out, count, depth, on, off, kind of element: 0 float32, 1 int32, 2 bool
static int32_t kernelOneHot(const double *a) {
  const int32_t *ids = I32(0);
  const size_t count = SIZE(2), depth = SIZE(3);
  for (size_t i = 0; i < count * depth; i++) {
    const double value = (size_t)(ids[i / depth] - 0) == i % depth && ids[i / depth] >= 0 ? a[4] : a[5];
    if (INT(6) == 0) F32(1)[i] = (float)value;
    else if (INT(6) == 1) I32(1)[i] = (int32_t)value;
    else U8(1)[i] = (uint8_t)value;
  }
  return 0;
}

typedef struct {
  const float *x;
  float *values;
  int32_t *ids;
  size_t n, k;
} TopK;

static void topKTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const TopK *t = context;
  const float *x = t->x + (size_t)chunk * t->n;
  int32_t *ids = t->ids + (size_t)chunk * t->k;
  topOfRow(x, t->n, t->k, ids);
  for (size_t i = 0; i < t->k; i++) t->values[chunk * t->k + i] = x[ids[i]];
}

// x, values, ids, rows, n, k
static int32_t kernelTopK(const double *a) {
  TopK t = {F32(0), F32(1), I32(2), SIZE(4), SIZE(5)};
  if (t.k > 0) parallelFor((uint32_t)SIZE(3), topKTask, &t);
  return 0;
}
