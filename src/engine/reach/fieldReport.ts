// What an output sees of a grid, at every depth, for the stacks that stand side by side. Pure: reads no file, builds no
// network; stacks that were looked at last stay ready, since the next question is about the next output.
import { maySee } from '../../analysis/causality/declared';
import { DepthReach } from '../../analysis/reach/depths';
import { stepsOf } from '../../analysis/reach/generation';
import type { Family } from '../../families/family';
import type { ImageFamily } from '../../families/imageFamily';
import { IMAGE_FAMILIES } from '../../families/registry';
import { ArLensError } from '../../protocol/errors';
import type { ImageMaskLayer } from '../../protocol/images';
import {
  FIELD_LIMITS,
  type FieldParams,
  type FieldReport,
  type FieldSettings,
  type FieldStack,
} from '../../protocol/receptiveField';
import { imageMaskLayers } from '../images/imageMaskLayers';
import { bad, requireBelow } from './refusals';
import { hasLayers, imageStack, textStack, type Stack } from './stacks';

/** A spec's or a run's architecture: of images, or of a text. */
export type Architecture =
  | {
      readonly domain: 'image';
      readonly family: ImageFamily;
      readonly config: Parameters<ImageFamily['taps']>[0];
      readonly settings: FieldSettings;
      readonly from: FieldReport['from'];
    }
  | {
      readonly domain: 'text';
      readonly family: Family;
      readonly config: Parameters<Family['taps']>[0];
      readonly settings: FieldSettings;
      readonly from: FieldReport['from'];
    };

/** MNIST's size, and a stack whose blind spot can be seen. */
export const USUAL: FieldSettings = {
  height: 28,
  width: 28,
  channels: 1,
  layers: 8,
  kernel: 3,
  firstKernel: 7,
  families: ['pixelcnn', 'gatedPixelcnn'],
};

interface Ready {
  readonly stack: Stack;
  readonly reach: DepthReach;
  readonly masks: readonly ImageMaskLayer[];
  readonly orders: readonly string[];
  readonly order: string;
}

/** Stacks that are kept: two of each of the last settings. */
const KEPT = 4;
/** Of families that let nobody choose. */
const RASTER = 'raster';
/** Layers after which no other kind of kernel comes. */
const DIFFERENT = 3;

export class FieldStore {
  private readonly ready = new Map<string, Ready>();

  /** @param own the subject's architecture; the builder's settings alone when absent */
  report(params: Pick<FieldParams, 'settings' | 'position' | 'channel'>, own?: Architecture): FieldReport {
    const settings = requireSettings({ ...(own?.settings ?? USUAL), ...params.settings }, own);
    const text = own?.domain === 'text';
    const { channels } = settings;
    const { position, channel, output } = outputOf(params, settings);
    const found = settings.families.map((id) => this.stack(id, settings, own));
    const causality = text ? own.family.causality : 'strict';
    return {
      domain: text ? 'text' : 'image',
      settings,
      ...(own ? { own: own.settings } : {}),
      from: own?.from ?? 'builder',
      families: text
        ? [{ id: own.family.id, title: own.family.title, gated: false, measure: null }]
        : IMAGE_FAMILIES.map(({ id, title, gated = false, sensitivity = null }) => ({
            id,
            title,
            gated,
            measure: sensitivity,
          })),
      position,
      channel,
      causality,
      unit: text ? 'token' : channels > 1 ? 'subpixel' : 'pixel',
      orders: [...new Set(found.flatMap(({ orders }) => orders))],
      deepest: Math.max(1, settings.layers, ...found.map(({ stack }) => stack.saturated)),
      stacks: found.map(({ stack: { family, title, layered, deepest }, reach, masks, order }): FieldStack => {
        const step = stepsOf(deepest);
        const own = step(output);
        const first = reach.firstDepths(output);
        return {
          family,
          title,
          layered,
          first,
          allowed: maySee(causality, own, own) ? own + 1 : own,
          steps: deepest.order ? Int32Array.from(first, (_, input) => step(input)) : null,
          order,
          masks,
        };
      }),
    };
  }

  private stack(id: string, settings: FieldSettings, own: Architecture | undefined): Ready {
    // The depth is hardly a part of it: a stack is ready for all of them, and from three layers on has all its kernels.
    const layers = Math.min(settings.layers, DIFFERENT);
    const key = JSON.stringify([id, { ...settings, layers, families: [] }, own?.family.id, own?.config]);
    const ready = this.ready.get(key) ?? makeReady(id, settings, own);
    this.ready.delete(key);
    this.ready.set(key, ready);
    for (const [oldest] of this.ready) {
      if (this.ready.size <= KEPT) break;
      this.ready.delete(oldest);
    }
    return ready;
  }
}

