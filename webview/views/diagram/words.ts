// Shapes, counts and edges of a model in words. Pure.
import type { DiagramAxis, DiagramNode, DiagramReport } from '../../../src/protocol/diagram';
import { formatCount } from '../../ui/format';

/** [B, 64, 128]: a letter where nobody has decided the size. */
export const shapeText = (shape: readonly DiagramAxis[]): string =>
  `[${shape.map(({ letter, size }) => (size === null ? letter : formatCount(size))).join(', ')}]`;

/** [B, T, C]: what the sizes are sizes of. */
export const lettersText = (shape: readonly DiagramAxis[]): string =>
  `[${shape.map(({ letter }) => letter).join(', ')}]`;

export function readsText(input: DiagramNode['inputs'][number]): string {
  const { reads, window } = input;
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
    case 'grid':
      return gridText(input);
    case 'block':
      return `the top left of its ${input.side} × ${input.side} pixels`;
    default:
      return reads satisfies never;
  }
}

const CENTRE = {
  none: '',
  before: 'earlier channels of its own',
  upTo: 'its own up to its channel',
  all: 'its own',
} as const;

function gridText({ places = 0, centre = 'none' }: DiagramNode['inputs'][number]): string {
  const around = places === 0 ? '' : `${formatCount(places)} ${places === 1 ? 'pixel' : 'pixels'} around`;
  return [around, CENTRE[centre]].filter((part) => part !== '').join(' and ');
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

/** Where letters mean something else, or more, of an image. A Transformer over pixels has heads and no rows. */
const MEANING_OF_IMAGES: Readonly<Record<string, string>> = {
  B: 'images of a batch',
  T: 'sub-pixels, in the order of generation',
  C: 'features, at the end channels',
  K: 'levels',
  V: 'levels',
  W: 'columns',
};

/** Every letter that the diagram uses, with what it means and its sizes. */
export function lettersOf({ domain, nodes }: DiagramReport): ReadonlyArray<{
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
  const meaningOf = (letter: string): string => {
    if (domain === 'text') return MEANING[letter] ?? 'an axis';
    if (letter === 'H' && sizes.has('W')) return 'rows';
    return MEANING_OF_IMAGES[letter] ?? MEANING[letter] ?? 'an axis';
  };
  return [...sizes].map(([letter, known]) => ({
    letter,
    meaning: meaningOf(letter),
    sizes: [...known].sort((a, b) => a - b),
  }));
}

export function diagramSentence(name: string, { title, nodes, parameters }: DiagramReport): string {
  return `${name}: a ${title} of ${formatCount(nodes.length)} nodes and ${formatCount(parameters)} parameters`;
}
