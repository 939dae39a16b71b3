// Softmax cross entropy of rows and its gradient, and what scoring a text needs of each row: log-probability,
// entropy, rank and the best alternatives. All in nats.
#include "runtime.h"
#include "vecMath.h"

typedef struct {
  const float *logits, *logSumExp, *dloss;
  const int32_t *targets;
  float *loss, *lse, *out;
  float *entropy, *topLogProbs;
  int32_t *rank, *topIds;
  size_t rows, n, top, perChunk;
} Rows;

// 0, or 1 + the position of the first id outside [0, limit)
static int32_t firstOutside(const int32_t *ids, size_t count, size_t limit) {
  for (size_t i = 0; i < count; i++)
    if (ids[i] < 0 || (size_t)ids[i] >= limit) return (int32_t)i + 1;
  return 0;
}

static void overRows(Rows *t, ChunkTask task) {
  t->perChunk = maxSize(1, CHUNK / 4 / maxSize(1, t->n));
  parallelFor((uint32_t)ceilDiv(t->rows, t->perChunk), task, t);
}

static void crossEntropyTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Rows *t = context;
  const size_t end = minSize(t->rows, (chunk + (size_t)1) * t->perChunk);
  for (size_t row = chunk * t->perChunk; row < end; row++) {
    const float *x = t->logits + row * t->n;
    t->lse[row] = rowLogSumExp(x, t->n);
    t->loss[row] = t->lse[row] - x[t->targets[row]];
  }
}

// logits, targets, loss, logSumExp, rows, n
static int32_t kernelCrossEntropy(const double *a) {
  Rows t = {.logits = F32(0), .targets = I32(1), .loss = F32(2), .lse = F32(3), .rows = SIZE(4), .n = SIZE(5)};
  const int32_t bad = firstOutside(t.targets, t.rows, t.n);
  if (bad) return bad;
  overRows(&t, crossEntropyTask);
  return 0;
}

static void crossEntropyGradTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Rows *t = context;
  const size_t n = t->n, end = minSize(t->rows, (chunk + (size_t)1) * t->perChunk);
  for (size_t row = chunk * t->perChunk; row < end; row++) {
    const float *x = t->logits + row * n;
    float *out = t->out + row * n;
    const float lse = t->logSumExp[row], d = t->dloss[row];
    for (size_t i = 0; i < n; i += VW) storeUpTo(out + i, expLanes(loadUpTo(x + i, n - i) - lse) * d, n - i);
    out[t->targets[row]] -= d;
  }
}

// logits, targets, logSumExp, dloss, dlogits, rows, n
static int32_t kernelCrossEntropyGrad(const double *a) {
  Rows t = {.logits = F32(0), .targets = I32(1), .logSumExp = F32(2), .dloss = F32(3), .out = F32(4), .rows = SIZE(5), .n = SIZE(6)};
  const int32_t bad = firstOutside(t.targets, t.rows, t.n);
  if (bad) return bad;
  overRows(&t, crossEntropyGradTask);
  return 0;
}

// The k greatest of a row, descending, equal ones by lower index: insertion into a short sorted list.
static void topOfRow(const float *x, size_t n, size_t k, int32_t *ids) {
  size_t filled = 0;
  for (size_t i = 0; i < n; i++) {
    if (filled == k && !(x[i] > x[ids[k - 1]])) continue;
    size_t at = filled < k ? filled++ : k - 1;
    for (; at > 0 && x[i] > x[ids[at - 1]]; at--) ids[at] = ids[at - 1];
    ids[at] = (int32_t)i;
  }
}

static void scoreNanRow(const Rows *t, size_t row) {
  const float nan = __builtin_nanf("");
  t->loss[row] = t->entropy[row] = nan;
  t->rank[row] = 0;
  for (size_t i = 0; i < t->top; i++) {
    t->topIds[row * t->top + i] = 0;
    t->topLogProbs[row * t->top + i] = nan;
  }
}

static void scoreTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Rows *t = context;
  const size_t n = t->n, end = minSize(t->rows, (chunk + (size_t)1) * t->perChunk);
  for (size_t row = chunk * t->perChunk; row < end; row++) {
    const float *x = t->logits + row * n, target = x[t->targets[row]];
    const float lse = rowLogSumExp(x, n);
    if (lse != lse) {
      scoreNanRow(t, row);
      continue;
    }
    // Entropy is the mean of -log p; a logit of minus infinity has p = 0 and adds nothing.
    vf entropy = zeros(), greater = zeros();
    for (size_t i = 0; i < n; i += VW) {
      float lane[VW];
      for (int j = 0; j < VW; j++) lane[j] = -__builtin_inff();
      memcpy(lane, x + i, minSize(VW, n - i) * sizeof(float));
      vf logit = load(lane), logProb = logit - lse, p = expLanes(logProb);
      entropy = entropy - pick(p > zeros(), p * logProb, zeros());
      greater = greater - __builtin_convertvector((vi)(logit > splat(target)), vf);
    }
    t->loss[row] = target - lse;
    t->entropy[row] = sumLanes(entropy);
    t->rank[row] = (int32_t)sumLanes(greater) + 1;
    int32_t *ids = t->topIds + row * t->top;
    if (t->top == 0) continue;
    topOfRow(x, n, t->top, ids);
    for (size_t i = 0; i < t->top; i++) t->topLogProbs[row * t->top + i] = x[ids[i]] - lse;
  }
}

// logits, targets, logProb, entropy, rank, topIds, topLogProbs, rows, n, top
static int32_t kernelScoreRows(const double *a) {
  Rows t = {.logits = F32(0), .targets = I32(1), .loss = F32(2), .entropy = F32(3), .rank = I32(4), .topIds = I32(5),
            .topLogProbs = F32(6), .rows = SIZE(7), .n = SIZE(8), .top = SIZE(9)};
  const int32_t bad = firstOutside(t.targets, t.rows, t.n);
  if (bad) return bad;
  overRows(&t, scoreTask);
  return 0;
}
