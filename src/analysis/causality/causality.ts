// The causality of a model, whole: the same architecture with several weights, at several lengths, as it predicts and as
// it trains, alone and packed in a batch, against what its family declares. Knows no family by name.
import type { Causality, Model, TapGraph } from '../../families/family';
import { BitMatrix } from '../bitMatrix';
import { compareConnectivity, type Comparison } from './comparison';
import { allowedConnectivity } from './declared';
import { measuredConnectivity, measuredRowLeaks, type RowLeak } from './measured';
import { predictingNetwork, trainingNetwork } from './network';

/** One set of weights of the architecture that is measured. */
export interface Draw {
  /** "its own weights", "random weights × 8": for the report. */
  readonly title: string;
  readonly seed: number;
  /** Different ids among the inputs; all when absent. */
  readonly alphabet?: number;
  /** The draw's model, and what to do when it has been measured. */
  readonly open: () => { readonly model: Model; readonly close: () => void };
}

export interface CausalitySubject {
  readonly graph: TapGraph;
  readonly causality: Causality;
  readonly draws: readonly Draw[];
}

export interface CausalityOptions {
  /** The last one's comparison is the one that is shown. */
  readonly lengths: readonly number[];
  /** How long the sequences are whose training path is measured: each cell costs a loss of its own. */
  readonly trainingLength?: number;
  readonly pause?: () => Promise<void>;
  /** Told before each set of weights. */
  readonly onDraw?: (draw: number, draws: number, title: string) => Promise<void>;
}

export interface CausalityReport {
  readonly causality: Causality;
  readonly lengths: readonly number[];
  readonly draws: readonly string[];
  /** One per length, the union over all draws. */
  readonly predicting: readonly Comparison[];
  /** At `trainingLength`, with dropout on; absent where a model is fitted and not trained. */
  readonly training?: Comparison;
  /** Outputs that read another row of their batch. */
  readonly rowLeaks: readonly RowLeak[];
  /** At the last length. */
  readonly allowed: BitMatrix;
  readonly measured: BitMatrix;
  /** All leaks found, in whatever way. */
  readonly leaks: number;
  /** Declared = measured everywhere. */
  readonly agrees: boolean;
  readonly verdict: string;
}

const PACKED_ROWS = 3;
const PACKED_LENGTH = 3;
const TRAINING_LENGTH = 5;

export async function causalityReport(
  subject: CausalitySubject,
  options: CausalityOptions,
): Promise<CausalityReport> {
  const { graph, causality, draws } = subject;
  const { lengths, pause } = options;
  const longest = Math.max(...lengths);
  const pausing = pause ? { pause } : {};
  const matrices = new Map(lengths.map((length) => [length, new BitMatrix(length, length)]));
  const trainingLength = Math.min(options.trainingLength ?? TRAINING_LENGTH, longest);
  const trained = new BitMatrix(trainingLength, trainingLength);
  const rowLeaks: RowLeak[] = [];
  let trains = false;
  for (const [index, draw] of draws.entries()) {
    await options.onDraw?.(index, draws.length, draw.title);
    const { model, close } = draw.open();
    try {
      const network = predictingNetwork(model);
      const measuring = { seed: draw.seed, alphabet: draw.alphabet, ...pausing };
      const rows = await measuredRowLeaks(network, PACKED_ROWS, Math.min(PACKED_LENGTH, longest), measuring);
      rowLeaks.push(...rows.filter((leak) => !rowLeaks.some((known) => sameLeak(known, leak))));
      const alone = rowLeaks.length > 0 ? { rowsTogether: 1 } : {};
      for (const [length, matrix] of matrices) {
        matrix.or(await measuredConnectivity(network, length, { ...measuring, ...alone }));
      }
      if (model.fit) continue;
      trains = true;
      trained.or(await measuredConnectivity(trainingNetwork(model, draw.seed), trainingLength, measuring));
    } finally {
      close();
    }
  }
  const compare = (length: number, matrix: BitMatrix): Comparison =>
    compareConnectivity(allowedConnectivity(graph, causality, length), matrix);
  const predicting = [...matrices].map(([length, matrix]) => compare(length, matrix));
  const training = trains ? compare(trainingLength, trained) : undefined;
  const all = training ? [...predicting, training] : predicting;
  const shown = [...matrices.keys()].at(-1) ?? 1;
  return {
    causality,
    lengths: [...matrices.keys()],
    draws: draws.map(({ title }) => title),
    predicting,
    ...(training ? { training } : {}),
    rowLeaks,
    allowed: allowedConnectivity(graph, causality, shown),
    measured: matrices.get(shown) ?? new BitMatrix(1, 1),
    leaks: rowLeaks.length + all.reduce((sum, { leaks }) => sum + leaks.length, 0),
    // Dropout and rounding can hide a dependency of the training path: there only leaks count.
    agrees:
      rowLeaks.length === 0 &&
      predicting.every(({ agrees }) => agrees) &&
      (training?.leaks.length ?? 0) === 0,
    verdict: verdictOf(predicting, training, rowLeaks),
  };
}

/** The worst finding first; where there is none, what the longest comparison says. */
function verdictOf(
  predicting: readonly Comparison[],
  training: Comparison | undefined,
  rowLeaks: readonly RowLeak[],
): string {
  const last = predicting.at(-1);
  const leaking = [...predicting].reverse().find(({ leaks }) => leaks.length > 0);
  if (leaking) return leaking.verdict + (leaking === last ? '' : ` (at length ${leaking.length})`);
  if (training && training.leaks.length > 0) return `while training, ${training.verdict}`;
  const row = rowLeaks[0];
  if (row) {
    const words = rowLeaks.length === 1 ? '1 leak' : `${rowLeaks.length} leaks`;
    return `${words} between rows of a batch: output ${row.output} of row ${row.row} depends on input ${row.input} of row ${row.otherRow}`;
  }
  return (predicting.find(({ agrees }) => !agrees) ?? last)?.verdict ?? '';
}

function sameLeak(a: RowLeak, b: RowLeak): boolean {
  return a.row === b.row && a.output === b.output && a.otherRow === b.otherRow && a.input === b.input;
}
