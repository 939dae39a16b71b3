// One vector type for every instruction set: GCC and Clang vector extensions of VW lanes, so that the same line
// becomes AVX-512, AVX2, NEON or wasm SIMD. The shape of the matrix tile (MR rows by NV vectors) is chosen here
// too, because it only depends on how many vector registers there are.
#ifndef AR_LANES_H
#define AR_LANES_H
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif
// There is no C library in wasm; the compiler knows these by themselves.
#define memcpy __builtin_memcpy
#define memset __builtin_memset

#if defined(__AVX512F__)
#define VW 16
#define MR 12
#define NV 2
#elif defined(__AVX2__)
#define VW 8
#define MR 6
#define NV 2
#elif defined(__ARM_NEON)
#define VW 4
#define MR 8
#define NV 3
#else
#define VW 4
#define MR 6
#define NV 2
#endif
#define NR (NV * VW)

typedef float vf __attribute__((vector_size(VW * 4), aligned(4), may_alias));
typedef int32_t vi __attribute__((vector_size(VW * 4), aligned(4), may_alias));
typedef uint32_t vu __attribute__((vector_size(VW * 4), aligned(4), may_alias));

static inline vf load(const float *p) { return *(const vf *)p; }
static inline void store(float *p, vf v) { *(vf *)p = v; }
// x - 0 is x for every x, minus zero and NaN included; 0 + x is not.
static inline vf splat(float x) { return x - (vf){0}; }
static inline vi splatInt(int32_t x) { return x - (vi){0}; }
static inline vf zeros(void) { return (vf){0}; }

static inline vf pick(vi mask, vf yes, vf no) { return (vf)(((vi)yes & mask) | ((vi)no & ~mask)); }

#if defined(__wasm_relaxed_simd__)
#include <wasm_simd128.h>
static inline vf fmadd(vf x, vf y, vf z) {
  return (vf)wasm_f32x4_relaxed_madd((v128_t)x, (v128_t)y, (v128_t)z);
}
#else
static inline vf fmadd(vf x, vf y, vf z) { return x * y + z; } // contracted to one instruction where there is one
#endif

// The last, partial vector of a row: lanes past `count` read as zero and are not written.
#if defined(__AVX512F__)
static inline vf loadPart(const float *p, size_t count) {
  return (vf)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), p);
}
static inline void storePart(float *p, vf v, size_t count) {
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), (__m512)v);
}
#elif defined(__AVX2__)
static inline __m256i firstLanes(size_t count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
static inline vf loadPart(const float *p, size_t count) { return (vf)_mm256_maskload_ps(p, firstLanes(count)); }
static inline void storePart(float *p, vf v, size_t count) { _mm256_maskstore_ps(p, firstLanes(count), (__m256)v); }
#else
static inline vf loadPart(const float *p, size_t count) {
  vf v = {0};
  for (size_t i = 0; i < VW; i++)
    if (i < count) v[i] = p[i];
  return v;
}
static inline void storePart(float *p, vf v, size_t count) {
  for (size_t i = 0; i < VW; i++)
    if (i < count) p[i] = v[i];
}
#endif

static inline vf loadUpTo(const float *p, size_t count) {
  return count >= VW ? load(p) : loadPart(p, count);
}
static inline void storeUpTo(float *p, vf v, size_t count) {
  if (count >= VW) store(p, v);
  else storePart(p, v, count);
}

// Fixed order, so that a sum has the same bits everywhere the width is the same.
static inline float sumLanes(vf v) {
  float parts[VW];
  memcpy(parts, &v, sizeof parts);
  for (int width = VW / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++) parts[i] += parts[i + width];
  return parts[0];
}

// NaN in either operand gives NaN.
static inline vf maxNan(vf x, vf y) { return pick((x > y) | (x != x), x, y); }
static inline vf minNan(vf x, vf y) { return pick((x < y) | (x != x), x, y); }
static inline float maxLanes(vf v) {
  float best = v[0];
  for (int i = 1; i < VW; i++)
    if (v[i] > best || v[i] != v[i]) best = v[i];
  return best;
}

static inline vf sqrtLanes(vf v) {
  vf r;
  for (int i = 0; i < VW; i++) r[i] = __builtin_sqrtf(v[i]);
  return r;
}

#endif
