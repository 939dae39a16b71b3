// What every tree of branches is made of, whatever is sampled: a choice hangs at the one before it. Types only.

/** One choice, or a stretch that begins with one. Nodes stand so that a parent comes before its children. */
export interface TreeNode {
  /** Index of the parent; -1: it hangs at the root. */
  readonly parent: number;
  readonly text: string;
  /** Nats of the choice, under the model's own distribution. */
  readonly logProb: number;
  readonly forced: boolean;
  /** A beam search found it: nothing was drawn. */
  readonly beam?: true;
  /** Of the branch that ends here. */
  readonly name?: string;
}
