// SwiGLU's product silu(gate) up, and its gradient.
#include "runtime.h"
#include "vecMath.h"

typedef struct {
  const float *dy, *gate, *up;
  float *out, *dup; // y, or dgate and dup
  size_t n;
} Gated;

static void gatedTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Gated *t = context;
  const size_t end = minSize(t->n, (chunk + (size_t)1) * CHUNK);
  for (size_t i = (size_t)chunk * CHUNK; i < end; i += VW) {
    const size_t count = end - i;
    vf gate = loadUpTo(t->gate + i, count);
    storeUpTo(t->out + i, gate * sigmoidLanes(gate) * loadUpTo(t->up + i, count), count);
  }
}

static void gatedGradTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Gated *t = context;
  const size_t end = minSize(t->n, (chunk + (size_t)1) * CHUNK);
  for (size_t i = (size_t)chunk * CHUNK; i < end; i += VW) {
    const size_t count = end - i;
    vf gate = loadUpTo(t->gate + i, count), up = loadUpTo(t->up + i, count), dy = loadUpTo(t->dy + i, count);
    vf s = sigmoidLanes(gate);
    storeUpTo(t->out + i, dy * up * s * fmadd(gate, 1.0f - s, splat(1.0f)), count);
    storeUpTo(t->dup + i, dy * gate * s, count);
  }
}

// gate, up, y, n
static int32_t kernelGated(const double *a) {
  Gated t = {NULL, F32(0), F32(1), F32(2), NULL, SIZE(3)};
  parallelFor((uint32_t)ceilDiv(t.n, CHUNK), gatedTask, &t);
  return 0;
}

// dy, gate, up, dgate, dup, n
static int32_t kernelGatedGrad(const double *a) {
  Gated t = {F32(0), F32(1), F32(2), F32(3), F32(4), SIZE(5)};
  parallelFor((uint32_t)ceilDiv(t.n, CHUNK), gatedGradTask, &t);
  return 0;
}
