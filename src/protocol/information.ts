// What `information` and `ablation` are asked and answer: what there is to know about a text, with and without a model.
// Types only. Likelihoods of the model stay in nats, as `score` gives them; what is named bits is in bits.
import type { Call } from './calls';
import type { Badge } from './figure';
import type { SeenToken } from './inspect';
import type { ScoreProgress, ScoreSummary } from './score';

export interface InformationParams {
  readonly model: string;
  readonly text: string;
  /** As in `score`: with the same `document`, `top` and `stride`, scores that are kept are not computed again. */
  readonly document?: string;
  readonly top?: number;
  readonly stride?: number;
  /** Of the shuffled control; 1 unless told. */
  readonly seed?: number;
}

/** Every token's scores as they come, then how far the counting is. */
export type InformationProgress =
  | { readonly kind: 'scores'; readonly scores: ScoreProgress }
  | { readonly kind: 'counting'; readonly doing: string; readonly share: number };

/** A mean along the text. Bits per token. */
export interface InformationMean {
  readonly bits: number;
  /** Tokens. */
  readonly count: number;
  /** Bits: from the means of `blocks` contiguous blocks of `blockLength` tokens. Null: too short a text to tell. */
  readonly standardErrorBits: number | null;
  readonly blocks: number;
  readonly blockLength: number;
}

export type BaselineId = 'unigramAdaptive' | 'unigramPlugIn' | 'bigramAdaptive' | 'bigramPlugIn';
export interface InformationBaseline {
  readonly id: BaselineId;
  readonly label: string;
  /** How it is estimated. One sentence. */
  readonly how: string;
  /** Knows the text's own counts beforehand: no code. */
  readonly optimistic: boolean;
  /** Of an adaptive one, the likelihood under its code; a plug-in one is no likelihood: nobody could code with it. */
  readonly badge: Badge;
  /** Over the tokens that the model's likelihood is over, too. */
  readonly count: number;
  readonly bits: number;
  readonly bitsPerToken: number;
  readonly bitsPerByte: number;
}

export type TokenClassId = 'whitespace' | 'words' | 'digits' | 'punctuation' | 'other';
export interface InformationClass {
  readonly id: TokenClassId;
  readonly label: string;
  readonly tokens: number;
  readonly scored: number;
  /** Tokens that are only a part of a character. */
  readonly parts: number;
  readonly bits: number;
  /** Of the bits of all classes. Null where there are none. */
  readonly share: number | null;
  /** Null where none of its tokens is scored. */
  readonly bitsPerToken: number | null;
}

/** amplitude · e^(−rate · d), or amplitude · d^(−rate). */
export interface DecayCurve {
  readonly kind: 'exponential' | 'power';
  /** Bits. */
  readonly amplitude: number;
  readonly rate: number;
  /** Bits, at every distance of the table. */
  readonly fittedBits: Float64Array;
  /** ln(estimate) − ln(fit), at the distances it was fitted to: the first of the table. */
  readonly residuals: Float64Array;
  /** Their root mean square over the points less two. */
  readonly residualError: number;
}

/** Mutual information of tokens by their distance, as columns over the distances. */
export interface MutualInformationTable {
  /** Tokens. */
  readonly distance: Int32Array;
  readonly pairs: Float64Array;
  /** Bias-corrected; below zero by chance. */
  readonly bits: Float64Array;
  readonly plugInBits: Float64Array;
  /** The same, corrected estimate of the shuffled text. */
  readonly shuffledBits: Float64Array;
  readonly correction: string;
  readonly seed: number;
  /** The largest of `shuffledBits`, above or below zero: the fits end before the first estimate not above it. */
  readonly chanceBits: number;
  /** How many distances the fits are of. */
  readonly used: number;
  readonly fits: readonly DecayCurve[];
}

export interface InformationReport {
  readonly summary: ScoreSummary;
  /** Conditional entropy under the model: the mean of the per-context entropies. */
  readonly conditionalEntropy: InformationMean;
  /** The mean of the surprisals: the loss, in bits. */
  readonly surprisal: InformationMean;
  readonly baselines: readonly InformationBaseline[];
  readonly classes: readonly InformationClass[];
  readonly mutualInformation: MutualInformationTable;
}

export interface AblationParams {
  readonly model: string;
  /** Absent: the text that was sent last under this `document` and `version`; 'notFound' where it is not kept. */
  readonly text?: string;
  readonly document?: string;
  readonly version?: number;
  /** Place in the text's token sequence, BOS not counted. */
  readonly token: number;
  readonly stride?: number;
}

/** Bits gained against a marginal; negative where the context loses. */
export interface AblationGain {
  /** H(X) − H(X | C = c). */
  readonly entropyBits: number;
  /** log₂ p(x | c) − log₂ p(x). */
  readonly tokenBits: number;
}

export interface AblationRow {
  /** How many tokens of the text, those right before it. */
  readonly tokens: number;
  /** BOS stands before them, as if the text began there. */
  readonly start: boolean;
  /** Nats. */
  readonly logProb: number;
  /** Nats: the entropy in this one context. */
  readonly entropy: number;
  readonly gain: {
    /** Against the model with BOS alone; null where it has none. */
    readonly model: AblationGain | null;
    /** Against the plug-in unigram of the whole text. */
    readonly unigram: AblationGain;
  };
}

export interface AblationReport {
  readonly family: string;
  readonly model: string;
  readonly device: string;
  readonly likelihood: Badge;
  readonly context: number;
  readonly stride: number;
  /** Of the whole text. */
  readonly tokens: number;
  /** The model has a start token. */
  readonly bos: boolean;
  readonly at: SeenToken;
  /** Just as `score` scores it. Null: nothing stands before the token, and the model has no BOS. */
  readonly full: AblationRow | null;
  /** BOS and the last 0, 1, 2, 4, … tokens: the score of the text shortened to them. Empty without a BOS. */
  readonly withStart: readonly AblationRow[];
  /** The last 1, 2, 4, … tokens and nothing in front: there is no row of 0, since a model needs something to read. */
  readonly alone: readonly AblationRow[];
  /** Nats. */
  readonly marginals: {
    readonly model: { readonly entropy: number; readonly logProb: number } | null;
    readonly unigram: { readonly entropy: number; readonly logProb: number };
  };
}

/** The interactive engine's part of it. */
export interface InformationCalls {
  /** What there is to know about a text: entropies, baselines, classes, dependence by distance. */
  information: Call<InformationParams, InformationReport, InformationProgress>;
  /** One token with ever shorter contexts. */
  ablation: Call<AblationParams, AblationReport>;
}
