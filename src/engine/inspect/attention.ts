// The `attention` call: who looks at whom in the window that holds a token; one map in full, or all of them small.
// Each kind of map is computed here once; views only draw.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { tensor2d } from '@tensorflow/tfjs-core';
import type { Encoded } from '../../data/tokenizer';
import type { AttentionRow, AttentionRowParams } from '../../protocol/attentionRow';
import type {
  AttentionMap,
  AttentionParams,
  AttentionResult,
  AttentionWindow,
  SmallAttention,
} from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type { LoadedModel } from '../models/modelFolder';
import { withBos } from '../scoring/sequenceScores';
import { defaultStride, windowAt, windowOf } from '../scoring/windows';
import {
  entropyCeilings,
  maskedBefore,
  meanMap,
  rollRow,
  rolloutWindows,
  rowEntropies,
  smallMap,
  triangleSize,
} from './attentionMaps';
import type { AttentionStore, TracedWindow } from './attentionStore';

/** Dots along a side of a small map: more than a thumbnail has pixels. */
const SMALL = 64;
/** Milliseconds of arithmetic before other calls, and a cancel, get their turn. */
const SLICE = 40;

interface Looker {
  readonly traced: TracedWindow;
  readonly length: number;
  readonly layers: number;
  readonly heads: number;
  readonly signal: AbortSignal;
}

export async function showAttention(
  loaded: LoadedModel,
  version: string,
  store: AttentionStore,
  params: AttentionParams,
  signal: AbortSignal,
): Promise<AttentionResult> {
  const { layers, heads } = shapeOf(loaded);
  const { window, ids } = windowWith(loaded, params);
  check('layer', params.layer, layers);
  check('head', params.head, heads);
  const traced = store.window(`${loaded.folder}\n${version}`, loaded.model, ids);
  const looker: Looker = { traced, length: ids.length, layers, heads, signal };
  const about = { layers, heads, window };
  if (params.layer === undefined)
    return { ...about, small: await smallMaps(looker, params.kind, windowsOf(loaded, layers, params.kind)) };
  const head = params.head ?? 0;
  const full = await oneMap(looker, params.kind, params.layer, head, 1);
  const slides = windowsOf(loaded, layers, params.kind)[params.layer];
  const map: AttentionMap = {
    kind: params.kind,
    layer: params.layer,
    head,
    values: maskedBefore(full, ids.length, slides),
    entropy: rowEntropies(full, ids.length),
    ceiling: entropyCeilings(ids.length, slides),
  };
  return { ...about, map };
}

/** The scores whose softmax is a row of the map in full. */
export async function attentionRow(loaded: LoadedModel, params: AttentionRowParams): Promise<AttentionRow> {
  const { layers, heads } = shapeOf(loaded);
  const { ids } = windowWith(loaded, params);
  const { layer, head, position } = params;
  check('layer', layer, layers);
  check('head', head, heads);
  check('position', position, ids.length);
  // Later tokens change nothing at this position: causality.
  const seen = ids.subarray(0, position + 1);
  const inputs = tensor2d(seen, [1, seen.length], 'int32');
  try {
    const found = await loaded.model.attentionRow?.(inputs, { layer, head, row: position });
    if (found === undefined) {
      throw new ArLensError('unsupported', `A ${loaded.family.title} does not tell the scores of a row.`);
    }
    return { layer, head, position, ...found };
  } finally {
    inputs.dispose();
  }
}

/** How many layers and heads a model has: its configuration says, under the names the families share. */
function shapeOf({ family, model }: LoadedModel): { readonly layers: number; readonly heads: number } {
  const { layers, heads } = model.config as { readonly layers?: unknown; readonly heads?: unknown };
  if (model.trace === undefined || typeof layers !== 'number' || typeof heads !== 'number') {
    throw new ArLensError(
      'unsupported',
      `A ${family.title} has no attention: it does not weigh the tokens before one another, so there is nobody to look at anybody.`,
    );
  }
  return { layers, heads };
}

/** How many positions, own one included, a row of each layer's map can see; undefined where that is all before it. */
function windowsOf(
  { family, model }: LoadedModel,
  layers: number,
  kind: AttentionParams['kind'],
): ReadonlyArray<number | undefined> {
  const attending = family
    .taps(model.config as Parameters<typeof family.taps>[0])
    .nodes.flatMap(({ inputs }) => inputs.flatMap(({ taps }) => (taps.kind === 'causal' ? [taps] : [])));
  const declared = Array.from({ length: layers }, (_, layer) => attending[layer]?.window);
  return kind === 'rollout' ? rolloutWindows(declared) : declared;
}

