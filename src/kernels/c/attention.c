// Causal self-attention of whole sequences, forward and back. Forward, a chunk is one head of one sequence; back, it is
// one head of keys with the heads of queries that share it. Scores of a block of rows are one matrix product; blocks
// only look at the keys they may see. The order of every sum depends on the shape alone.
#include "gemm.h"
#include "hash.h"
#include "vecMath.h"

typedef struct {
  const float *qkv, *dy;
  float *out;           // y, or dqkv
  float *probabilities; // [B, H, T, T]
  size_t batch, time, heads, width, size; // size = width / heads
  size_t keyHeads, window, step;          // step: floats of a row of qkv; window: keys a position sees, itself included
  float scale;
  int dropped;
  DropoutMask mask;
} Attention;

// The first key that the position sees.
static size_t firstSeen(const Attention *t, size_t position) {
  return position + 1 > t->window ? position + 1 - t->window : 0;
}

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
  const size_t time = t->time, size = t->size, step = t->step, block = blockRows(t);
  const size_t sequence = chunk / t->heads, head = chunk % t->heads;
  const float *q = t->qkv + sequence * time * step + head * size;
  const float *k = t->qkv + sequence * time * step + t->width + head / (t->heads / t->keyHeads) * size;
  const float *v = k + t->keyHeads * size;
  float *y = t->out + sequence * time * t->width + head * size;
  float *panel = threadScratch(thread), *droppedRows = panel + PANEL_FLOATS;
  for (size_t from = 0; from < time; from += block) {
    const size_t to = minSize(time, from + block), rows = to - from, low = firstSeen(t, from);
    const size_t first = ((size_t)chunk * time + from) * time;
    float *p = t->probabilities + first;
    const Gemm scores = {.a = q + from * step, .aRow = step, .aCol = 1, .b = k + low * step, .bRow = 1, .bCol = step,
                         .c = p + low, .ldc = time, .m = rows, .n = to - low, .k = size};
    gemmSerial(&scores, panel);
    for (size_t i = 0; i < rows; i++) {
      float *row = p + i * time;
      const size_t begin = firstSeen(t, from + i), seen = from + i + 1;
      rowScale(row + begin, seen - begin, t->scale);
      softmaxRow(row + begin, row + begin, seen - begin);
      memset(row, 0, begin * sizeof(float));
      memset(row + seen, 0, (time - seen) * sizeof(float));
      if (t->dropped) dropRow(t, row, first + i * time, to, droppedRows + i * time);
    }
    const Gemm mixed = {.a = (t->dropped ? droppedRows : p) + low, .aRow = time, .aCol = 1,
                        .b = v + low * step, .bRow = step, .bCol = 1,
                        .c = y + from * t->width, .ldc = t->width, .m = rows, .n = size, .k = to - low};
    gemmSerial(&mixed, panel);
  }
}

// One head of queries; the gradients of its keys and values are added to what other heads left there.
static void headGrad(const Attention *t, size_t sequence, size_t head, uint32_t thread) {
  const size_t time = t->time, size = t->size, step = t->step, block = blockRows(t);
  const size_t atQuery = sequence * time * step + head * size;
  const size_t atKey = sequence * time * step + t->width + head / (t->heads / t->keyHeads) * size;
  const size_t atValue = atKey + t->keyHeads * size;
  const float *q = t->qkv + atQuery, *k = t->qkv + atKey, *v = t->qkv + atValue;
  float *dq = t->out + atQuery, *dk = t->out + atKey, *dv = t->out + atValue;
  const float *dy = t->dy + sequence * time * t->width + head * size;
  float *panel = threadScratch(thread), *slope = panel + PANEL_FLOATS, *droppedRows = slope + block * time;
  for (size_t from = 0; from < time; from += block) {
    const size_t to = minSize(time, from + block), rows = to - from, low = firstSeen(t, from);
    const size_t first = ((sequence * t->heads + head) * time + from) * time;
    const float *p = t->probabilities + first, *used = p;
    const float *dyRows = dy + from * t->width;
    // With respect to the (dropped) probabilities: dy v'
    const Gemm back = {.a = dyRows, .aRow = t->width, .aCol = 1, .b = v + low * step, .bRow = 1, .bCol = step,
                       .c = slope + low, .ldc = time, .m = rows, .n = to - low, .k = size};
    gemmSerial(&back, panel);
    for (size_t i = 0; i < rows; i++) {
      float *s = slope + i * time;
      const float *row = p + i * time;
      if (t->dropped) {
        dropRow(t, row, first + i * time, to, droppedRows + i * time);
        dropRow(t, s + low, first + i * time + low, to - low, s + low);
      }
      vf dot = zeros();
      for (size_t j = low; j < to; j += VW) dot = fmadd(loadUpTo(s + j, to - j), loadUpTo(row + j, to - j), dot);
      const float sum = sumLanes(dot);
      for (size_t j = low; j < to; j += VW) // masked entries have row = 0
        storeUpTo(s + j, loadUpTo(row + j, to - j) * (loadUpTo(s + j, to - j) - sum) * t->scale, to - j);
    }
    if (t->dropped) used = droppedRows;
    const Gemm toQ = {.a = slope + low, .aRow = time, .aCol = 1, .b = k + low * step, .bRow = step, .bCol = 1,
                      .c = dq + from * step, .ldc = step, .m = rows, .n = size, .k = to - low};
    gemmSerial(&toQ, panel);
    const Gemm toK = {.a = slope + low, .aRow = 1, .aCol = time, .b = q + from * step, .bRow = step, .bCol = 1,
                      .c = dk + low * step, .ldc = step, .m = to - low, .n = size, .k = rows, .accumulate = 1};
    gemmSerial(&toK, panel);
    const Gemm toV = {.a = used + low, .aRow = 1, .aCol = time, .b = dyRows, .bRow = t->width, .bCol = 1,
                      .c = dv + low * step, .ldc = step, .m = to - low, .n = size, .k = rows, .accumulate = 1};
    gemmSerial(&toV, panel);
  }
}

static void attentionGradTask(const void *context, uint32_t chunk, uint32_t thread) {
  const Attention *t = context;
  const size_t sequence = chunk / t->keyHeads, keyHead = chunk % t->keyHeads, group = t->heads / t->keyHeads;
  float *dk = t->out + sequence * t->time * t->step + t->width + keyHead * t->size, *dv = dk + t->keyHeads * t->size;
  for (size_t i = 0; i < t->time; i++) {
    memset(dk + i * t->step, 0, t->size * sizeof(float));
    memset(dv + i * t->step, 0, t->size * sizeof(float));
  }
  for (size_t head = keyHead * group; head < (keyHead + 1) * group; head++) headGrad(t, sequence, head, thread);
}

static Attention attentionOf(const double *a) {
  Attention t = {.probabilities = F32(3), .batch = SIZE(4), .time = SIZE(5), .heads = SIZE(6), .width = SIZE(7),
                 .dropped = a[8] > 0, .mask = dropoutMask(a[8], a[9], a[10]), .keyHeads = SIZE(11),
                 .scale = (float)a[13]};
  t.window = a[12] == 0 ? t.time : SIZE(12);
  t.size = t.width / t.heads;
  t.step = t.width + 2 * t.keyHeads * t.size;
  return t;
}

// qkv, -, y, probabilities, B, T, H, C, dropout, seed, stream, heads of keys, window (0: none), scale
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
  parallelFor((uint32_t)(t.batch * t.keyHeads), attentionGradTask, &t);
  return 0;
}
