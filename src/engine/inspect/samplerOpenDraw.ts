// A draw laid open for a view: the candidates it lists anyway, and the largest sums where those are none of them.
import { largestSums, type GumbelDraw } from '../../decoding/gumbel';
import type { SamplerDraw } from '../../protocol/sampler';

/** So many of the largest sums are always listed: the winner may be an unlikely one. */
const ALWAYS = 5;

/** @param listed the step's candidates, what was cut last. */
export function samplerOpenDraw(
  draw: GumbelDraw,
  probability: Float64Array,
  listed: Int32Array,
  tokenText: (id: number) => string,
): SamplerDraw {
  const order = largestSums(draw, draw.sum.length);
  const rank = new Map(order.map((id, index) => [id, index + 1]));
  const wanted = new Set([...listed, ...order.slice(0, ALWAYS)]);
  const cut = Array.from(listed).filter((id) => !rank.has(id));
  const id = Int32Array.from([...order.filter((each) => wanted.has(each)), ...cut]);
  return {
    id,
    texts: Array.from(id, tokenText),
    logProb: Float64Array.from(id, (each) => Math.log(probability[each] ?? 0)),
    noise: Float64Array.from(id, (each) => draw.noise[each] ?? NaN),
    sum: Float64Array.from(id, (each) => draw.sum[each] ?? -Infinity),
    rank: Int32Array.from(id, (each) => rank.get(each) ?? 0),
  };
}
