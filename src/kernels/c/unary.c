// Elementwise functions of one float32 array. NaN goes through, as on tfjs's cpu backend.
// `kind` is the position in the list below; unaryKinds in opcodes.ts holds the same list.
#include "runtime.h"
#include "vecMath.h"

typedef struct {
  int kind;
  const float *x;
  float *y;
  size_t n;
  float p, q; // parameters: slope of leakyRelu, value of step, bounds of clip
} Unary;

static inline vf roundHalfEven(vf x) {
  vf base = floorLanes(x), diff = x - base;
  vf odd = base - 2.0f * floorLanes(base * 0.5f);
  vi up = (diff > splat(0.5f)) | ((diff == splat(0.5f)) & (odd != zeros()));
  return pick(up, base + 1.0f, base);
}
static inline vf stepLanes(vf x, float otherwise) {
  return pick(x != x, x, pick(x > zeros(), splat(1.0f), splat(otherwise)));
}
static inline vf softplusLanes(vf x) {
  vf positive = maxNan(x, zeros());
  vf e = expLanes(-absLanes(x));
  return pick(e < splat(1e-4f), positive + e, positive + logLanes(1.0f + e));
}
static inline vf signLanes(vf x) {
  return pick(x > zeros(), splat(1.0f), pick(x < zeros(), splat(-1.0f), zeros()));
}
// exp(x) - 1 for x < 0, without the cancellation near zero.
static inline vf expMinusOne(vf x) {
  vf series = x + x * x * fmadd(x, fmadd(x, splat(1.0f / 24), splat(1.0f / 6)), splat(0.5f));
  return pick(absLanes(x) < splat(0.02f), series, expLanes(x) - 1.0f);
}
static inline vf eluLanes(vf x) { return pick(x < zeros(), expMinusOne(x), x); }
static inline vf seluLanes(vf x) {
  return pick(x < zeros(), expMinusOne(x) * (1.0507009873554805f * 1.6732632423543772f), x * 1.0507009873554805f);
}

#define UNARY_LIST(F)                                           \
  F(abs, absLanes(x))                                           \
  F(neg, -x)                                                    \
  F(exp, expLanes(x))                                           \
  F(log, logLanes(x))                                           \
  F(sqrt, sqrtLanes(x))                                         \
  F(rsqrt, 1.0f / sqrtLanes(x))                                 \
  F(square, x * x)                                              \
  F(reciprocal, 1.0f / x)                                       \
  F(sign, signLanes(x))                                         \
  F(floor, floorLanes(x))                                       \
  F(ceil, -floorLanes(-x))                                      \
  F(round, roundHalfEven(x))                                    \
  F(relu, maxNan(x, zeros()))                                   \
  F(relu6, minNan(maxNan(x, zeros()), splat(6.0f)))             \
  F(leakyRelu, pick(x < zeros(), x * u->p, x))                  \
  F(elu, eluLanes(x))                                           \
  F(selu, seluLanes(x))                                         \
  F(sigmoid, sigmoidLanes(x))                                   \
  F(tanh, tanhLanes(x))                                         \
  F(softplus, softplusLanes(x))                                 \
  F(erf, erfLanes(x))                                           \
  F(step, stepLanes(x, u->p))                                   \
  F(clip, minNan(maxNan(x, splat(u->p)), splat(u->q)))

#define UNARY_BODY(name, expression)                                                \
  static void name##Range(const Unary *u, size_t from, size_t to) {                 \
    size_t i = from;                                                                \
    for (; i + VW <= to; i += VW) {                                                 \
      vf x = load(u->x + i);                                                        \
      store(u->y + i, expression);                                                  \
    }                                                                               \
    if (i < to) {                                                                   \
      vf x = loadPart(u->x + i, to - i);                                            \
      storePart(u->y + i, expression, to - i);                                      \
    }                                                                               \
    (void)u;                                                                        \
  }
UNARY_LIST(UNARY_BODY)

typedef void (*UnaryRange)(const Unary *, size_t, size_t);
#define UNARY_ENTRY(name, expression) name##Range,
static const UnaryRange unaryRanges[] = {UNARY_LIST(UNARY_ENTRY)};

static void unaryTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Unary *u = context;
  const size_t from = (size_t)chunk * CHUNK;
  unaryRanges[u->kind](u, from, minSize(u->n, from + CHUNK));
}

// kind, x, y, n, p, q
static int32_t kernelUnary(const double *a) {
  Unary u = {INT(0), F32(1), F32(2), SIZE(3), (float)a[4], (float)a[5]};
  parallelFor((uint32_t)ceilDiv(u.n, CHUNK), unaryTask, &u);
  return 0;
}
