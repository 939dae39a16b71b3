// Dropout of one array; its gradient is the same call on the gradient.
#include "hash.h"
#include "runtime.h"

typedef struct {
  const float *x;
  float *y;
  size_t n;
  DropoutMask mask;
} Dropout;

static void dropoutTask(const void *context, uint32_t chunk, uint32_t thread) {
  (void)thread;
  const Dropout *t = context;
  const size_t from = (size_t)chunk * CHUNK, to = minSize(t->n, from + CHUNK);
  for (size_t i = from; i < to; i += VW)
    storeUpTo(t->y + i, loadUpTo(t->x + i, to - i) * dropoutLanes(t->mask, (uint32_t)i), to - i);
}

// x, y, n, rate, seed, stream
static int32_t kernelDropout(const double *a) {
  Dropout t = {F32(0), F32(1), SIZE(2), dropoutMask(a[3], a[4], a[5])};
  parallelFor((uint32_t)ceilDiv(t.n, CHUNK), dropoutTask, &t);
  return 0;
}
