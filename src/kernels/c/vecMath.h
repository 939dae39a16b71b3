// Vector exp, log, tanh and what is made of them, within 2 ulp of the rounded double result over the whole float
// range, denormals, infinities and NaN included. Polynomials: S. Moshier's Cephes (expf, logf, tanhf), public domain
// constants; argument reduction and special values are written for lanes here.
#ifndef AR_VEC_MATH_H
#define AR_VEC_MATH_H
#include "lanes.h"

static inline vf absLanes(vf x) { return (vf)((vi)x & splatInt(0x7fffffff)); }

static inline vf expLanes(vf given) {
  // Outside these bounds the result is 0 or infinity anyway.
  vf x = given;
  x = pick(x < splat(-105.0f), splat(-105.0f), x);
  x = pick(x > splat(89.0f), splat(89.0f), x);
  // Adding 1.5 * 2^23 rounds to an integer in the low bits: cheaper than a conversion, above all in wasm.
  const vf magic = splat(12582912.0f);
  vf shifted = fmadd(x, splat(1.44269504f), magic);
  vi k = (vi)shifted - (vi)magic;
  vf n = shifted - magic;
  vf r = fmadd(n, splat(-0.693359375f), x);
  r = fmadd(n, splat(2.12194440e-4f), r);
  vf p = splat(1.9875691500e-4f);
  p = fmadd(p, r, splat(1.3981999507e-3f));
  p = fmadd(p, r, splat(8.3334519073e-3f));
  p = fmadd(p, r, splat(4.1665795894e-2f));
  p = fmadd(p, r, splat(1.6666665459e-1f));
  p = fmadd(p, r, splat(5.0000001201e-1f));
  p = fmadd(p * r, r, r) + 1.0f;
  // 2^k in two factors: k reaches 129 and -152, which one exponent field cannot hold.
  vi half = k >> 1;
  vf scale1 = (vf)((half + 127) << 23), scale2 = (vf)((k - half + 127) << 23);
  // A compiler may make the bounds relaxed min and max, which lose NaN.
  return pick(given != given, given, p * scale1 * scale2);
}

static inline vf logLanes(vf x) {
  vi tiny = (x > zeros()) & (x < splat(1.17549435e-38f));
  vf scaled = pick(tiny, x * 8388608.0f, x);
  vi bits = (vi)scaled;
  vi exponent = ((bits >> 23) & 0xff) - 126;
  exponent = exponent - (tiny & splatInt(23));
  vf m = (vf)((bits & splatInt(0x007fffff)) | splatInt(0x3f000000)); // [0.5, 1)
  vi low = m < splat(0.707106781f);
  exponent = exponent + low; // low is -1 where true
  m = pick(low, m + m, m) - 1.0f;
  vf e = __builtin_convertvector(exponent, vf);
  vf z = m * m;
  vf p = splat(7.0376836292e-2f);
  p = fmadd(p, m, splat(-1.1514610310e-1f));
  p = fmadd(p, m, splat(1.1676998740e-1f));
  p = fmadd(p, m, splat(-1.2420140846e-1f));
  p = fmadd(p, m, splat(1.4249322787e-1f));
  p = fmadd(p, m, splat(-1.6668057665e-1f));
  p = fmadd(p, m, splat(2.0000714765e-1f));
  p = fmadd(p, m, splat(-2.4999993993e-1f));
  p = fmadd(p, m, splat(3.3333331174e-1f));
  vf y = p * m * z;
  y = fmadd(e, splat(-2.12194440e-4f), y);
  y = fmadd(z, splat(-0.5f), y);
  vf result = fmadd(e, splat(0.693359375f), m + y);
  const vf infinity = splat(__builtin_inff());
  result = pick(x == infinity, infinity, result);
  result = pick(x == zeros(), -infinity, result);
  return pick((x < zeros()) | (x != x), splat(__builtin_nanf("")), result);
}

static inline vf sigmoidLanes(vf x) { return 1.0f / (1.0f + expLanes(-x)); }

static inline vf tanhLanes(vf x) {
  vf z = x * x;
  vf p = splat(-5.70498872745e-3f);
  p = fmadd(p, z, splat(2.06390887954e-2f));
  p = fmadd(p, z, splat(-5.37397155531e-2f));
  p = fmadd(p, z, splat(1.33314422036e-1f));
  p = fmadd(p, z, splat(-3.33332819422e-1f));
  vf small = fmadd(p * z, x, x);
  vf large = 1.0f - 2.0f / (expLanes(x + x) + 1.0f);
  return pick(absLanes(x) < splat(0.625f), small, large);
}

// Abramowitz and Stegun 7.1.26, |error| < 1.5e-7: the formula tfjs uses on every backend.
static inline vf erfLanes(vf x) {
  vf v = absLanes(x);
  vf t = 1.0f / fmadd(v, splat(0.3275911f), splat(1.0f));
  vf p = splat(1.061405429f);
  p = fmadd(p, t, splat(-1.453152027f));
  p = fmadd(p, t, splat(1.421413741f));
  p = fmadd(p, t, splat(-0.284496736f));
  p = fmadd(p, t, splat(0.254829592f));
  vf y = 1.0f - p * t * expLanes(-v * v);
  return (vf)((vi)y | ((vi)x & splatInt((int32_t)0x80000000)));
}

// GPT-2's gelu. 0.5 u (1 + tanh z) equals u sigmoid(2z), which costs one exp and does not cancel for negative u.
static inline vf geluArgument(vf u) { // 2z
  return u * fmadd(u * u, splat(2.0f * 0.7978845608f * 0.044715f), splat(2.0f * 0.7978845608f));
}
static inline vf geluLanes(vf u) { return u * sigmoidLanes(geluArgument(u)); }
static inline vf geluSlopeLanes(vf u) {
  vf s = sigmoidLanes(geluArgument(u));
  vf slope = fmadd(u * u, splat(6.0f * 0.7978845608f * 0.044715f), splat(2.0f * 0.7978845608f));
  return fmadd(u * s * (1.0f - s), slope, s);
}

static inline vf floorLanes(vf x) {
  vi big = (absLanes(x) >= splat(8388608.0f)) | (x != x); // already whole, or NaN
  vf whole = __builtin_convertvector(__builtin_convertvector(pick(big, zeros(), x), vi), vf);
  whole = whole + __builtin_convertvector(whole > x, vf); // a true comparison is -1
  return pick(big, x, whole);
}

static inline float expOne(float x) { return expLanes(splat(x))[0]; }
static inline float logOne(float x) { return logLanes(splat(x))[0]; }

#endif
