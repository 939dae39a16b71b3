// Shapes, counts and edges of a model in words. Pure.
import type { DiagramAxis, DiagramNode, DiagramReport } from '../../../src/protocol/diagram';
import { formatCount } from '../../ui/format';

/** [B, 64, 128]: a letter where nobody has decided the size. */
export const shapeText = (shape: readonly DiagramAxis[]): string =>
  `[${shape.map(({ letter, size }) => (size === null ? letter : formatCount(size))).join(', ')}]`;

/** [B, T, C]: what the sizes are sizes of. */
export const lettersText = (shape: readonly DiagramAxis[]): string =>
  `[${shape.map(({ letter }) => letter).join(', ')}]`;

export function readsText({ reads, window }: DiagramNode['inputs'][number]): string {
  switch (reads) {
    case 'pointwise':
      return 'its own position';
    case 'causal':
      return 'positions ≤ its own';
    case 'strict':
      return 'positions before its own';
    case 'window':
      return `its own and ${formatCount((window ?? 1) - 1)} before`;
    case 'strict window':
      return `${formatCount(window ?? 0)} before its own`;
    default:
      return reads satisfies never;
  }
}

const MEANING: Readonly<Record<string, string>> = {
  B: 'rows of a batch',
  T: 'positions of a window',
  C: 'channels',
  H: 'heads',
  G: 'heads of keys and values',
  D: 'numbers of one head',
  V: 'tokens of the vocabulary',
};

/** Every letter that the diagram uses, with what it means and its sizes. */
export function lettersOf({ nodes }: DiagramReport): ReadonlyArray<{
  readonly letter: string;
  readonly meaning: string;
  readonly sizes: readonly number[];
}> {
  const sizes = new Map<string, Set<number>>();
  for (const { shape, inside } of nodes) {
    for (const { letter, size } of [shape, ...inside.map((tensor) => tensor.shape)].flat()) {
      const known = sizes.get(letter) ?? new Set<number>();
      if (size !== null) known.add(size);
      sizes.set(letter, known);
    }
  }
  return [...sizes].map(([letter, known]) => ({
    letter,
    meaning: MEANING[letter] ?? 'an axis',
    sizes: [...known].sort((a, b) => a - b),
  }));
}

export function diagramSentence(name: string, { title, nodes, parameters }: DiagramReport): string {
  return `${name}: a ${title} of ${formatCount(nodes.length)} nodes and ${formatCount(parameters)} parameters`;
}
