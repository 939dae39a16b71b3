// Sum, mean, product, extremes, all, any, argmax, argmin and running sums over one axis of [outer, length, inner].
// Long sums are cut at fixed places and the parts added in order, so threads do not change a bit of the result.
#include "runtime.h"
#include "vecMath.h"

enum { SUM, MAX, MIN, PROD };

typedef struct {
  int kind;
  const float *x;
  float *y;
  size_t outer, length, inner;
  size_t parts, blocks; // cuts of length, blocks of columns
  float scale;
} Reduce;

#define PART_LENGTH 4096
#define BLOCK_COLUMNS 256

#define FORCED static inline __attribute__((always_inline))

FORCED vf combine(int kind, vf x, vf y) {
  switch (kind) {
    case SUM: return x + y;
    case MAX: return maxNan(x, y);
    case MIN: return minNan(x, y);
    default: return x * y;
  }
}
FORCED float identity(int kind) {
  const float infinity = __builtin_inff();
  return kind == SUM ? 0 : kind == MAX ? -infinity : kind == MIN ? infinity : 1;
}

FORCED float reduceLineOf(const int kind, const float *x, size_t n) {
  const vf start = splat(identity(kind));
  vf s0 = start, s1 = start, s2 = start, s3 = start;
  size_t i = 0;
  for (; i + 4 * VW <= n; i += 4 * VW) {
    s0 = combine(kind, s0, load(x + i));
    s1 = combine(kind, s1, load(x + i + VW));
    s2 = combine(kind, s2, load(x + i + 2 * VW));
    s3 = combine(kind, s3, load(x + i + 3 * VW));
  }
  s0 = combine(kind, combine(kind, s0, s1), combine(kind, s2, s3));
  for (; i + VW <= n; i += VW) s0 = combine(kind, s0, load(x + i));
  float lanes[2 * VW];
  store(lanes, s0);
  float result = lanes[0];
  size_t count = VW;
  for (; i < n; i++) lanes[count++] = x[i];
  for (size_t j = 1; j < count; j++) result = combine(kind, splat(result), splat(lanes[j]))[0];
  return result;
}

static float reduceLine(int kind, const float *x, size_t n) {
  switch (kind) { // constants, so that each loop holds one instruction
    case SUM: return reduceLineOf(SUM, x, n);
    case MAX: return reduceLineOf(MAX, x, n);
    case MIN: return reduceLineOf(MIN, x, n);
    default: return reduceLineOf(PROD, x, n);
  }
}

// One cut of one output line: columns [column, column + count) reduced over rows [from, to) into `into`.
static void reduceColumns(const Reduce *r, const float *x, size_t from, size_t to, size_t count, float *into) {
  for (size_t j = 0; j < count; j += VW) {
    vf s = splat(identity(r->kind));
    for (size_t i = from; i < to; i++) s = combine(r->kind, s, loadUpTo(x + i * r->inner + j, count - j));
    storeUpTo(into + j, s, count - j);
  }
}

static void reduceTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Reduce *r = context;
  const size_t part = chunk % r->parts, block = chunk / r->parts % r->blocks, outer = chunk / r->parts / r->blocks;
  const size_t from = part * PART_LENGTH, to = minSize(r->length, from + PART_LENGTH);
  const size_t column = block * BLOCK_COLUMNS, count = minSize(BLOCK_COLUMNS, r->inner - column);
  float *into = r->parts == 1 ? r->y + outer * r->inner + column
                              : arRuntime.packed + ((outer * r->parts + part) * r->inner + column);
  const float *x = r->x + outer * r->length * r->inner + column;
  if (r->inner == 1) *into = reduceLine(r->kind, x + from, to - from);
  else reduceColumns(r, x, from, to, count, into);
  if (r->parts == 1 && r->scale != 1)
    for (size_t j = 0; j < count; j++) into[j] *= r->scale;
}

// Short lines: many of them in one chunk.
static void reduceLinesTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Reduce *r = context;
  const size_t per = maxSize(1, CHUNK / r->length), end = minSize(r->outer, (chunk + (size_t)1) * per);
  for (size_t i = chunk * per; i < end; i++) r->y[i] = reduceLine(r->kind, r->x + i * r->length, r->length) * r->scale;
}

