// What a formula is: LaTeX with slots, what its letters mean, and the same as arithmetic. Knows no view and no KaTeX.

export interface FormulaSymbol {
  readonly latex: string;
  /** In words; read out too. */
  readonly meaning: string;
}

export interface Formula<Values> {
  readonly title: string;
  /** The definition's two sides, letters only. */
  readonly left: string;
  readonly right: string;
  /** The right side with these numbers in it. */
  readonly numbers: (values: Values) => string;
  readonly symbols: readonly FormulaSymbol[];
  readonly unit: string;
  /** What it comes to; the natural logarithm of it where `logarithm` is set, because a double cannot hold it. */
  readonly evaluate: (values: Values) => number;
  readonly logarithm?: true;
}

/** The numbers that each formula takes. Nats unless a name says otherwise. */
export interface FormulaValues {
  /** NaN: a token without context, which is not scored and no term. */
  readonly chainRule: { readonly logProb: ArrayLike<number> };
  readonly negativeLogLikelihood: { readonly logProb: ArrayLike<number> };
  readonly bits: { readonly nats: number };
  readonly bitsPerToken: { readonly bits: number; readonly tokens: number };
  readonly bitsPerByte: { readonly bits: number; readonly bytes: number };
  readonly perplexity: { readonly nats: number; readonly tokens: number };
  readonly surprisal: { readonly logProb: number };
  readonly entropy: { readonly weights: ArrayLike<number> };
  readonly softmax: {
    /** Of the candidates, largest probability first. */
    readonly logits: ArrayLike<number>;
    readonly row: number;
    readonly temperature: number;
    /** ln Σ exp(z / T) over the whole vocabulary. */
    readonly logSum: number;
  };
  readonly greedy: { readonly logits: ArrayLike<number>; readonly row: number };
  readonly attention: { readonly scores: ArrayLike<number>; readonly column: number };
}
export type FormulaId = keyof FormulaValues;
