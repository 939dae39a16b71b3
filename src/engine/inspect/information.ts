// The `information` call: scores a text by the one scorer, then counts what its tokens say about themselves and about
// one another. Knows no view; the arithmetic is in src/analysis/information.
import { baselineSteps } from '../../analysis/information/baselines';
import { dependenceSteps } from '../../analysis/information/dependence';
import { classSteps } from '../../analysis/information/tokenClasses';
import type { CallContext } from '../../protocol/calls';
import type { ScoreProgress, ScoreSummary } from '../../protocol/engine';
import { ArLensError } from '../../protocol/errors';
import type { InformationParams, InformationProgress, InformationReport } from '../../protocol/information';
import { scoreText, type ScoreSetting } from '../scoring/scoreText';
import { reportOf } from './informationReport';
import { inTurns } from './turns';

const SEED = 1;

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
  return reportOf({ summary, symbols, seed, costs, classes, dependence, logProb, entropy });
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

function checkedSeed(seed: number | undefined): number {
  if (seed === undefined) return SEED;
  if (Number.isSafeInteger(seed) && seed >= 0) return seed;
  throw new ArLensError('badInput', `seed: expected a whole number from 0, got ${seed}.`);
}
