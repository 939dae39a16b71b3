// The contract every model family meets. A duty is required; a capability is declared by being there.
// Knows no family, no process, no file path: a family is code over tensors plus a schema.
import type { Tensor, Scalar, Variable, Rank } from '@tensorflow/tfjs-core';
import type { Static, TObject } from '@sinclair/typebox';

export type Domain = 'text' | 'image' | 'audio';
export type Likelihood = 'exact' | 'bound' | 'none';
/** strict: output i depends on inputs < i. shifted: output i depends on inputs ≤ i and predicts i+1. */
export type Causality = 'strict' | 'shifted';

export interface Reference {
  readonly title: string;
  readonly authors: string;
  readonly year: number;
  readonly identifier: string; // arXiv id, DOI or ISBN
}

/** Taps along the order of generation: of a sequence's positions, or of an image's sub-pixels. */
export type SequenceTaps =
  | { readonly kind: 'pointwise' }
  /** Reads positions ≤ its own, at most `window` of them (all when absent); `strict` leaves its own out. */
  | { readonly kind: 'causal'; readonly window?: number; readonly strict?: boolean };

/** A place in an image relative to the output's own: [rows down, columns right], so that [-1, 0] is the pixel above. */
export type Offset = readonly [rows: number, columns: number];

/** Which channel groups of its own pixel a group reads (R → G → B): none, those before it, those and its own, all. */
export type CentreTap = 'none' | 'before' | 'upTo' | 'all';

/** A masked convolution: every channel group of the pixels at `offsets`, and of its own pixel what `centre` says. */
export interface GridTaps {
  readonly kind: 'grid';
  /** Without [0, 0]. */
  readonly offsets: readonly Offset[];
  readonly centre: CentreTap;
}

/** What lies at the top left of the output's block of `side` × `side` pixels, all channels: a coarse feature spread out. */
export interface BlockTaps {
  readonly kind: 'block';
  readonly side: number;
}

/** Which inputs of the node before a node reads, per output position. */
export type Taps = SequenceTaps | GridTaps | BlockTaps;

/** An axis of a tensor: its letter (docs/style.md), and its size where the configuration decides it. */
export interface Axis {
  readonly letter: string;
  readonly size?: number;
}

export interface TapNode {
  readonly id: string;
  readonly title: string;
  readonly inputs: ReadonlyArray<{ readonly from: string; readonly taps: Taps }>;
  /** Trainable scalars in this node. */
  readonly parameters: number;
  /** What the node hands on, for diagrams. B and V have no size here: they are the batch's and the data's. */
  readonly shape?: readonly Axis[];
  /** Tensors inside it that a person should know of. */
  readonly inside?: ReadonlyArray<{ readonly title: string; readonly shape: readonly Axis[] }>;
}

/** Declared connectivity, inputs first; the node 'input' is implied and 'output' is the last. */
export interface TapGraph {
  readonly nodes: readonly TapNode[];
  /** An image's order of generation: which sub-pixel, counted in raster order, comes at each step. Absent: raster order. */
  readonly order?: Int32Array;
}

/** What the data decides about a model, beside its hyper-parameters. */
export interface TextFacts {
  /** Size of the tokenizer's vocabulary, special tokens included. */
  readonly vocabulary: number;
  readonly bos?: number;
  /** What ends a text, as config.json has it (Llama 3 has several): nothing here stops at it, others who load the model do. */
  readonly eos?: number | readonly number[];
}

/** Inputs and the elements they predict: `targets[b, t]` follows `inputs[b, ≤ t]`. */
export interface TextBatch {
  /** int32 [B, T] */
  readonly inputs: Tensor<Rank.R2>;
  /** int32 [B, T] */
  readonly targets: Tensor<Rank.R2>;
}

export interface LossOptions {
  /** Turns dropout on; every random choice follows from `seed` and `step`. */
  readonly training?: { readonly seed: number; readonly step: number };
}

export interface NamedVariable {
  /** The name in model.safetensors. */
  readonly name: string;
  readonly variable: Variable;
  /** Whether decoupled weight decay applies (matrices only). */
  readonly decays: boolean;
}

/** A distribution over the next element, as unnormalised log-probabilities [K] in host memory. */
export type Logits = Float32Array;

/** Incremental sampling: one element in, the next distribution out. The same numbers as `logits`. */
export interface Decoder {
  /** Elements that can still be stepped before the oldest context has to be dropped. */
  readonly room: number;
  /** Feeds several elements at once (a prompt); returns the distribution after the last. */
  prefill(elements: readonly number[]): Promise<Logits>;
  step(element: number): Promise<Logits>;
  /** Forgets everything, keeps the buffers. */
  reset(): void;
  dispose(): void;
}

