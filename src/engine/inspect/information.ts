// The `information` call: scores a text by the one scorer, then counts what its tokens say about themselves and about
// one another. Knows no view; the arithmetic is in src/analysis/information.
import { baselineSteps } from '../../analysis/information/baselines';
import { dependenceSteps, type Dependence } from '../../analysis/information/dependence';
import { meanAlong } from '../../analysis/information/meanAlong';
import { BIAS_CORRECTION } from '../../analysis/information/mutualInformation';
import { classSteps, type ClassCost } from '../../analysis/information/tokenClasses';
import { natsToBits } from '../../math/information';
import { sum } from '../../math/statistics';
import type { CallContext } from '../../protocol/calls';
import type { ScoreProgress, ScoreSummary } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type {
  InformationClass,
  InformationMean,
  InformationParams,
  InformationProgress,
  InformationReport,
  MutualInformationTable,
} from '../../protocol/information';
import { scoreText, type ScoreSetting } from '../scoring/scoreText';
import { baselinesOf } from './baselineWords';
import { inTurns } from './turns';

const SEED = 1;
const CLASS_LABELS: Readonly<Record<ClassCost['id'], string>> = {
  whitespace: 'white space',
  words: 'words',
  digits: 'digits',
  punctuation: 'punctuation',
  other: 'symbols and other',
};

export async function informationOf(
  setting: ScoreSetting,
  params: InformationParams,
  { progress, signal }: CallContext<InformationProgress>,
): Promise<InformationReport> {
  const seed = checkedSeed(params.seed);
  const { columns, summary } = await scored(setting, params, { progress, signal });
  const counting =
    (doing: string, from: number, to: number) =>
    (share: number): Promise<void> =>
      progress({ kind: 'counting', doing, share: from + (to - from) * share });
  const { ids, logProb, entropy } = columns;
  const { bos, vocabulary } = setting.loaded.tokenizer;
  const symbols = vocabulary - (bos === undefined ? 0 : 1);
  const from = bos === undefined ? 1 : 0;
  const costs = await inTurns(
    baselineSteps({ ids, symbols, from }),
    signal,
    counting('Counting tokens and pairs', 0, 0.2),
  );
  const classes = await inTurns(
    classSteps({ text: params.text, ...columns }),
    signal,
    counting('Sorting tokens into classes', 0.2, 0.3),
  );
  const dependence = await inTurns(
    dependenceSteps(ids, seed),
    signal,
    counting('Measuring mutual information', 0.3, 1),
  );
  return {
    summary,
    conditionalEntropy: meanOf(entropy.subarray(from)),
    surprisal: meanOf(logProb.subarray(from).map((value) => -value)),
    baselines: baselinesOf(costs, symbols, summary),
    classes: classesOf(classes),
    mutualInformation: tableOf(dependence, seed),
  };
}

interface Columns {
  readonly ids: Int32Array;
  readonly start: Uint32Array;
  readonly end: Uint32Array;
  readonly logProb: Float32Array;
  readonly entropy: Float32Array;
}

/** Whole columns, gathered from what the scorer reports and passed on at once. */
async function scored(
  setting: ScoreSetting,
  params: InformationParams,
  { progress, signal }: CallContext<InformationProgress>,
): Promise<{ readonly columns: Columns; readonly summary: ScoreSummary }> {
  let columns: Columns | undefined;
  const { model, text, document, top, stride } = params;
  const summary = await scoreText(
    setting,
    {
      model,
      text,
      ...(document === undefined ? {} : { document }),
      ...(top === undefined ? {} : { top }),
      ...(stride === undefined ? {} : { stride }),
    },
    {
      signal,
      progress: async (part: ScoreProgress) => {
        columns ??= emptyColumns(part.tokens);
        const { scores } = part;
        columns.ids.set(scores.id, scores.from);
        for (const name of ['start', 'end', 'logProb', 'entropy'] as const)
          columns[name].set(scores[name], scores.from);
        await progress({ kind: 'scores', scores: part });
      },
    },
  );
  return { columns: columns ?? emptyColumns(0), summary };
}

function emptyColumns(tokens: number): Columns {
  return {
    ids: new Int32Array(tokens),
    start: new Uint32Array(tokens),
    end: new Uint32Array(tokens),
    logProb: new Float32Array(tokens).fill(NaN),
    entropy: new Float32Array(tokens).fill(NaN),
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

function checkedSeed(seed: number | undefined): number {
  if (seed === undefined) return SEED;
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new ArLensError('badInput', `seed: expected a whole number from 0, got ${seed}.`);
}