// kind, x, y, outer, length, inner, scale
static int32_t kernelReduce(const double *a) {
  Reduce r = {INT(0), F32(1), F32(2), SIZE(3), SIZE(4), SIZE(5), 1, 1, (float)a[6]};
  if (r.inner == 1 && r.length <= PART_LENGTH && r.length > 0) {
    parallelFor((uint32_t)ceilDiv(r.outer, maxSize(1, CHUNK / r.length)), reduceLinesTask, &r);
    return 0;
  }
  r.parts = maxSize(1, ceilDiv(r.length, PART_LENGTH));
  r.blocks = ceilDiv(r.inner, BLOCK_COLUMNS);
  // Parts need room; outputs too many for it are taken group by group.
  const size_t perOuter = r.parts * r.inner, outer = r.outer;
  const size_t group = r.parts == 1 ? outer : maxSize(1, arRuntime.packedFloats / perOuter);
  for (size_t first = 0; first < outer; first += group) {
    Reduce g = r;
    g.outer = minSize(group, outer - first);
    g.x += first * r.length * r.inner;
    g.y += first * r.inner;
    parallelFor((uint32_t)(g.outer * g.blocks * g.parts), reduceTask, &g);
    if (g.parts == 1) continue;
    for (size_t i = 0; i < g.outer * g.inner; i++) {
      const float *part = arRuntime.packed + i / g.inner * g.parts * g.inner + i % g.inner;
      if (g.kind == SUM) {
        double sum = 0;
        for (size_t p = 0; p < g.parts; p++) sum += part[p * g.inner];
        g.y[i] = (float)(sum * g.scale);
      } else {
        vf s = splat(part[0]);
        for (size_t p = 1; p < g.parts; p++) s = combine(g.kind, s, splat(part[p * g.inner]));
        g.y[i] = s[0];
      }
    }
  }
  return 0;
}

// kind, x (int32), y (int32), outer, length: sum, max, min or product of lines; wraps
static int32_t kernelReduceInt(const double *a) {
  const int32_t *x = I32(1);
  int32_t *y = I32(2);
  for (size_t i = 0; i < SIZE(3); i++, x += SIZE(4)) {
    uint32_t r = INT(0) == SUM ? 0 : INT(0) == PROD ? 1 : (uint32_t)(SIZE(4) ? x[0] : 0);
    for (size_t j = 0; j < SIZE(4); j++) {
      const uint32_t v = (uint32_t)x[j];
      switch (INT(0)) {
        case SUM: r += v; break;
        case PROD: r *= v; break;
        case MAX: r = (int32_t)v > (int32_t)r ? v : r; break;
        default: r = (int32_t)v < (int32_t)r ? v : r; break;
      }
    }
    y[i] = (int32_t)r;
  }
  return 0;
}

// any (1) or all (0), x (bool), y (bool), outer, length
static int32_t kernelReduceBool(const double *a) {
  const uint8_t *x = U8(1);
  for (size_t i = 0; i < SIZE(3); i++, x += SIZE(4)) {
    size_t at = 0;
    while (at < SIZE(4) && x[at] != INT(0)) at++; // a 1 decides any, a 0 decides all
    U8(2)[i] = (uint8_t)((at < SIZE(4)) == (INT(0) == 1));
  }
  return 0;
}

typedef struct {
  const float *x;
  int32_t *y;
  size_t length;
  int smallest;
} ArgExtreme;

static void argTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const ArgExtreme *t = context;
  const float *x = t->x + chunk * t->length;
  size_t best = 0;
  for (size_t j = 1; j < t->length; j++)
    if (t->smallest ? x[j] < x[best] : x[j] > x[best]) best = j;
  t->y[chunk] = (int32_t)best;
}

// smallest, x, y (int32), outer, length: the first of equal ones
static int32_t kernelArgExtreme(const double *a) {
  ArgExtreme t = {F32(1), I32(2), SIZE(4), INT(0)};
  parallelFor((uint32_t)SIZE(3), argTask, &t);
  return 0;
}

// x, y, outer, length, exclusive, reverse: running sums along lines
static int32_t kernelCumsum(const double *a) {
  const size_t outer = SIZE(2), length = SIZE(3);
  for (size_t i = 0; i < outer; i++) {
    const float *x = F32(0) + i * length;
    float *y = F32(1) + i * length, sum = 0;
    for (size_t j = 0; j < length; j++) {
      const size_t at = a[5] == 1 ? length - 1 - j : j;
      if (a[4] == 1) y[at] = sum;
      sum += x[at];
      if (a[4] != 1) y[at] = sum;
    }
  }
  return 0;
}
