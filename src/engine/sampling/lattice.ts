// A beam's lattice and length penalty as they cross the protocol. Knows no model; runs anywhere.
import type { LatticeNode, LengthNormalization } from '../../decoding/beam';
import type { LatticeColumns, LengthRule } from '../../protocol/sample';

export function normalizationOf({
  lengthPenalty,
  lengthRule,
}: {
  readonly lengthPenalty: number;
  readonly lengthRule: LengthRule;
}): LengthNormalization {
  return lengthPenalty === 0 ? { kind: 'none' } : { kind: lengthRule, alpha: lengthPenalty };
}

const FATES = ['cut', 'kept', 'ended'] as const;

export function latticeColumns(
  lattice: readonly LatticeNode[],
  tokenText: (id: number) => string,
): LatticeColumns {
  return {
    step: Int32Array.from(lattice, ({ step }) => step),
    parent: Int32Array.from(lattice, ({ parent }) => parent),
    id: Int32Array.from(lattice, ({ id }) => id),
    logProb: Float64Array.from(lattice, ({ logProb }) => logProb),
    total: Float64Array.from(lattice, ({ total }) => total),
    score: Float64Array.from(lattice, ({ score }) => score),
    fate: Uint8Array.from(lattice, ({ fate }) => FATES.indexOf(fate)),
    texts: [...new Set(lattice.map(({ id }) => id))].map((id) => [id, tokenText(id)] as const),
  };
}
