// Declared against measured, cell by cell, and the sentence that says how they compare.
// A leak is what was measured and is not allowed; what is allowed and was not measured is told apart from it.
import type { Causality } from '../../families/family';
import type { BitMatrix } from '../bitMatrix';

export interface Pair {
  readonly output: number;
  readonly input: number;
}

/** Leaks of one distance: `offset` = input − output, so a positive one looks ahead. */
export interface LeakGroup {
  readonly offset: number;
  readonly count: number;
  readonly example: Pair;
}

export interface Comparison {
  readonly length: number;
  /** Cells compared: length². */
  readonly pairs: number;
  readonly leaks: readonly Pair[];
  /** Most cells first. */
  readonly leaksByOffset: readonly LeakGroup[];
  /** Allowed and not measured. */
  readonly unseen: readonly Pair[];
  readonly agrees: boolean;
  readonly verdict: string;
}

/** @param name how a position is called in the verdict */
export function compareConnectivity(
  allowed: BitMatrix,
  measured: BitMatrix,
  name: (position: number) => string = String,
): Comparison {
  const length = allowed.rows;
  const leaks: Pair[] = [];
  const unseen: Pair[] = [];
  for (let output = 0; output < length; output++) {
    for (let input = 0; input < length; input++) {
      const [may, does] = [allowed.get(output, input), measured.get(output, input)];
      if (does && !may) leaks.push({ output, input });
      if (may && !does) unseen.push({ output, input });
    }
  }
  const pairs = length * length;
  const leaksByOffset = groupByOffset(leaks);
  return {
    length,
    pairs,
    leaks,
    leaksByOffset,
    unseen,
    agrees: leaks.length === 0 && unseen.length === 0,
    verdict: verdictOf(pairs, leaks, unseen, name),
  };
}

/** The same where a missing dependency proves nothing; `pairs` where not all of them were looked at. */
export function leaksOnly(comparison: Comparison, pairs = comparison.pairs): Comparison {
  const { leaks } = comparison;
  const none = `no leak in ${number(pairs)} ${pairs === 1 ? 'pair' : 'pairs'}`;
  return {
    ...comparison,
    pairs,
    unseen: [],
    agrees: leaks.length === 0,
    verdict: leaks.length === 0 ? none : verdictOf(pairs, leaks, [], String),
  };
}

/** Where a leak looks, in words: the named causality decides what "its own" means. */
export function offsetWords({ offset, count }: LeakGroup, causality: Causality): string {
  const cells = `${number(count)} ${count === 1 ? 'pair' : 'pairs'}`;
  if (offset > 0) return `${cells} ${number(offset)} ahead`;
  if (offset === 0)
    return `${cells} at its own position${causality === 'strict' ? ', which strict excludes' : ''}`;
  return `${cells} ${number(-offset)} behind, which is not declared`;
}

function verdictOf(
  pairs: number,
  leaks: readonly Pair[],
  unseen: readonly Pair[],
  name: (position: number) => string,
): string {
  const [leak, missed] = [leaks[0], unseen[0]];
  if (leak) {
    const words = leaks.length === 1 ? '1 leak' : `${number(leaks.length)} leaks`;
    return `${words}: output ${name(leak.output)} depends on input ${name(leak.input)}`;
  }
  if (missed) {
    const words =
      unseen.length === 1 ? '1 declared pair was' : `${number(unseen.length)} declared pairs were`;
    return `no leak, but ${words} not measured: output ${name(missed.output)} never changed with input ${name(missed.input)}`;
  }
  return `declared = measured over ${number(pairs)} ${pairs === 1 ? 'pair' : 'pairs'}`;
}

function groupByOffset(leaks: readonly Pair[]): LeakGroup[] {
  const groups = new Map<number, LeakGroup>();
  for (const example of leaks) {
    const offset = example.input - example.output;
    const group = groups.get(offset) ?? { offset, count: 0, example };
    groups.set(offset, { ...group, count: group.count + 1 });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || a.offset - b.offset);
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
