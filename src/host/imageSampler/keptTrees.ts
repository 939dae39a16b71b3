// What VS Code keeps of an image sampler, to and from text: the choice, the kept region, and the trees as far as they are not too much.
// What is read was in anybody's hands: a tree that does not fit is left out.
import type { ImageSamplerChoice, Keeping } from '../../protocol/imageSamplerView';
import type { ImageModelInfo } from '../../protocol/imageSets';
import { isCount, isObject } from '../sampler/kept';
import { readSettings } from './choice';
import type { Drawing } from './drawing';
import type { ImageBranch } from './imageBranch';
import { MOST_BRANCHES, ROOT, type ImageTree } from './imageTree';

/** Of a session. */
interface Kept {
  readonly choice: ImageSamplerChoice;
  readonly drawing: Drawing;
  readonly keeping: Keeping | undefined;
}

/** Steps of all branches: VS Code writes a view's state out as a whole, some 7 characters a step. */
const MOST_STEPS = 100_000;
/** Bytes that become characters in one call. */
const PIECE = 8192;

export function keptOf({ choice, drawing, keeping }: Kept): object {
  const { trees, places } = drawing;
  const region = keeping && { keeping: { ...keeping, levels: toText(keeping.levels) } };
  const own = ({ steps, from }: ImageBranch) => steps - from;
  const total = trees.reduce(
    (sum, { branches }) => sum + branches.reduce((all, one) => all + own(one), 0),
    0,
  );
  if (total > MOST_STEPS) return { ...choice, ...region };
  const isRaster = places.every((place, step) => place === step);
  return {
    ...choice,
    ...region,
    trees: trees.map(({ line, step, branches }) => ({ line, step, branches: branches.map(keptBranch) })),
    ...(isRaster ? {} : { places: toText(new Uint8Array(places.slice().buffer)) }),
  };
}

export function restore(drawing: Drawing, kept: unknown): void {
  if (!isObject(kept) || !Array.isArray(kept['trees'])) return;
  const places = new Int32Array(fourByFour(kept['places']));
  if (places.length === drawing.size && places.every((place) => place >= 0 && place < drawing.size))
    drawing.places.set(places);
  kept['trees'].forEach((each: unknown, image) => {
    const tree = drawing.trees[image];
    if (tree !== undefined && isObject(each)) restoreTree(tree, each);
  });
}

/** What a region was kept of, where it is of images of this size. */
export function readKeeping(kept: unknown, { height, width, channels }: ImageModelInfo): Keeping | undefined {
  const keeping: unknown = isObject(kept) ? kept['keeping'] : undefined;
  if (!isObject(keeping) || typeof keeping['file'] !== 'string' || !isObject(keeping['region']))
    return undefined;
  const levels = fromText(keeping['levels']);
  const { top, left, bottom, right } = keeping['region'];
  if (!isCount(top) || !isCount(left) || !isCount(bottom) || !isCount(right)) return undefined;
  const fits = top < bottom && bottom <= height && left < right && right <= width;
  if (!fits || levels.length !== height * width * channels) return undefined;
  return { file: keeping['file'], levels, region: { top, left, bottom, right } };
}

function keptBranch(branch: ImageBranch): object {
  const { parent, from, steps, forced, turns, name } = branch;
  const length = steps - from;
  const nats = Float32Array.from({ length }, (_, at) => branch.nats(from + at, from + at + 1));
  return {
    ...{ parent, from, name, turns },
    forced: [...forced],
    levels: toText(branch.levels(from, steps)),
    nats: toText(new Uint8Array(nats.buffer)),
  };
}

function restoreTree(tree: ImageTree, { line, step, branches }: Record<string, unknown>): void {
  if (!Array.isArray(branches) || branches.length > MOST_BRANCHES) return;
  for (const each of branches as readonly unknown[]) if (!restoreBranch(tree, each)) break;
  if ((line === ROOT || isCount(line)) && isCount(step)) tree.go(line, step);
}

/** @returns whether it is one that this tree could have */
function restoreBranch(tree: ImageTree, kept: unknown): boolean {
  if (!isObject(kept)) return false;
  const { parent, from, name, forced, turns } = kept;
  const levels = fromText(kept['levels']);
  const nats = new Float32Array(fourByFour(kept['nats']));
  if (!isCount(from) || !Array.isArray(turns) || !Array.isArray(forced)) return false;
  if (levels.length === 0 || levels.length !== nats.length || from + levels.length > tree.size) return false;
  const hangs = parent === ROOT ? from === 0 : isCount(parent) && from < (tree.branches[parent]?.steps ?? 0);
  if (!hangs || !nats.every(Number.isFinite)) return false;
  const settings = new Map(
    turns.filter(isObject).map((turn) => [turn['step'], readSettings(turn['settings'])] as const),
  );
  let now = settings.get(from);
  if (now === undefined) return false;
  const branch = tree.append(parent as number, from);
  levels.forEach((level, at) => {
    now = settings.get(from + at) ?? now;
    if (now !== undefined) branch.add(level, -(nats[at] ?? 0), now, forced.includes(from + at));
  });
  if (typeof name === 'string') branch.name = name;
  return true;
}

/** Base64: one character stands for six bits, whatever the bits are. */
function toText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE)
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(text);
}

function fromText(text: unknown): Uint8Array<ArrayBuffer> {
  try {
    const bytes = typeof text === 'string' ? atob(text) : '';
    return Uint8Array.from(bytes, (character) => character.charCodeAt(0));
  } catch {
    return new Uint8Array(0);
  }
}

function fourByFour(text: unknown): ArrayBuffer {
  const { buffer, length } = fromText(text);
  return buffer.slice(0, length - (length % 4));
}