export type TraceKind = 'attention';
export type Trace = {
  readonly kind: 'attention';
  /** Probabilities [L, H, T, T] of the layers asked for: masked entries are 0 and lie above the diagonal. */
  readonly layers: number;
  readonly heads: number;
  readonly length: number;
  readonly values: Float32Array;
};

/** All from 0. */
export interface AttentionPlace {
  readonly layer: number;
  readonly head: number;
  readonly row: number;
}
export interface AttentionScores {
  /** [row + 1]: what is masked is not there. */
  readonly scores: Float32Array;
  /** D: the numbers of one query. */
  readonly size: number;
}

export interface Model<C = unknown> {
  readonly config: C;
  /** Positions a window can hold. */
  readonly contextLength: number;
  readonly vocabulary: number;
  readonly variables: readonly NamedVariable[];
  /**
   * True where the logits of a position depend on how many positions stand in its window (some stretch rotary positions
   * by it): such a window may not be padded, and a score holds only while its window stays as long.
   */
  readonly dependsOnLength?: boolean;
  /** Mean nats per element where there is a likelihood. Differentiable unless the family has `fit`. */
  loss(batch: TextBatch, options?: LossOptions): Scalar;
  /** Teacher-forced logits [B, T, K]. */
  logits?(inputs: Tensor<Rank.R2>): Tensor<Rank.R3>;
  /** Nats of each target, [B, T]; only where the likelihood is exact or a bound. */
  logProb?(batch: TextBatch): Promise<Float32Array>;
  /** Only where sampling is sequential. */
  decoder?(): Decoder;
  /** Bytes that a decoder remembers of so many positions. */
  cacheBytes?(positions: number): number;
  /** @param layers only these, in rising order: one of a hundred maps need not make room for all. */
  trace?(inputs: Tensor<Rank.R2>, kinds: readonly TraceKind[], layers?: readonly number[]): Promise<Trace[]>;
  /** One row of one head before its softmax: q·k/√D with each position it may see. @param inputs int32 [1, T] */
  attentionRow?(inputs: Tensor<Rank.R2>, at: AttentionPlace): Promise<AttentionScores>;
  /** Closed-form training: one pass over the elements instead of gradient steps. */
  fit?(elements: Int32Array): void;
  dispose(): void;
}

/**
 * Weights from elsewhere (a file) in place of a seed: the values of the tensor of that name and shape, row-major.
 * A size of -1 takes any, for tables whose length the data decided. Throws when there is no such tensor.
 */
export type WeightSource = (name: string, shape: readonly number[]) => Float32Array;

/** How a family is laid out on disk. */
export interface FamilyFiles<C> {
  /** Values of `model_type` that `fromConfig` reads, for people who bring another; the family's id when absent. */
  readonly modelTypes?: readonly string[];
  /**
   * Our name for a tensor name met in somebody's file (an optional prefix, say); null for one that carries no weights of
   * its own and may be ignored. Absent: names are taken as they are.
   */
  canonicalName?(name: string, config: C): string | null;
  /** config.json's content; `model_type` names the family to other tools. */
  toConfig(config: C, facts: TextFacts): Record<string, unknown>;
  /** Null when this config.json is not this family's; throws an ArLensError-like sentence when it is but is wrong. */
  fromConfig(config: Readonly<Record<string, unknown>>): { config: C; facts: TextFacts } | null;
}

/** What the families of every domain say of themselves. */
export interface FamilyHead<S extends TObject = TObject> {
  readonly id: string;
  readonly title: string;
  readonly domain: Domain;
  readonly likelihood: Likelihood;
  readonly causality: Causality;
  readonly references: readonly Reference[];
  /** Hyper-parameters: one source for TypeScript types, the specs' JSON Schema and forms. */
  readonly schema: S;
  /** A small configuration for the contract suite and first tries. */
  readonly example: Static<S>;
  /** More of them, so that the contract suite meets every branch. */
  readonly variants?: ReadonlyArray<Static<S>>;
  /**
   * Hyper-parameters on which no weight's shape depends: a run that starts from somebody's weights may choose its own, and
   * a context among them may be shortened to what this machine can look at.
   */
  readonly free?: readonly string[];
  /** Checks what the schema cannot say (width divisible by heads); returns one sentence or null. */
  problem?(config: Static<S>): string | null;
}

/** A family of texts; those of images are in imageFamily.ts. */
export interface Family<S extends TObject = TObject> extends FamilyHead<S> {
  readonly domain: 'text';
  taps(config: Static<S>): TapGraph;
  /** The id of the node of `taps` that a variable belongs to, by the variable's name; one that several share: the first. */
  nodeOf(variable: string): string;
  /** @param from a seed, or the weights of a file */
  build(config: Static<S>, facts: TextFacts, from: number | WeightSource): Model<Static<S>>;
  readonly files: FamilyFiles<Static<S>>;
}
