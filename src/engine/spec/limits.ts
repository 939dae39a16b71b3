// Says whether a spec's model fits this machine before anything is allocated.
// Counts from the declared connectivity and the spec's sizes; knows no family by name.
import { totalmem } from 'node:os';
import type { Family } from '../../families/family';
import { subpixelsOf, type ImageFacts, type ImageFamily } from '../../families/imageFamily';

/** Kernels address one linear memory of at most 4 GiB; a run may also take no more than ¾ of the machine's memory. */
const ADDRESSABLE_BYTES = 4 * 2 ** 30;
const LARGEST_TRAINED = 2 ** 28;
const LARGEST_LOADED = 2 ** 30;

/**
 * Tokens of the longest window that is looked at where a model's weights leave its length open: attention maps grow with
 * the square of it, and an answer in the editor is due in seconds.
 */
export const LONGEST_CONTEXT = 1024;

interface Sized {
  readonly family: Family;
  readonly model: Parameters<Family['taps']>[0];
  /** Absent where the model is only looked into: no gradients, no moments, one layer's activations at a time. */
  readonly train?: { readonly batchSize: number };
  /** Where the data has said it. */
  readonly vocabulary?: number;
}

/** One sentence (expected …, got …), or undefined when it fits. */
export function sizeProblem(spec: Sized, memory = totalmem()): string | undefined {
  const parameters = allParameters(spec);
  const most = spec.train ? LARGEST_TRAINED : LARGEST_LOADED;
  if (parameters > most) return `expected at most ${most} parameters, got ${parameters}`;
  const limit = Math.min(ADDRESSABLE_BYTES, 0.75 * memory);
  const { bytes } = memoryNeeded(spec);
  if (!spec.train) {
    if (bytes <= limit) return undefined;
    return `expected a model that fits into ${mebibytes(limit)} MiB of memory, got about ${mebibytes(bytes)} MiB (${parameters} parameters)`;
  }
  if (bytes <= limit) return undefined;
  return (
    `expected a model and a batch that train within ${mebibytes(limit)} MiB of memory, ` +
    `got about ${mebibytes(bytes)} MiB (${parameters} parameters, batch of ${spec.train.batchSize})`
  );
}

/** Bytes of everything, and of the largest tensor: what a card must have room for before a model is put there. */
export interface MemoryNeeded {
  readonly bytes: number;
  readonly largest: number;
}

/** Weights, and in training their gradients and moments; then what the passes keep. */
export function memoryNeeded(spec: Sized): MemoryNeeded {
  const parameters = allParameters(spec);
  const length = sizeOf(spec, 'contextLength', 1);
  const rows = spec.train?.batchSize ?? 1;
  const width = sizeOf(spec, 'width', 1);
  const inner = Math.max(4 * width, sizeOf(spec, 'innerWidth', 0));
  const largest = Math.max(
    (spec.vocabulary ?? 256) * Math.max(width, rows * length),
    rows * length * Math.max(inner, sizeOf(spec, 'heads', 0) * length),
    width * inner,
  );
  const bytes = spec.train ? 16 * parameters + rows * rowBytes(spec) : 4 * parameters + lookBytes(spec);
  return { bytes, largest: 4 * largest };
}

/** Declared ones and the rows that the vocabulary adds. */
function allParameters(spec: Sized): number {
  const tables = spec.model['tiedHead'] === false ? 2 : 1;
  const embedded = (spec.vocabulary ?? 0) * sizeOf(spec, 'width', 0) * tables;
  return parameterCount(spec.family, spec.model) + embedded;
}

/** Trainable numbers, as the family declares them, embeddings included where it counts them. */
export function parameterCount(family: Family, model: Sized['model']): number {
  return family.taps(model).nodes.reduce((sum, node) => sum + node.parameters, 0);
}

/**
 * Bytes of what one training row keeps for the backward pass. A deliberate overestimate from the names that sizes
 * have in every family here: about sixteen values per layer, position and channel, and the attention maps twice.
 */
