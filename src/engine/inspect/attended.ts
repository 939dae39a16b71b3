// Where each head looked when the model predicted the token after a context: the last row of every attention matrix.
// Knows no text: places in the context and their weights; the caller names the tokens.
import { tensor2d } from '@tensorflow/tfjs-core';
import type { Trace } from '../../families/family';
import type { InspectedAttention, SeenToken } from '../../protocol/inspect';
import type { LoadedModel } from '../models/modelFolder';

/** All heads' matrices at once, in bytes: what an editor's helper may take for one look. */
const LARGEST_TRACE = 512 * 2 ** 20;

/** @param context the ids before the token, from its window's start: the mask hides whatever follows them. */
export async function attendedTokens(
  { family, model }: Pick<LoadedModel, 'family' | 'model'>,
  context: Int32Array,
  attended: number,
  seen: (place: number) => SeenToken,
): Promise<InspectedAttention | { readonly none: string }> {
  if (model.trace === undefined) {
    return { none: `${family.title} has no attention: it does not weigh earlier tokens by looking at them.` };
  }
  const heads = headsOf(model.config);
  if (heads * context.length ** 2 * 4 > LARGEST_TRACE) {
    return { none: `The attention over ${context.length} tokens is too large to be looked at as a whole.` };
  }
  const inputs = tensor2d(context, [1, context.length], 'int32');
  try {
    const [trace] = await model.trace(inputs, ['attention']);
    if (trace === undefined) return { none: `${family.title} has no attention.` };
    return lastRows(trace, attended, seen);
  } finally {
    inputs.dispose();
  }
}

/** Layers times heads where the configuration names them: enough to know a trace's size before it is made. */
function headsOf(config: unknown): number {
  const { layers, heads } = config as { readonly layers?: unknown; readonly heads?: unknown };
  return typeof layers === 'number' && typeof heads === 'number' ? layers * heads : 1;
}

function lastRows(
  { layers, heads, length, values }: Trace,
  wanted: number,
  seen: (place: number) => SeenToken,
): InspectedAttention {
  const attended = Math.min(wanted, length);
  const chosen = new Strongest(layers * heads, attended);
  const chosenMean = new Strongest(layers, attended);
  const total = new Float64Array(layers * heads);
  const entropy = new Float32Array(layers * heads);
  for (let layer = 0; layer < layers; layer++) {
    const mean = new Float64Array(length);
    for (let head = 0; head < heads; head++) {
      const row = layer * heads + head;
      const from = (row * length + length - 1) * length; // the last row of this head's matrix
      const weights = values.subarray(from, from + length);
      weights.forEach((weight, place) => {
        mean[place] = (mean[place] ?? 0) + weight / heads;
      });
      total[row] = weights.reduce((sum, each) => sum + each, 0);
      entropy[row] = weights.reduce((sum, p) => sum - (p > 0 ? p * Math.log2(p) : 0), 0);
      chosen.fill(row, weights);
    }
    chosenMean.fill(layer, mean);
  }
  const used = [...new Set([...chosen.place, ...chosenMean.place])].sort((a, b) => a - b);
  const index = new Map(used.map((place, at) => [place, at]));
  const toSeen = (places: Int32Array) => places.map((place) => index.get(place) ?? -1);
  return {
    layers,
    heads,
    positions: length,
    attended,
    place: toSeen(chosen.place),
    weight: chosen.weight,
    total,
    entropy,
    meanPlace: toSeen(chosenMean.place),
    meanWeight: chosenMean.weight,
    seen: used.map(seen),
  };
}

/** The places of each row's largest weights, strongest first, equal ones by place. */
class Strongest {
  readonly place: Int32Array;
  readonly weight: Float32Array;

  constructor(
    rows: number,
    private readonly count: number,
  ) {
    this.place = new Int32Array(rows * count);
    this.weight = new Float32Array(rows * count);
  }

  fill(row: number, weights: Float32Array | Float64Array): void {
    const order = Array.from(weights.keys()).sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
    for (let k = 0; k < this.count; k++) {
      this.place[row * this.count + k] = order[k] ?? 0;
      this.weight[row * this.count + k] = weights[order[k] ?? 0] ?? 0;
    }
  }
}
