// What `diagram` answers: a model's nodes and edges with shapes and parameter counts. Types only.

/** `size` is null where nobody has decided it: the batch of a model that only predicts, a length without a limit. */
export interface DiagramAxis {
  readonly letter: string;
  readonly size: number | null;
}

export interface DiagramTensor {
  readonly title: string;
  readonly shape: readonly DiagramAxis[];
}

/** What a node reads of the one before it; `grid` and `block` are of images. */
export type DiagramReads = 'pointwise' | 'causal' | 'window' | 'strict' | 'strict window' | 'grid' | 'block';

export interface DiagramNode {
  readonly id: string;
  readonly title: string;
  readonly inputs: ReadonlyArray<{
    readonly from: string;
    readonly reads: DiagramReads;
    /** Positions, its own among them unless strict. */
    readonly window?: number;
    /** Of a grid: pixels around its own that are read. */
    readonly places?: number;
    /** Of a grid: which channel groups of its own pixel are read. */
    readonly centre?: 'none' | 'before' | 'upTo' | 'all';
    /** Of a block: its side in pixels, of which the top left is read. */
    readonly side?: number;
  }>;
  /** What it hands on. */
  readonly shape: readonly DiagramAxis[];
  readonly inside: readonly DiagramTensor[];
  /** Trainable numbers; one that several nodes use is counted once, in the first. */
  readonly parameters: number;
  readonly variables: ReadonlyArray<{ readonly name: string; readonly shape: readonly number[] }>;
}

export interface DiagramReport {
  readonly domain: 'text' | 'image';
  readonly family: string;
  readonly title: string;
  /** Inputs first: 'input' is the first, 'output' the last. */
  readonly nodes: readonly DiagramNode[];
  /** Of the whole model: the sum over the nodes. */
  readonly parameters: number;
  readonly weights: 'own' | 'random';
  /** Of a text its tokens, of an image its levels. */
  readonly vocabulary: number;
  /** The data decides the vocabulary and was not read: `vocabulary`, and what is counted with it, is a stand-in's. */
  readonly standIn: boolean;
}
