// The architectures of Llama's shape and exactly how transformers has them differ. Knows no tensor and no file.

export const DIALECT_NAMES = ['llama', 'mistral', 'qwen2', 'qwen3'] as const;
export type Dialect = (typeof DIALECT_NAMES)[number];

export interface DialectRules {
  /** The class that transformers loads. */
  readonly architecture: string;
  /** Of attention: none, of queries, keys and values only, or of all four projections where a model says so. */
  readonly biases: 'none' | 'qkv' | 'choice';
  /** Whether a model may have biases in its MLP. */
  readonly mlpBias: boolean;
  /** A sliding window: none, one for all layers, or one for some. */
  readonly window: 'none' | 'all' | 'layers';
  /** Whether queries and keys are normalised head by head. */
  readonly headNorms: boolean;
  /** Whether the width must be a multiple of the heads even where the head size is given. */
  readonly widthOfHeads: boolean;
  /** What transformers takes where config.json leaves a key out. */
  readonly standard: {
    readonly vocabulary: number;
    readonly inner: number;
    /** Absent: as many as heads. */
    readonly kvHeads?: number;
    /** Absent: width divided by heads. */
    readonly headSize?: number;
    readonly positions: number;
    readonly bos?: number;
  };
}

export const DIALECTS: Readonly<Record<Dialect, DialectRules>> = {
  llama: {
    architecture: 'LlamaForCausalLM',
    biases: 'choice',
    mlpBias: true,
    window: 'none',
    headNorms: false,
    widthOfHeads: true,
    standard: { vocabulary: 32000, inner: 11008, positions: 2048, bos: 1 },
  },
  mistral: {
    architecture: 'MistralForCausalLM',
    biases: 'none',
    mlpBias: false,
    window: 'all',
    headNorms: false,
    widthOfHeads: false,
    standard: { vocabulary: 32000, inner: 14336, kvHeads: 8, positions: 131_072, bos: 1 },
  },
  qwen2: {
    architecture: 'Qwen2ForCausalLM',
    biases: 'qkv',
    mlpBias: false,
    window: 'layers',
    headNorms: false,
    widthOfHeads: false,
    standard: { vocabulary: 151_936, inner: 22016, kvHeads: 32, positions: 32_768 },
  },
  qwen3: {
    architecture: 'Qwen3ForCausalLM',
    biases: 'choice',
    mlpBias: false,
    window: 'layers',
    headNorms: true,
    widthOfHeads: false,
    standard: { vocabulary: 151_936, inner: 22016, kvHeads: 32, headSize: 128, positions: 32_768 },
  },
};

export function isDialect(name: unknown): name is Dialect {
  return DIALECT_NAMES.some((dialect) => dialect === name);
}
