// The causality of a model, whole: the same architecture with several weights, at several lengths, as it predicts and as
// it trains, alone and packed in a batch, against what its family declares. Knows no family by name.
import type { Causality, Model, TapGraph } from '../../families/family';
import { BitMatrix } from '../bitMatrix';
import { compareConnectivity, leaksOnly, type Comparison } from './comparison';
import { allowedConnectivity } from './declared';
import { measuredConnectivity, measuredRowLeaks, type RowLeak } from './measured';
import { predictingNetwork, trainingNetwork } from './network';
import { sampledInputs, workOf, type Work } from './plan';
import { verdictOf } from './verdict';

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

/** What was done so far: `share` of the whole, and which set of weights is being measured. */
export interface CausalityProgress {
  readonly draw: number;
  readonly draws: number;
  readonly title: string;
  readonly share: number;
}

export interface CausalityOptions {
  /** The last one's comparison is the one that is shown. */
  readonly lengths: readonly number[];
  /** How long the sequences are whose training path is measured: each cell costs a loss of its own. */
  readonly trainingLength?: number;
  /** A length at which only a few inputs are changed, with the first and the last weights; none when absent. */
  readonly sampledLength?: number | undefined;
  readonly pause?: () => Promise<void>;
  /** Told before each set of weights, and between batches. */
  readonly onProgress?: (progress: CausalityProgress) => Promise<void>;
}

export interface CausalityReport {
  readonly causality: Causality;
  readonly lengths: readonly number[];
  readonly draws: readonly string[];
  /** One per length, the union over all draws. */
  readonly predicting: readonly Comparison[];
  /** At `sampledLength`, of the inputs that were changed; leaks only. */
  readonly sampled?: Comparison;
  /** At `trainingLength`, with dropout on; absent where a model is fitted and not trained. Leaks only. */
  readonly training?: Comparison;
  /** Outputs that read another row of their batch. */
  readonly rowLeaks: readonly RowLeak[];
  /** How long the rows of that batch were, and how many pairs of an output and an input of another row they have. */
  readonly packed: { readonly length: number; readonly pairs: number };
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
  const { lengths, sampledLength } = options;
  const longest = Math.max(...lengths);
  const packedLength = Math.min(PACKED_LENGTH, longest);
  const matrices = new Map(lengths.map((length) => [length, new BitMatrix(length, length)]));
  const trainingLength = Math.min(options.trainingLength ?? TRAINING_LENGTH, longest);
  const trained = new BitMatrix(trainingLength, trainingLength);
  const inputs = sampledInputs(sampledLength ?? 0);
  const sampled = new BitMatrix(sampledLength ?? 0, sampledLength ?? 0);
  const rowLeaks: RowLeak[] = [];
  let trains = false;
  const work = workOf(lengths, sampledLength, draws.length);
  for (const [index, draw] of draws.entries()) {
    const pause = pausing(options, work, { draw: index, draws: draws.length, title: draw.title });
    await pause(0);
    const { model, close } = draw.open();
    try {
      const network = predictingNetwork(model);
      const measuring = { seed: draw.seed, alphabet: draw.alphabet, pause };
      const rows = await measuredRowLeaks(network, PACKED_ROWS, packedLength, measuring);
      rowLeaks.push(...rows.filter((leak) => !rowLeaks.some((known) => sameLeak(known, leak))));
      const alone = rowLeaks.length > 0 ? { rowsTogether: 1 } : {};
      for (const [length, matrix] of matrices) {
        matrix.or(await measuredConnectivity(network, length, { ...measuring, ...alone }));
      }
      if (inputs.length > 0 && (index === 0 || index === draws.length - 1)) {
        sampled.or(await measuredConnectivity(network, sampled.rows, { ...measuring, ...alone, inputs }));
      }
      if (model.fit) continue;
      trains = true;
      // Its rows are asked for one by one anyway.
      const training = { ...measuring, rowsTogether: 1 };
      trained.or(await measuredConnectivity(trainingNetwork(model, draw.seed), trainingLength, training));
    } finally {
      close();
    }
  }
  const allowedAt = (length: number): BitMatrix => allowedConnectivity(graph, causality, length);
  const predicting = [...matrices].map(([length, matrix]) => compareConnectivity(allowedAt(length), matrix));
  // Dropout and rounding can hide a dependency of the training path, and a few changes can miss one: there only leaks count.
  const training = trains ? leaksOnly(compareConnectivity(allowedAt(trainingLength), trained)) : undefined;
  const few =
    inputs.length > 0
      ? leaksOnly(compareConnectivity(allowedAt(sampled.rows), sampled), inputs.length * sampled.rows)
      : undefined;
  const all = [...predicting, ...(few ? [few] : []), ...(training ? [training] : [])];
  const shown = lengths.at(-1) ?? 1;
  return {
    causality,
    lengths: [...matrices.keys()],
    draws: draws.map(({ title }) => title),
    predicting,
    ...(few ? { sampled: few } : {}),
    ...(training ? { training } : {}),
    rowLeaks,
    packed: { length: packedLength, pairs: PACKED_ROWS * (PACKED_ROWS - 1) * packedLength ** 2 },
    allowed: allowedAt(shown),
    measured: matrices.get(shown) ?? new BitMatrix(1, 1),
    leaks: rowLeaks.length + all.reduce((sum, { leaks }) => sum + leaks.length, 0),
    agrees: rowLeaks.length === 0 && all.every(({ agrees }) => agrees),
    verdict: verdictOf({ predicting, sampled: few, training, rowLeaks }),
  };
}

/** Lets others run between batches, and says how far the work is. */
function pausing(
  { pause, onProgress }: CausalityOptions,
  work: Work,
  at: Omit<CausalityProgress, 'share'>,
): (positions: number) => Promise<void> {
  return async (positions) => {
    work.done += positions;
    await pause?.();
    await onProgress?.({ ...at, share: Math.min(1, work.done / work.of) });
  };
}

function sameLeak(a: RowLeak, b: RowLeak): boolean {
  return a.row === b.row && a.output === b.output && a.otherRow === b.otherRow && a.input === b.input;
}
