// The dropout mask: a counter-based hash of (seed, stream, index), the same on every device and in TypeScript.
// mix is lowbias32 (C. Wellons, "Prospecting for hash functions").
#ifndef AR_HASH_H
#define AR_HASH_H
#include "lanes.h"

static inline uint32_t mix(uint32_t x) {
  x ^= x >> 16;
  x *= 0x7feb352dU;
  x ^= x >> 15;
  x *= 0x846ca68bU;
  return x ^ x >> 16;
}

typedef struct {
  uint32_t key, threshold; // an element is kept when its 24 hash bits reach the threshold
  float scale;
} DropoutMask;

static inline DropoutMask dropoutMask(double rate, double seed, double stream) {
  // u = bits * 2^-24 >= rate, compared in whole numbers: bits >= ceil(rate * 2^24)
  const double scaled = rate * 16777216.0;
  uint32_t threshold = (uint32_t)scaled;
  if ((double)threshold < scaled) threshold++;
  const DropoutMask mask = {mix((uint32_t)stream ^ mix((uint32_t)seed)), threshold, (float)(1.0 / (1.0 - rate))};
  return mask;
}

// Factors of elements index … index + VW - 1: 0 or 1 / (1 - rate).
static inline vf dropoutLanes(DropoutMask mask, uint32_t index) {
  vu x;
  for (int i = 0; i < VW; i++) x[i] = index + (uint32_t)i;
  x ^= mask.key;
  x ^= x >> 16;
  x *= 0x7feb352dU;
  x ^= x >> 15;
  x *= 0x846ca68bU;
  x ^= x >> 16;
  return pick((vi)((x >> 8) >= mask.threshold), splat(mask.scale), zeros());
}

#endif
