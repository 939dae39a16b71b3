// The syntax tree of a regular expression as Oniguruma reads it. Types only.
import type { CodeTest } from '../unicode';

export type Node =
  | { readonly kind: 'set'; readonly test: CodeTest }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | Repeat
  /** What is inside matches as it first does, and is never tried again. */
  | { readonly kind: 'atomic'; readonly inner: Node }
  | { readonly kind: 'look'; readonly behind: boolean; readonly negative: boolean; readonly inner: Node }
  | { readonly kind: 'assertion'; readonly what: Assertion };

export interface Repeat {
  readonly kind: 'repeat';
  readonly inner: Node;
  readonly least: number;
  /** Infinity where there is no bound. */
  readonly most: number;
  readonly greedy: boolean;
}

export type Assertion =
  'lineStart' | 'lineEnd' | 'textStart' | 'textEnd' | 'textEndOrLast' | 'word' | 'noWord';

/** Code points that a node matches at least and at most. */
export function lengths(node: Node): readonly [least: number, most: number] {
  switch (node.kind) {
    case 'set':
      return [1, 1];
    case 'sequence':
      return node.parts.map(lengths).reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
    case 'choice': {
      const all = node.options.map(lengths);
      return [Math.min(...all.map(([least]) => least)), Math.max(...all.map(([, most]) => most))];
    }
    case 'repeat': {
      const [least, most] = lengths(node.inner);
      return [least * node.least, most === 0 ? 0 : most * node.most];
    }
    case 'atomic':
      return lengths(node.inner);
    case 'look':
    case 'assertion':
      return [0, 0];
    default:
      return node satisfies never;
  }
}