function check(name: string, value: number | undefined, count: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= 0 && value < count)) return;
  throw new ArLensError('badInput', `${name}: expected a whole number from 0 to ${count - 1}, got ${value}.`);
}

/** The first window that holds the token: the one in which `score` predicts it. */
function windowWith(
  { model, tokenizer }: LoadedModel,
  { text, token }: Pick<AttentionParams, 'text' | 'token'>,
): { readonly window: AttentionWindow; readonly ids: Int32Array } {
  if (text === '') throw new ArLensError('badInput', 'The text is empty: nobody looks at anybody.');
  const encoded = tokenizer.encode(text);
  const tokens = encoded.ids.length;
  if (!Number.isInteger(token) || token < 0 || token >= tokens) {
    throw new ArLensError(
      'badInput',
      `token: expected a whole number from 0 to ${tokens - 1}, got ${token}.`,
    );
  }
  const sequence = withBos(encoded.ids, tokenizer.bos);
  const offset = sequence.length - tokens;
  const { contextLength: context } = model;
  const windowing = { length: sequence.length, context, stride: defaultStride(context) };
  const { start } = windowAt(windowing, windowOf(windowing, token + offset));
  const ids = sequence.slice(start, start + context);
  const column = (values: Uint32Array) => Uint32Array.from(ids, (_, i) => values[start + i - offset] ?? 0);
  const places: Pick<Encoded, 'start' | 'end'> = encoded;
  return {
    ids,
    window: {
      start,
      length: ids.length,
      tokens,
      context,
      stride: windowing.stride,
      bos: tokenizer.bos !== undefined,
      token: Int32Array.from(ids, (_, i) => start + i - offset),
      texts: Array.from(ids, (id) => tokenizer.tokenText(id)),
      from: column(places.start),
      to: column(places.end),
    },
  };
}

/** @param windows by layer, where a window slides */
async function smallMaps(
  looker: Looker,
  kind: AttentionParams['kind'],
  windows: ReadonlyArray<number | undefined>,
): Promise<SmallAttention> {
  const { layers, length, signal } = looker;
  const columns = kind === 'heads' ? looker.heads : 1;
  const size = Math.min(length, SMALL);
  const dots = new Float32Array(layers * columns * size * size);
  const entropy = new Float64Array(layers * columns);
  const ceiling = Float64Array.from({ length: layers }, (_, layer) =>
    mean(entropyCeilings(length, windows[layer])),
  );
  for (let layer = 0; layer < layers; layer++) {
    for (let head = 0; head < columns; head++) {
      const map = await oneMap(looker, kind, layer, head, layers);
      const at = layer * columns + head;
      dots.set(smallMap(maskedBefore(map, length, windows[layer]), length, size), at * size * size);
      entropy[at] = mean(rowEntropies(map, length));
      await giveWay(signal);
    }
  }
  return { columns, size, dots, entropy, ceiling };
}

/** @param ahead how many layers from this one on will be asked for */
async function oneMap(
  looker: Looker,
  kind: AttentionParams['kind'],
  layer: number,
  head: number,
  ahead: number,
): Promise<ArrayLike<number>> {
  if (kind === 'rollout') return rollout(looker, layer);
  const { traced, layers, heads } = looker;
  const maps = await traced.layer(layer, layers, heads, ahead);
  return kind === 'mean' ? meanMap(maps) : (maps[head] ?? []);
}

/** From the highest layer below that is known; row by row, because 2,048 positions take seconds. */
async function rollout(looker: Looker, layer: number): Promise<Float64Array> {
  const { traced, length, layers, signal } = looker;
  let from = layer;
  while (from >= 0 && traced.rollout(from) === undefined) from--;
  let rolled = traced.rollout(from);
  for (let next = from + 1; next <= layer; next++) {
    const mean = await oneMap(looker, 'mean', next, 0, layers);
    const below = rolled;
    const above = new Float64Array(triangleSize(length));
    let began = performance.now();
    for (let i = 0; i < length; i++) {
      rollRow(above, mean, i, below);
      if (performance.now() - began < SLICE) continue;
      await giveWay(signal);
      began = performance.now();
    }
    traced.keepRollout(next, above);
    rolled = above;
  }
  return rolled ?? new Float64Array(triangleSize(length));
}

async function giveWay(signal: AbortSignal): Promise<void> {
  await nextTurn();
  if (signal.aborted) throw new ArLensError('cancelled', 'Looking at attention was cancelled.');
}

const mean = (values: Float64Array): number => values.reduce((sum, each) => sum + each, 0) / values.length;
