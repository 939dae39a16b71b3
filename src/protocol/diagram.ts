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

/** What a node reads of the one before it. */
export type DiagramReads = 'pointwise' | 'causal' | 'window' | 'strict' | 'strict window';

export interface DiagramNode {
  readonly id: string;
  readonly title: string;
  readonly inputs: ReadonlyArray<{
    readonly from: string;
    readonly reads: DiagramReads;
    /** Positions, its own among them unless strict. */
    readonly window?: number;
  }>;
  /** What it hands on. */
  readonly shape: readonly DiagramAxis[];
  readonly inside: readonly DiagramTensor[];
  /** Trainable numbers; one that several nodes use is counted once, in the first. */
  readonly parameters: number;
  readonly variables: ReadonlyArray<{ readonly name: string; readonly shape: readonly number[] }>;
}

export interface DiagramReport {
  readonly family: string;
  readonly title: string;
  /** Inputs first: 'input' is the first, 'output' the last. */
  readonly nodes: readonly DiagramNode[];
  /** Of the whole model: the sum over the nodes. */
  readonly parameters: number;
  readonly weights: 'own' | 'random';
  readonly vocabulary: number;
  /** The data decides the vocabulary and was not read: `vocabulary`, and what is counted with it, is a stand-in's. */
  readonly standIn: boolean;
}
