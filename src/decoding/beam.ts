// Beam search over any source of distributions: the likeliest continuations that a narrow search finds, and the lattice
// it walked. Knows no model and no cache: where distributions come from, and how states fork, is the caller's.
import { ArLensError } from '../protocol/errors';
import { logSoftmax, type LogitsLike } from './distribution';

/** The distribution after each of several sequences, in their order. All have the same length. */
export type Continue = (sequences: ReadonlyArray<readonly number[]>) => Promise<readonly LogitsLike[]>;

/**
 * Beam search prefers short endings, because every further element costs. Length normalisation is the cure: finished and
 * unfinished hypotheses compare by log p divided by the penalty of the n elements found. 'none': 1. 'power': n^alpha;
 * alpha 1 is the mean log-prob of an element. 'gnmt': ((5 + n) / 6)^alpha (Wu et al. 2016, arXiv 1609.08144, eq. 14).
 */
export type LengthNormalization =
  { readonly kind: 'none' } | { readonly kind: 'power' | 'gnmt'; readonly alpha: number };

export interface BeamOptions {
  /** What stands before the search, at least one element. */
  readonly prompt: readonly number[];
  /** Elements to add, at most. */
  readonly length: number;
  /** Hypotheses kept at each step. 1 is greedy. */
  readonly width: number;
  readonly normalization?: LengthNormalization;
  /** Whether a hypothesis, all its elements found so far, has ended; the last element belongs to it. */
  readonly stop?: (ids: readonly number[]) => boolean;
  readonly signal?: AbortSignal;
  /** Awaited after each step. */
  readonly onStep?: (step: number) => Promise<void>;
}

/** One extension that was considered. The lattice's nodes stand in the order of their steps. */
export interface LatticeNode {
  /** From 1. */
  readonly step: number;
  /** Index of the node that it extends; −1: the prompt. */
  readonly parent: number;
  readonly id: number;
  /** Nats, of this element. */
  readonly logProb: number;
  /** Nats, of all elements up to this one. */
  readonly total: number;
  /** `total` over the length penalty of its step. */
  readonly score: number;
  /** kept: extended further or returned; ended: met a stop; cut: out of the beam. */
  readonly fate: 'kept' | 'ended' | 'cut';
}

export interface Hypothesis {
  readonly ids: readonly number[];
  /** Nats of each element, under the model's own distribution. */
  readonly logProbs: readonly number[];
  /** Nats. */
  readonly total: number;
  /** What hypotheses are compared by. */
  readonly score: number;
  readonly ended: boolean;
  /** Index of its last node in the lattice. */
  readonly node: number;
}

export interface BeamResult {
  /** Best score first, at most `width`. */
  readonly hypotheses: readonly Hypothesis[];
  readonly lattice: readonly LatticeNode[];
}

/** Extensions shown per hypothesis and step: those of the beam and as many that did not make it. */
const SHOWN_PER_KEPT = 2;

export async function beamSearch(next: Continue, options: BeamOptions): Promise<BeamResult> {
  checkBeamOptions(options);
  const { prompt, length, width, stop, signal } = options;
  const normalization = options.normalization ?? { kind: 'none' };
  const lattice: LatticeNode[] = [];
  const finished: Hypothesis[] = [];
  let beam: Hypothesis[] = [{ ids: [], logProbs: [], total: 0, score: 0, ended: false, node: -1 }];
  for (let step = 1; step <= length && beam.length > 0; step++) {
    if (signal?.aborted) throw new ArLensError('cancelled', 'The beam search was cancelled.');
    const rows = await next(beam.map(({ ids }) => [...prompt, ...ids]));
    const candidates = beam
      .flatMap((parent, index) => best(logSoftmax(rows[index] ?? []), width, parent))
      .sort((a, b) => b.total - a.total || a.parent.node - b.parent.node || a.id - b.id);
    const open: Hypothesis[] = [];
    for (const { parent, id, logProb, total } of candidates.slice(0, SHOWN_PER_KEPT * width)) {
      // An ending takes its place in the beam of this step only: it is not extended, and frees the place for the next.
      const room = open.length < width;
      const ids = [...parent.ids, id];
      const ends = room && stop?.(ids) === true;
      const fate = ends ? 'ended' : room ? 'kept' : 'cut';
      const score = scoreOf(total, step, normalization);
      const node = lattice.push({ step, parent: parent.node, id, logProb, total, score, fate }) - 1;
      if (fate === 'cut') continue;
      const hypothesis = { ids, logProbs: [...parent.logProbs, logProb], total, score, ended: ends, node };
      (ends ? finished : open).push(hypothesis);
    }
    beam = open;
    await options.onStep?.(step);
    if (isDecided(finished, beam, width, length, normalization)) break;
  }
  const hypotheses = [...finished, ...beam.filter(({ ids }) => ids.length === length)]
    .sort((a, b) => b.score - a.score || a.node - b.node)
    .slice(0, width);
  return { hypotheses, lattice };
}

/** @throws ArLensError in one sentence that names the option. */
export function checkBeamOptions({ prompt, length, width, normalization }: BeamOptions): void {
  if (prompt.length === 0)
    throw new RangeError('beamSearch: expected a prompt of at least one element, got none');
  const whole = (name: string, value: number): void => {
    if (Number.isInteger(value) && value >= 1) return;
    throw new ArLensError('badInput', `${name}: expected a whole number of at least 1, got ${value}.`);
  };
  whole('length', length);
  whole('beam', width);
  const alpha = normalization === undefined || normalization.kind === 'none' ? 0 : normalization.alpha;
  if (!(alpha >= 0 && alpha < Infinity)) {
    throw new ArLensError('badInput', `length penalty: expected a number of at least 0, got ${alpha}.`);
  }
}

/** @param total nats of the `length` elements found. */
export function scoreOf(total: number, length: number, normalization: LengthNormalization): number {
  switch (normalization.kind) {
    case 'none':
      return total;
    case 'power':
      return total / length ** normalization.alpha;
    case 'gnmt':
      return total / ((5 + length) / 6) ** normalization.alpha;
    default:
      return normalization satisfies never;
  }
}

interface Candidate {
  readonly parent: Hypothesis;
  readonly id: number;
  readonly logProb: number;
  readonly total: number;
}

/** The likeliest extensions of one hypothesis; of equals the lower id; what is impossible is none. */
function best(logProb: Float64Array, width: number, parent: Hypothesis): Candidate[] {
  const ids = Uint32Array.from({ length: logProb.length }, (_, id) => id)
    .sort((a, b) => (logProb[b] ?? 0) - (logProb[a] ?? 0) || a - b)
    .slice(0, SHOWN_PER_KEPT * width);
  return Array.from(ids, (id) => ({
    parent,
    id,
    logProb: logProb[id] ?? -Infinity,
    total: parent.total + (logProb[id] ?? -Infinity),
  })).filter(({ total }) => total > -Infinity);
}

/** Whether no open hypothesis can still come among the best: the most it can score is its total spread over all. */
function isDecided(
  finished: readonly Hypothesis[],
  beam: readonly Hypothesis[],
  width: number,
  length: number,
  normalization: LengthNormalization,
): boolean {
  if (finished.length < width) return false;
  const worst = finished.map(({ score }) => score).sort((a, b) => b - a)[width - 1] ?? -Infinity;
  return beam.every(({ total }) => scoreOf(total, length, normalization) < worst);
}
