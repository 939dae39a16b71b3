// The normal and the logistic distribution in the tails, and both discretised to levels with edge bins that take all
// that lies beyond. Pure; in logarithms throughout, because 1 − Φ and 1 − σ are 0 long before their logarithms are −∞.

/** ln Φ(x), right to about 1e−14 at any x. */
export function logNormalCdf(x: number): number {
  if (x > 0) return Math.log1p(-Math.exp(logUpperNormal(x)));
  return logUpperNormal(-x);
}

/** ln(1 − Φ(x)) for x ≥ 0: the series of erf near 0, the continued fraction of the Mills ratio beyond. */
function logUpperNormal(x: number): number {
  if (x < 2) {
    // Φ(x) − ½ = φ(x) (x + x³/3 + x⁵/(3·5) + …)
    let term = x;
    let sum = x;
    for (let n = 1; n < 60; n++) {
      term *= (x * x) / (2 * n + 1);
      sum += term;
    }
    return Math.log(0.5 - density(x) * sum);
  }
  // 1 − Φ(x) = φ(x) / (x + 1/(x + 2/(x + 3/(x + …))))
  let fraction = x;
  for (let n = 120; n >= 1; n--) fraction = x + n / fraction;
  return -0.5 * x * x - 0.5 * Math.log(2 * Math.PI) - Math.log(fraction);
}

export function logNormalDensity(x: number): number {
  return -0.5 * x * x - 0.5 * Math.log(2 * Math.PI);
}

function density(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/** ln σ(x), without ever forming 1 − σ. */
export function logSigmoid(x: number): number {
  return x >= 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x));
}

/**
 * ln of each level's share of a distribution whose ln of the cumulative is `logCdf` and which is symmetric about 0:
 * level k takes (k ± ½), the first all below, the last all above. `scale` and `mean` are in levels.
 * @param out [levels], overwritten
 */
export function discretised(
  logCdf: (x: number) => number,
  mean: number,
  scale: number,
  out: Float64Array,
): Float64Array {
  const last = out.length - 1;
  for (let level = 0; level <= last; level++) {
    const low = level === 0 ? -Infinity : (level - 0.5 - mean) / scale;
    const high = level === last ? Infinity : (level + 0.5 - mean) / scale;
    out[level] = logShare(logCdf, low, high);
  }
  return out;
}

/**
 * d/dmean of what `discretised` gives: (f(low) − f(high)) / (scale · share), level by level.
 * @param logShares what `discretised` gave @returns per level that the mean moves [levels]
 */
export function discretisedSlopes(
  logDensity: (x: number) => number,
  mean: number,
  scale: number,
  logShares: Float64Array,
): Float64Array {
  const last = logShares.length - 1;
  return logShares.map((share, level) => {
    const low = level === 0 ? 0 : Math.exp(logDensity((level - 0.5 - mean) / scale) - share);
    const high = level === last ? 0 : Math.exp(logDensity((level + 0.5 - mean) / scale) - share);
    return (low - high) / scale;
  });
}

/** ln(F(high) − F(low)), taken in the tail where both are small. */
function logShare(logCdf: (x: number) => number, low: number, high: number): number {
  if (low === -Infinity) return high === Infinity ? 0 : logCdf(high);
  if (high === Infinity) return logCdf(-low);
  const [large, small] = low + high > 0 ? [logCdf(-low), logCdf(-high)] : [logCdf(high), logCdf(low)];
  return large + Math.log(-Math.expm1(small - large));
}
