// What was counted and scored, as the answer of `information`: in bits, with labels. Pure; knows no model and no text.
import type { BaselineCosts } from '../../analysis/information/baselines';
import type { Dependence } from '../../analysis/information/dependence';
import { meanAlong } from '../../analysis/information/meanAlong';
import { BIAS_CORRECTION } from '../../analysis/information/mutualInformation';
import type { ClassCost } from '../../analysis/information/tokenClasses';
import { natsToBits } from '../../math/information';
import { sum } from '../../math/statistics';
import type { ScoreSummary } from '../../protocol/engine';
import type {
  InformationClass,
  InformationMean,
  InformationReport,
  MutualInformationTable,
} from '../../protocol/information';
import { baselinesOf } from './baselineWords';

const CLASS_LABELS: Readonly<Record<ClassCost['id'], string>> = {
  whitespace: 'white space',
  words: 'words',
  digits: 'digits',
  punctuation: 'punctuation',
  other: 'symbols and other',
};

export interface Counted {
  readonly summary: ScoreSummary;
  /** How many different ids a text can hold. */
  readonly symbols: number;
  /** Of the shuffled control. */
  readonly seed: number;
  readonly costs: BaselineCosts;
  readonly classes: readonly ClassCost[];
  readonly dependence: Dependence;
  /** Nats by token; NaN in a first token without context. */
  readonly logProb: Float32Array;
  readonly entropy: Float32Array;
}

export function reportOf(counted: Counted): InformationReport {
  const { summary, symbols, seed, costs, classes, dependence, logProb, entropy } = counted;
  const from = Number.isNaN(logProb[0]) ? 1 : 0;
  return {
    summary,
    conditionalEntropy: meanOf(entropy.subarray(from)),
    surprisal: meanOf(logProb.subarray(from).map((value) => -value)),
    baselines: baselinesOf(costs, symbols, summary),
    classes: classesOf(classes),
    mutualInformation: tableOf(dependence, seed),
  };
}

function meanOf(nats: Float32Array): InformationMean {
  const { mean, standardError, ...about } = meanAlong(nats);
  return {
    bits: natsToBits(mean),
    standardErrorBits: standardError === null ? null : natsToBits(standardError),
    ...about,
  };
}

function classesOf(costs: readonly ClassCost[]): InformationClass[] {
  const total = natsToBits(sum(costs.map(({ nats }) => nats)));
  return costs.map(({ id, tokens, scored, parts, nats }) => {
    const bits = natsToBits(nats);
    return {
      id,
      label: CLASS_LABELS[id],
      tokens,
      scored,
      parts,
      bits,
      share: total > 0 ? bits / total : null,
      bitsPerToken: scored > 0 ? bits / scored : null,
    };
  });
}

function tableOf({ points, control, chance, used, fits }: Dependence, seed: number): MutualInformationTable {
  return {
    distance: Int32Array.from(points, ({ distance }) => distance),
    pairs: Float64Array.from(points, ({ pairs }) => pairs),
    bits: Float64Array.from(points, ({ bits }) => bits),
    plugInBits: Float64Array.from(points, ({ plugInBits }) => plugInBits),
    shuffledBits: Float64Array.from(control, ({ bits }) => bits),
    correction: BIAS_CORRECTION,
    seed,
    chanceBits: chance,
    used,
    fits: fits.map(({ kind, amplitude, rate, residuals, residualError, at }) => ({
      kind,
      amplitude,
      rate,
      fittedBits: Float64Array.from(points, ({ distance }) => at(distance)),
      residuals,
      residualError,
    })),
  };
}
