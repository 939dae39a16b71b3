// Matrix product of strided operands: C[m, n] = sum over k of A[m, k] B[k, n] (+ bias) (then geluNew).
// Every element is one chain of multiply-adds in the order of k, whatever the tile, the thread or the number of
// rows, so a row has the same bits alone and in a batch.
#ifndef AR_GEMM_H
#define AR_GEMM_H
#include "runtime.h"

typedef struct {
  const float *a; size_t aRow, aCol; // strides in elements; one of the two is 1
  const float *b; size_t bRow, bCol; // likewise
  float *c; size_t ldc;
  size_t m, n, k;
  int accumulate;      // C += instead of C =
  const float *bias;   // [n] or NULL
  float *activated;    // NULL, or where geluNew(C) goes; C then holds the value before it
} Gemm;

static void gemm(const Gemm *g);                        // on all threads
static void gemmSerial(const Gemm *g, float *panel);    // on the calling thread; panel: PANEL_FLOATS of scratch

// Depth of one packed panel: KC x NR floats stay in the first-level cache.
#define KC 256
#define PANEL_FLOATS (KC * 64)
#endif
