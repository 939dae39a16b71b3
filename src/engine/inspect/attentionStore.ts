// Traced layers of one window that was looked at, so that choosing another head costs no forward pass.
// Knows a model's `trace`; what is said about the maps is for others.
import { tensor2d } from '@tensorflow/tfjs-core';
import type { Model } from '../../families/family';
import { ArLensError } from '../../protocol/errors';
import { lowerTriangle } from './attentionMaps';

/** Bytes of square maps that one trace may hold at a time, and bytes of triangles kept afterwards. */
const TRACED_BYTES = 256 * 2 ** 20;
const KEPT_BYTES = 256 * 2 ** 20;

/** A layer's maps, one per head. */
export type LayerMaps = readonly Float32Array[];

/** Keeps the window that was looked at last. */
export class AttentionStore {
  private key = '';
  private last: TracedWindow | undefined;

  /** @param key tells the model's contents apart */
  window(key: string, model: Model, ids: Int32Array): TracedWindow {
    if (key !== this.key || this.last?.isOf(ids) !== true) this.last = new TracedWindow(model, ids);
    this.key = key;
    return this.last;
  }
}

export class TracedWindow {
  private readonly layers = new Map<number, LayerMaps>();
  private readonly rollouts = new Map<number, Float64Array>();

  constructor(
    private readonly model: Model,
    private readonly ids: Int32Array,
  ) {}

  isOf(ids: Int32Array): boolean {
    return ids.length === this.ids.length && ids.every((id, i) => id === this.ids[i]);
  }

  rollout(layer: number): Float64Array | undefined {
    return this.rollouts.get(layer);
  }

  keepRollout(layer: number, map: Float64Array): void {
    if (map.byteLength * (this.rollouts.size + 1) <= KEPT_BYTES) this.rollouts.set(layer, map);
  }

  /** @param ahead how many of the following layers will be asked for next: they are traced with it while they fit */
  async layer(layer: number, layers: number, heads: number, ahead: number): Promise<LayerMaps> {
    const known = this.layers.get(layer);
    if (known !== undefined) return known;
    const square = 4 * heads * this.ids.length ** 2;
    const together = Math.max(1, Math.min(ahead, layers - layer, Math.floor(TRACED_BYTES / square)));
    const wanted = Array.from({ length: together }, (_, i) => layer + i);
    const traced = await trace(this.model, this.ids, wanted, heads);
    this.keep(wanted, traced, square / 2);
    const first = traced[0];
    if (first === undefined) throw new RangeError(`attention: expected layer ${layer}, got none`);
    return first;
  }

  private keep(wanted: readonly number[], traced: readonly LayerMaps[], bytes: number): void {
    wanted.forEach((layer, i) => {
      const maps = traced[i];
      if (maps === undefined) return;
      this.layers.delete(layer);
      this.layers.set(layer, maps);
    });
    for (const oldest of this.layers.keys()) {
      if (this.layers.size <= 1 || this.layers.size * bytes <= KEPT_BYTES) break;
      this.layers.delete(oldest);
    }
  }
}

async function trace(
  model: Model,
  ids: Int32Array,
  wanted: readonly number[],
  heads: number,
): Promise<LayerMaps[]> {
  const inputs = tensor2d(ids, [1, ids.length], 'int32');
  try {
    const [traced] = (await model.trace?.(inputs, ['attention'], wanted)) ?? [];
    if (traced === undefined) throw new RangeError('attention: expected a trace, got none');
    const T = ids.length;
    return wanted.map((layer, i) =>
      Array.from({ length: heads }, (_, head) => {
        const at = (i * heads + head) * T * T;
        const { values, above } = lowerTriangle(traced.values.subarray(at, at + T * T), T);
        if (above === 0) return values;
        throw new ArLensError(
          'internal',
          `Attention of layer ${layer + 1}, head ${head + 1}: expected 0 for every masked position, got ${above}.`,
        );
      }),
    );
  } finally {
    inputs.dispose();
  }
}