function rowBytes(spec: Sized): number {
  const length = sizeOf(spec, 'contextLength', 1);
  const perPosition = 16 * sizeOf(spec, 'width', 1) + 2 * sizeOf(spec, 'heads', 0) * length;
  return 4 * length * (sizeOf(spec, 'layers', 1) * perPosition + 3 * (spec.vocabulary ?? 256));
}

interface SizedImages {
  readonly family: ImageFamily;
  readonly model: Parameters<ImageFamily['taps']>[0];
  readonly train?: { readonly batchSize: number };
}

/** The same for images: their size is the data's. */
export function imageSizeProblem(
  spec: SizedImages,
  facts: ImageFacts,
  memory = totalmem(),
): string | undefined {
  const parameters = imageParameters(spec, facts);
  if (parameters > LARGEST_TRAINED) {
    return `expected at most ${LARGEST_TRAINED} parameters, got ${parameters}`;
  }
  const { bytes } = imageMemoryNeeded(spec, facts);
  const limit = Math.min(ADDRESSABLE_BYTES, 0.75 * memory);
  if (bytes <= limit) return undefined;
  const batch = spec.train?.batchSize ?? 1;
  return (
    `expected a model and a batch that train within ${mebibytes(limit)} MiB of memory, got about ` +
    `${mebibytes(bytes)} MiB (${parameters} parameters, batch of ${batch} images of ${facts.width} × ${facts.height})`
  );
}

/** Counts the features that a batch keeps for the backward pass. */
export function imageMemoryNeeded(spec: SizedImages, facts: ImageFacts): MemoryNeeded {
  const { nodes } = spec.family.taps(spec.model, facts);
  const width = Number(spec.model['width'] ?? 1);
  const batch = spec.train?.batchSize ?? 1;
  const pixels = batch * facts.height * facts.width;
  // Each layer keeps what it got and gave; the widest one is also laid out for its kernel's places, once at a time.
  const logits = facts.channels * facts.levels;
  const perPixel = 4 * nodes.length * width + 4 * logits;
  const places = nodes.flatMap(({ inputs }) =>
    inputs.map(({ taps }) => (taps.kind === 'grid' ? taps.offsets.length + 1 : 1)),
  );
  const columns = 2 * width * places.reduce((most, count) => Math.max(most, count), 1);
  // Attention keeps a map of each head and layer, and makes one more on the way back.
  const attending = nodes.filter(({ inputs }) =>
    inputs.some(({ taps }) => taps.kind === 'causal' && !taps.strict),
  ).length;
  const map = batch * Number(spec.model['heads'] ?? 1) * subpixelsOf(facts) ** 2;
  const maps = attending === 0 ? 0 : (attending + 1) * map;
  const bytes = 16 * imageParameters(spec, facts) + 4 * (pixels * (perPixel + columns) + maps);
  const largest = 4 * Math.max(pixels * columns, pixels * logits, attending === 0 ? 0 : map);
  return { bytes, largest };
}

function imageParameters({ family, model }: SizedImages, facts: ImageFacts): number {
  return family.taps(model, facts).nodes.reduce((sum, node) => sum + node.parameters, 0);
}

/** Bytes of one window's forward pass: a layer's activations and maps, the keys and values of all, and the logits. */
function lookBytes(spec: Sized): number {
  const length = sizeOf(spec, 'contextLength', 1);
  const width = Math.max(sizeOf(spec, 'width', 1), sizeOf(spec, 'innerWidth', 1) / 4);
  const perPosition = (16 + 2 * sizeOf(spec, 'layers', 1)) * width + 2 * sizeOf(spec, 'heads', 0) * length;
  return 4 * length * (perPosition + 3 * (spec.vocabulary ?? 256));
}

function sizeOf(spec: Sized, key: string, otherwise: number): number {
  const value: unknown = spec.model[key];
  return typeof value === 'number' ? value : otherwise;
}

export function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
