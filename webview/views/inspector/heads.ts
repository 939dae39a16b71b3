// Which of the attention's heads is looked at, and which tokens it looked at. Pure arithmetic over the typed columns.
import type { InspectedAttention, SeenToken } from '../../../src/protocol/inspect';

/** A head of a layer; without `head`, the mean over the layer's heads. */
export interface HeadChoice {
  readonly layer: number;
  readonly head?: number;
}

export interface Attended {
  readonly seen: SeenToken;
  readonly weight: number;
}

/** The tokens a head (or a layer's mean) looked at most, strongest first. */
export function attendedBy(attention: InspectedAttention, { layer, head }: HeadChoice): Attended[] {
  const { attended, heads } = attention;
  const mean = head === undefined;
  const from = (mean ? layer : layer * heads + head) * attended;
  return Array.from({ length: attended }, (_, k) => {
    const place = (mean ? attention.meanPlace : attention.place)[from + k] ?? -1;
    const seen = attention.seen[place];
    const weight = (mean ? attention.meanWeight : attention.weight)[from + k] ?? 0;
    return seen === undefined ? undefined : { seen, weight };
  }).filter((each) => each !== undefined);
}

/** The head with the largest single weight. */
export function strongestHead({ layers, heads, attended, weight }: InspectedAttention): HeadChoice {
  let best = 0;
  for (let row = 1; row < layers * heads; row++) {
    if ((weight[row * attended] ?? 0) > (weight[best * attended] ?? 0)) best = row;
  }
  return { layer: Math.floor(best / heads), head: best % heads };
}

/** What was kept as a setting, where this model has it; else the strongest head. */
export function chosenHead(attention: InspectedAttention, setting: string): HeadChoice {
  const [layer, head] = setting.split('.').map(Number);
  if (layer === undefined || !(layer < attention.layers)) return strongestHead(attention);
  if (head === undefined) return { layer };
  return head < attention.heads ? { layer, head } : { layer };
}

export const settingOf = ({ layer, head }: HeadChoice): string =>
  head === undefined ? String(layer) : `${layer}.${head}`;

/** Of 16 steps of the sequential scale; the root, so that small weights can be told apart. */
export const shadeOf = (weight: number): number =>
  Math.min(15, Math.floor(16 * Math.sqrt(Math.max(0, weight))));