function makeReady(id: string, settings: FieldSettings, own: Architecture | undefined): Ready {
  if (own?.domain === 'text') {
    const stack = textStack(own.family, own.config, settings.width);
    return { stack, reach: new DepthReach(stack, stack.shape), masks: [], orders: [], order: RASTER };
  }
  const family = IMAGE_FAMILIES.find((each) => each.id === id);
  if (!family) {
    const names = IMAGE_FAMILIES.map((each) => each.id).join(', ');
    throw new ArLensError('badInput', `families: expected ones of ${names}, got ${id}.`);
  }
  const config = configOf(family, settings, own?.family.id === id ? own.config : undefined);
  const problem = family.problem?.(config);
  if (typeof problem === 'string') throw new ArLensError('badInput', `${problem}.`);
  const { height, width, channels } = settings;
  // Levels change no connectivity.
  const facts = { height, width, channels, levels: 2 };
  const stack = imageStack(family, config, facts);
  const few = hasLayers(config) ? { ...config, layers: Math.min(config.layers, DIFFERENT) } : config;
  const masks = differing(imageMaskLayers(family.taps(few, facts), facts));
  return {
    stack,
    reach: new DepthReach(stack, stack.shape),
    masks,
    orders: ordersOf(family),
    order: orderName(config),
  };
}

function orderName(config: object): string {
  const order: unknown = Reflect.get(config, 'order');
  const seed: unknown = Reflect.get(config, 'orderSeed');
  if (typeof order !== 'string') return RASTER;
  return order === 'random' ? `random (seed ${String(seed)})` : order;
}

/** The family's own defaults, or the subject's configuration, with the settings that the family has. */
export function configOf(
  family: ImageFamily,
  settings: FieldSettings,
  own: Parameters<ImageFamily['taps']>[0] | undefined,
): Parameters<ImageFamily['taps']>[0] {
  const { properties } = family.schema;
  const config: Record<string, unknown> = { ...(own ?? family.example) };
  for (const [key, { default: usual }] of Object.entries(properties) as Array<
    [string, { default?: unknown }]
  >) {
    if (!own && usual !== undefined && key !== 'width') config[key] = usual;
  }
  for (const key of ['layers', 'kernel', 'firstKernel'] as const) {
    if (Object.hasOwn(properties, key)) config[key] = settings[key];
  }
  if (settings.order !== undefined && ordersOf(family).includes(settings.order))
    config['order'] = settings.order;
  return config;
}

/** What the schema of a family with an order lists. */
function ordersOf({ schema }: ImageFamily): string[] {
  const choices = (schema.properties as Record<string, { anyOf?: ReadonlyArray<{ const?: unknown }> }>)[
    'order'
  ]?.anyOf;
  return (choices ?? []).flatMap(({ const: name }) => (typeof name === 'string' ? [name] : []));
}

function differing(layers: readonly ImageMaskLayer[]): ImageMaskLayer[] {
  const known = new Map<string, ImageMaskLayer>();
  for (const layer of layers) {
    const key = JSON.stringify([layer.type, layer.rows, layer.centre]);
    if (!known.has(key)) known.set(key, layer);
  }
  return [...known.values()];
}

export function requireSettings(settings: FieldSettings, own: Architecture | undefined): FieldSettings {
  const { height, width, layers, kernel, firstKernel, channels, families } = settings;
  if (own?.domain === 'text') return { ...own.settings, layers };
  const { side } = FIELD_LIMITS;
  const within = { height: side, width: side, layers: FIELD_LIMITS.layers };
  for (const [name, value] of Object.entries({ height, width, layers })) {
    const { minimum, maximum } = within[name as keyof typeof within];
    if (Number.isInteger(value) && value >= minimum && value <= maximum) continue;
    throw bad(name, `a whole number from ${minimum} to ${maximum}`, value);
  }
  for (const [name, value] of Object.entries({ kernel, firstKernel })) {
    const { minimum, maximum } = FIELD_LIMITS[name as 'kernel' | 'firstKernel'];
    if (Number.isInteger(value) && value % 2 === 1 && value >= minimum && value <= maximum) continue;
    throw bad(name, `an odd number from ${minimum} to ${maximum}`, value);
  }
  if (channels !== 1 && channels !== 3) throw bad('channels', '1 or 3', channels);
  if (families.length < 1 || families.length > 2) throw bad('families', 'one or two', families.length);
  return settings;
}

/** Where the output lies: the middle where nobody says. @throws ArLensError where that is outside of the grid */
export function outputOf(
  asked: Pick<FieldParams, 'position' | 'channel'>,
  { height, width, channels }: Pick<FieldSettings, 'height' | 'width' | 'channels'>,
): { readonly position: readonly [number, number]; readonly channel: number; readonly output: number } {
  const [row, column] = asked.position ?? [Math.floor(height / 2), Math.floor(width / 2)];
  const channel = asked.channel ?? 0;
  requireBelow('position', 'rows', row, height);
  requireBelow('position', 'columns', column, width);
  requireBelow('channel', 'channels', channel, channels);
  return { position: [row, column], channel, output: (row * width + column) * channels + channel };
}
