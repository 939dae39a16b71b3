// The axes of what a decoder-only transformer's nodes hand on, for diagrams. Letters are those of docs/style.md.
import type { Axis, TapNode } from '../family';

const axis = (letter: string, size?: number): Axis => (size === undefined ? { letter } : { letter, size });

export interface BlockSizes {
  readonly width: number;
  readonly contextLength: number;
  readonly heads: number;
  readonly keyHeads?: number;
  readonly headSize: number;
  readonly innerWidth: number;
}

export interface BlockShapes {
  readonly stream: readonly Axis[];
  readonly logits: readonly Axis[];
  readonly attention: NonNullable<TapNode['inside']>;
  readonly mlp: NonNullable<TapNode['inside']>;
}

export function blockShapes(sizes: BlockSizes): BlockShapes {
  const { width, contextLength, heads, keyHeads = heads, headSize, innerWidth } = sizes;
  const [b, t, d] = [axis('B'), axis('T', contextLength), axis('D', headSize)];
  const [h, g] = [axis('H', heads), axis('G', keyHeads)];
  const shared = [
    { title: 'queries', shape: [b, h, t, d] },
    { title: 'keys and values, each', shape: [b, g, t, d] },
  ];
  const equal = [{ title: 'queries, keys and values, each', shape: [b, h, t, d] }];
  return {
    stream: [b, t, axis('C', width)],
    logits: [b, t, axis('V')],
    attention: [
      ...(keyHeads === heads ? equal : shared),
      { title: 'attention weights', shape: [b, h, t, t] },
    ],
    mlp: [{ title: 'hidden', shape: [b, t, axis('C', innerWidth)] }],
  };
}
