// What a text costs when only its tokens' counts are known: one by one (unigram) and after the one before (bigram).
// Two estimates of each, which must not be confused. Plug-in: the counts are those of the very text that is coded, and
// knowing them costs nothing, so no code of this kind can be shorter: it is optimistic. Adaptive: each token is coded
// by the counts of the tokens before it, which a decoder has too, so it is a fair code. Pure.
import { CompensatedSum } from '../../math/statistics';
import { PairTable } from './pairTable';

/** Pseudo-count of each symbol: Krichevsky and Trofimov, "The performance of universal encoding", 1981. */
const ADDED = 1 / 2;
/** Weight of the adaptive unigram after each token, in counts: as the training floors' bigram has it. */
const BACK_OFF = 1;
/** Tokens counted before the caller may do something else. */
const SLICE = 2 ** 17;

/** Nats over the tokens from `from` on. */
export interface BaselineCosts {
  readonly unigramPlugIn: number;
  readonly bigramPlugIn: number;
  readonly unigramAdaptive: number;
  readonly bigramAdaptive: number;
}

export interface BaselineInput {
  readonly ids: Int32Array;
  /** How many different ids a text can hold. */
  readonly symbols: number;
  /** Tokens before it are counted and cost nothing: 1 where the model, too, is not asked about the first. */
  readonly from: 0 | 1;
}

/** Yields the share that is done. */
export function* baselineSteps({ ids, symbols, from }: BaselineInput): Generator<number, BaselineCosts> {
  const side = sideOf(ids);
  const single = new Float64Array(side);
  /** Of each token, how often another one follows. */
  const followed = new Float64Array(side);
  const pairs = new PairTable(side);
  const [unigram, bigram] = [new CompensatedSum(), new CompensatedSum()];
  for (let at = 0; at < ids.length; at++) {
    const id = ids[at] ?? 0;
    const one = ((single[id] ?? 0) + ADDED) / (at + ADDED * symbols);
    const before = ids[at - 1];
    const after =
      before === undefined
        ? one
        : (pairs.count(before, id) + BACK_OFF * one) / ((followed[before] ?? 0) + BACK_OFF);
    if (at >= from) {
      unigram.add(-Math.log(one));
      bigram.add(-Math.log(after));
    }
    single[id] = (single[id] ?? 0) + 1;
    if (before !== undefined) {
      followed[before] = (followed[before] ?? 0) + 1;
      pairs.add(before, id);
    }
    if ((at + 1) % SLICE === 0) yield at / ids.length / 2;
  }
  const [unigramPlugIn, bigramPlugIn] = [new CompensatedSum(), new CompensatedSum()];
  for (let at = from; at < ids.length; at++) {
    const id = ids[at] ?? 0;
    const one = -Math.log((single[id] ?? 0) / ids.length);
    const before = ids[at - 1];
    unigramPlugIn.add(one);
    // The first token has none before it and costs what it costs by itself.
    bigramPlugIn.add(
      before === undefined ? one : -Math.log(pairs.count(before, id) / (followed[before] ?? 0)),
    );
    if ((at + 1) % SLICE === 0) yield 0.5 + at / ids.length / 2;
  }
  return {
    unigramPlugIn: unigramPlugIn.value,
    bigramPlugIn: bigramPlugIn.value,
    unigramAdaptive: unigram.value,
    bigramAdaptive: bigram.value,
  };
}

export interface UnigramMarginal {
  /** Nats: H(X) of the text's own counts. */
  readonly entropy: number;
  /** Nats: ln of the share of tokens that are this one. */
  readonly logProb: number;
}

/** The text's own (plug-in) unigram as a marginal: its entropy, and what it gives one id that occurs in the text. */
export function unigramMarginal(ids: Int32Array, id: number): UnigramMarginal {
  const counts = new Float64Array(sideOf(ids));
  for (const each of ids) counts[each] = (counts[each] ?? 0) + 1;
  const entropy = new CompensatedSum();
  for (const each of counts) {
    if (each > 0) entropy.add((each / ids.length) * Math.log(ids.length / each));
  }
  return { entropy: entropy.value, logProb: Math.log((counts[id] ?? 0) / ids.length) };
}

/** All ids are below it. */
function sideOf(ids: Int32Array): number {
  let most = 0;
  for (const id of ids) if (id > most) most = id;
  return most + 1;
}
