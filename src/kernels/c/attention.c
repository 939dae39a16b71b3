// Causal self-attention of whole sequences, forward and back, one head of one sequence per chunk. Scores of a block
// of rows are one matrix product; blocks only look at the keys they may see. The order of every sum depends on the
// shape alone.
#include "gemm.h"
#include "hash.h"
#include "vecMath.h"

typedef struct {
  const float *qkv, *dy;
  float *out;           // y, or dqkv
  float *probabilities; // [B, H, T, T]
  size_t batch, time, heads, width, size; // size = width / heads
  int dropped;
  DropoutMask mask;
} Attention;

// Rows per block: two blocks of scores must fit a thread's scratch behind the panel that gemmSerial packs.
static size_t blockRows(const Attention *t) {
  return maxSize(1, minSize(64, (arRuntime.scratchFloats - PANEL_FLOATS) / 2 / t->time));
}

// into = row * dropout factors, for the `count` entries that start at flat index `index`
static void dropRow(const Attention *t, const float *row, size_t index, size_t count, float *into) {
  for (size_t j = 0; j < count; j += VW)
    storeUpTo(into + j, loadUpTo(row + j, count - j) * dropoutLanes(t->mask, (uint32_t)(index + j)), count - j);
}

static void attentionTask(const void *context, uint32_t chunk, uint32_t thread) {
  const Attention *t = context;
  const size_t time = t->time, size = t->size, step = 3 * t->width, block = blockRows(t);
  const float *q = t->qkv + chunk / t->heads * time * step + chunk % t->heads * size;
  const float *k = q + t->width, *v = k + t->width;
  float *y = t->out + chunk / t->heads * time * t->width + chunk % t->heads * size;
  const float scale = 1.0f / __builtin_sqrtf((float)size);
  float *panel = threadScratch(thread), *droppedRows = panel + PANEL_FLOATS;
  for (size_t from = 0; from < time; from += block) {
    const size_t to = minSize(time, from + block), rows = to - from;
    const size_t first = ((size_t)chunk * time + from) * time;
    float *p = t->probabilities + first;
    const Gemm scores = {.a = q + from * step, .aRow = step, .aCol = 1, .b = k, .bRow = 1, .bCol = step,
                         .c = p, .ldc = time, .m = rows, .n = to, .k = size};
    gemmSerial(&scores, panel);
    for (size_t i = 0; i < rows; i++) {
      float *row = p + i * time;
      const size_t seen = from + i + 1;
      rowScale(row, seen, scale);
      softmaxRow(row, row, seen);
      memset(row + seen, 0, (time - seen) * sizeof(float));
      if (t->dropped) dropRow(t, row, first + i * time, to, droppedRows + i * time);
    }
    const Gemm mixed = {.a = t->dropped ? droppedRows : p, .aRow = time, .aCol = 1, .b = v, .bRow = step, .bCol = 1,
                        .c = y + from * t->width, .ldc = t->width, .m = rows, .n = size, .k = to};
    gemmSerial(&mixed, panel);
  }
}

static void attentionGradTask(const void *context, uint32_t chunk, uint32_t thread) {
  const Attention *t = context;
  const size_t time = t->time, size = t->size, step = 3 * t->width, block = blockRows(t);
  const size_t head = chunk / t->heads * time * step + chunk % t->heads * size;
  const float *q = t->qkv + head, *k = q + t->width, *v = k + t->width;
  float *dq = t->out + head, *dk = dq + t->width, *dv = dk + t->width;
  const float *dy = t->dy + chunk / t->heads * time * t->width + chunk % t->heads * size;
  const float scale = 1.0f / __builtin_sqrtf((float)size);
  float *panel = threadScratch(thread), *slope = panel + PANEL_FLOATS, *droppedRows = slope + block * time;
  for (size_t i = 0; i < time; i++) {
    memset(dk + i * step, 0, size * sizeof(float));
    memset(dv + i * step, 0, size * sizeof(float));
  }
  for (size_t from = 0; from < time; from += block) {
    const size_t to = minSize(time, from + block), rows = to - from;
    const size_t first = ((size_t)chunk * time + from) * time;
    const float *p = t->probabilities + first, *used = p;
    const float *dyRows = dy + from * t->width;
    // With respect to the (dropped) probabilities: dy v'
    const Gemm back = {.a = dyRows, .aRow = t->width, .aCol = 1, .b = v, .bRow = 1, .bCol = step,
                       .c = slope, .ldc = time, .m = rows, .n = to, .k = size};
    gemmSerial(&back, panel);
    for (size_t i = 0; i < rows; i++) {
      float *s = slope + i * time;
      const float *row = p + i * time;
      if (t->dropped) {
        dropRow(t, row, first + i * time, to, droppedRows + i * time);
        dropRow(t, s, first + i * time, to, s);
      }
      vf dot = zeros();
      for (size_t j = 0; j < to; j += VW) dot = fmadd(loadUpTo(s + j, to - j), loadUpTo(row + j, to - j), dot);
      const float sum = sumLanes(dot);
      for (size_t j = 0; j < to; j += VW) // masked entries have row = 0
        storeUpTo(s + j, loadUpTo(row + j, to - j) * (loadUpTo(s + j, to - j) - sum) * scale, to - j);
    }
    if (t->dropped) used = droppedRows;
    const Gemm toQ = {.a = slope, .aRow = time, .aCol = 1, .b = k, .bRow = step, .bCol = 1,
                      .c = dq + from * step, .ldc = step, .m = rows, .n = size, .k = to};
    gemmSerial(&toQ, panel);
    const Gemm toK = {.a = slope, .aRow = 1, .aCol = time, .b = q + from * step, .bRow = step, .bCol = 1,
                      .c = dk, .ldc = step, .m = to, .n = size, .k = rows, .accumulate = 1};
    gemmSerial(&toK, panel);
    const Gemm toV = {.a = used, .aRow = 1, .aCol = time, .b = dyRows, .bRow = t->width, .bCol = 1,
                      .c = dv, .ldc = step, .m = to, .n = size, .k = rows, .accumulate = 1};
    gemmSerial(&toV, panel);
  }
}

static Attention attentionOf(const double *a) {
  Attention t = {.probabilities = F32(3), .batch = SIZE(4), .time = SIZE(5), .heads = SIZE(6), .width = SIZE(7),
                 .dropped = a[8] > 0, .mask = dropoutMask(a[8], a[9], a[10])};
  t.size = t.width / t.heads;
  return t;
}

// qkv, -, y, probabilities, B, T, H, C, dropout, seed, stream
static int32_t kernelAttention(const double *a) {
  Attention t = attentionOf(a);
  t.qkv = F32(0);
  t.out = F32(2);
  parallelFor((uint32_t)(t.batch * t.heads), attentionTask, &t);
  return 0;
}

// qkv, dy, dqkv, probabilities, then as above
static int32_t kernelAttentionGrad(const double *a) {
  Attention t = attentionOf(a);
  t.qkv = F32(0);
  t.dy = F32(1);
  t.out = F32(2);
  parallelFor((uint32_t)(t.batch * t.heads), attentionGradTask, &t);
  return 0;
}
