// Sampling one element at a time: what the engine is asked and answers, and the tree of branches that grows from it.
// Types only. A path is the list of chosen ids after the prompt; the engine remembers nothing that a view relies on.
import type { Badge } from './figure';
import type { LatticeColumns, LengthRule, Stopped } from './sample';
import type { TreeNode } from './tree';

export interface SamplerSettings {
  /** 0: the most likely element, always. */
  readonly temperature: number;
  readonly topK?: number;
  readonly topP?: number;
  readonly minP?: number;
  /** 1: off. */
  readonly repetitionPenalty: number;
  readonly seed: number;
}

export interface SamplerStepParams {
  readonly model: string;
  readonly prompt: string;
  /** Chosen ids after the prompt; how many there are is the index of the next draw. */
  readonly path: readonly number[];
  readonly settings: SamplerSettings;
  /** How many candidates are told apart: 20 when absent. */
  readonly top?: number;
}

/** What the distribution passes through, in this order. */
export type SamplerStageKind = 'model' | 'penalty' | 'temperature' | 'topK' | 'topP' | 'minP';

export interface SamplerStage {
  readonly by: SamplerStageKind;
  /** Of each candidate, after this stage. */
  readonly probability: Float64Array;
  /** All ids that are no candidate, together. */
  readonly tail: number;
  /** Ids with a probability left. */
  readonly kept: number;
  /** Ids cut here, and their probability in the distribution this stage was given. */
  readonly cutCount: number;
  readonly cutMass: number;
  /** ½ Σ |p − q| between the stage before and this one: for a cut, the mass that it cut. 0 for 'model'. */
  readonly moved: number;
  /** Of 'penalty' only: ids of the context, and their probability before and after. */
  readonly seen?: { readonly count: number; readonly before: number; readonly after: number };
  /** Nats. */
  readonly entropy: number;
}

/**
 * The draw laid open: log p plus Gumbel noise, the largest sum wins. Lists the step's candidates, and the largest sums
 * where those are none of them: largest sum first, then what was cut, likeliest first.
 */
export interface SamplerDraw {
  readonly id: Int32Array;
  readonly texts: readonly string[];
  /** Nats, under what is drawn from; −∞ where cut. */
  readonly logProb: Float64Array;
  /** The same for the same seed, draw and id, whatever the settings. */
  readonly noise: Float64Array;
  /** −∞ where cut. */
  readonly sum: Float64Array;
  /** Among all that may be drawn; 1 is drawn, 0 where cut. */
  readonly rank: Int32Array;
}

export interface SamplerElement {
  readonly id: number;
  readonly text: string;
  /** Nats, under the model's own distribution. */
  readonly logProb: number;
  /** Nats, under the distribution that was drawn from; null where it was cut, which only a forced choice can be. */
  readonly drawnLogProb: number | null;
}

/** What the softmax is given: of each candidate, after the repetition penalty and before the temperature. */
export interface SamplerLogits {
  readonly value: Float64Array;
  /** ln Σ exp(logit / temperature) over all ids, candidates or not; of temperature 1 where the temperature is 0. */
  readonly logSum: number;
}

/** The distribution after a path, stage by stage, and what the seed draws from it. */
export interface SamplerStep {
  /** Which draw this is: the length of the path. */
  readonly index: number;
  /** Text of the path, without the prompt. */
  readonly text: string;
  readonly vocabulary: number;
  /** Ids of nothing left first: those that may be drawn, likeliest first, then those that were cut, likeliest first. */
  readonly id: Int32Array;
  readonly texts: readonly string[];
  readonly logits: SamplerLogits;
  /** From 'model' to the last filter that is on: at least 'model' and 'temperature'. */
  readonly stages: readonly SamplerStage[];
  /** The model's probability of all that may be drawn. */
  readonly keptMass: number;
  readonly drawn: SamplerElement;
  readonly draw: SamplerDraw;
  /** How the token that ends a text reads, where the tokenizer has one; else ''. */
  readonly end: string;
  /** Tokens that the model sees here, the prompt's and BOS among them, and the most it can. */
  readonly window: number;
  readonly context: number;
  readonly likelihood: Badge;
  readonly family: string;
}

export interface SamplerForceParams extends SamplerStepParams {
  readonly id: number;
}

export interface SamplerRunParams extends SamplerStepParams {
  /** Elements to add. */
  readonly length: number;
  /** Texts that end the run once one of them has been written. */
  readonly stop: readonly string[];
  /** Also ends at the token that stands between texts. */
  readonly stopAtEnd: boolean;
}

export interface SamplerRunResult {
  readonly stopped: Stopped;
  readonly elementsPerSecond: number;
}

export interface BeamSettings {
  /** Hypotheses kept at each step. */
  readonly width: number;
  /** Elements of a hypothesis, at most. */
  readonly length: number;
  /** The exponent of the length penalty: 0 is none. */
  readonly lengthPenalty: number;
  readonly lengthRule: LengthRule;
}

export interface SamplerBeamParams extends BeamSettings {
  readonly model: string;
  readonly prompt: string;
  readonly path: readonly number[];
  readonly stop: readonly string[];
  readonly stopAtEnd: boolean;
}

export interface SamplerBeamProgress {
  /** Steps done of at most `length`. */
  readonly step: number;
  readonly length: number;
}

export interface BeamHypothesis {
  readonly ids: readonly number[];
  readonly text: string;
  /** Nats, under the model's own distribution. */
  readonly total: number;
  /** `total` over the length penalty: what hypotheses compare by. */
  readonly score: number;
  readonly stopped: Stopped;
}

export interface SamplerBeamResult {
  readonly lattice: LatticeColumns;
  /** Best score first; `node` is its last one in the lattice. */
  readonly hypotheses: ReadonlyArray<BeamHypothesis & { readonly node: number }>;
  /** A beam of one from the same place. */
  readonly greedy: BeamHypothesis;
  readonly likelihood: Badge;
}

/** One chosen element, in the order they were made. */
export interface SamplerNode extends TreeNode {
  readonly id: number;
  /** Under the settings it was chosen with. */
  readonly drawnLogProb: number | null;
}

/** Everything a person made, as the view keeps it: enough to go on after a reload. */
export interface SamplerDocument {
  readonly format: 2;
  readonly folder: string;
  readonly prompt: string;
  readonly settings: SamplerSettings;
  /** Elements that one run adds. */
  readonly length: number;
  readonly stop: readonly string[];
  readonly stopAtEnd: boolean;
  readonly beam: BeamSettings;
  /** The node that the beam on show starts from, −1 the end of the prompt; null: none is on show. */
  readonly searched: number | null;
  /** Between which distributions the two columns stand: before and after one stage, or before and after all. */
  readonly compared: SamplerStageKind | 'all';
  readonly nodes: readonly SamplerNode[];
  /** Index of the node the cursor is on; -1: at the end of the prompt. */
  readonly current: number;
}
