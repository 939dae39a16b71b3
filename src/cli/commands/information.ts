// `ar-lens information`: what there is to know about a file, under a model and without one; with --token also what the
// model loses when it sees less of what stands before that token.
import { resolve } from 'node:path';
import { readTextToScore } from '../../engine/scoring/readText';
import { NATS_PER_BIT } from '../../protocol/figure';
import type {
  AblationReport,
  AblationRow,
  InformationMean,
  InformationProgress,
  InformationReport,
  MutualInformationTable,
} from '../../protocol/information';
import { given, type CommonOptions } from '../options';
import { count, decimal, table } from '../output';
import { callContext, type Session } from '../session';

export interface InformationOptions extends CommonOptions {
  readonly model: string;
  readonly file: string;
  readonly stride?: number;
  readonly seed?: number;
  readonly token?: number;
}

type Row = readonly [label: string, value: string, rest: string];

export async function information(session: Session, options: InformationOptions): Promise<void> {
  const text = await readTextToScore(resolve(options.file));
  const engine = session.engine(options);
  const model = resolve(options.model);
  const stride = given({ stride: options.stride });
  const { token } = options;
  // First, since it is soon refused where the token is not there.
  const ablation =
    token === undefined
      ? undefined
      : await engine.ablation({ model, text, token, ...stride }, callContext<never>(session));
  const report = await engine.information(
    { model, text, ...stride, ...given({ seed: options.seed }) },
    callContext<InformationProgress>(session),
  );
  if (options.json) {
    const whole = { ...asJson(report), ...(ablation === undefined ? {} : { ablation }) };
    return session.out.json(whole);
  }
  await session.out.line(table(rowsOf(report, options.file)));
  await session.out.line('');
  await session.out.line(table(distanceRows(report.mutualInformation)));
  if (ablation === undefined) return;
  await session.out.line('');
  await session.out.line(table(ablationRows(ablation)));
}

function asJson({
  summary,
  conditionalEntropy,
  surprisal,
  mutualInformation,
  ...rest
}: InformationReport): object {
  const badge = summary.likelihood;
  const { distance, pairs, bits, plugInBits, shuffledBits, fits, ...about } = mutualInformation;
  return {
    ...summary,
    rescored: undefined,
    comparable: summary.unknown === 0,
    conditionalEntropy: { ...conditionalEntropy, unit: 'bits/token', badge },
    surprisal: { ...surprisal, unit: 'bits/token', badge },
    ...rest,
    mutualInformation: {
      ...about,
      unit: 'bits',
      badge: 'none',
      points: Array.from(distance, (d, i) => ({
        distance: d,
        count: pairs[i],
        bits: bits[i],
        plugInBits: plugInBits[i],
        shuffledBits: shuffledBits[i],
      })),
      fits: fits.map((fit) => ({
        ...fit,
        fittedBits: Array.from(fit.fittedBits),
        residuals: Array.from(fit.residuals),
      })),
    },
  };
}

function rowsOf(report: InformationReport, file: string): Row[] {
  const { summary, conditionalEntropy, surprisal, baselines, classes } = report;
  const { likelihood, bytes } = summary;
  const mean = (
    label: string,
    { bits, count: tokens, standardErrorBits, blocks, blockLength }: InformationMean,
  ): Row => {
    const error =
      standardErrorBits === null
        ? 'too few tokens for a standard error'
        : `± ${decimal(standardErrorBits)} (standard error, ${blocks} blocks of ${count(blockLength)})`;
    return [label, decimal(bits), `bits/token over ${count(tokens)} tokens (${likelihood}), ${error}`];
  };
  return [
    ['file', '', file],
    ['model', '', `${summary.model} (${summary.family}, on ${summary.device})`],
    mean('conditional entropy', conditionalEntropy),
    mean('surprisal', surprisal),
    ['', decimal(summary.bitsPerByte), `bits/byte over ${count(bytes)} bytes (${likelihood})`],
    ...baselines.flatMap(({ label, how, badge, count: tokens, bitsPerToken, bitsPerByte }): Row[] => [
      [label, decimal(bitsPerToken), `bits/token over ${count(tokens)} tokens (${badge}). ${how}`],
      ['', decimal(bitsPerByte), `bits/byte over ${count(bytes)} bytes (${badge})`],
    ]),
    ...classes.map(({ label, tokens, scored, parts, bits, share }): Row => {
      const partial = parts === 0 ? '' : `, ${count(parts)} of them parts of a character`;
      const percent = share === null ? '' : `${(100 * share).toFixed(1)} % of the `;
      return [
        label,
        decimal(bits),
        `${percent}bits over ${count(scored)} of ${count(tokens)} tokens (${likelihood})${partial}`,
      ];
    }),
  ];
}

function distanceRows(found: MutualInformationTable): Row[] {
  const { distance, pairs, bits, shuffledBits, correction, chanceBits, used, fits, seed } = found;
  return [
    [
      'mutual information',
      'bits',
      `of tokens at a distance, ${correction} correction; counts, no likelihood`,
    ],
    ...Array.from(distance, (d, i): Row => {
      const shuffled = `shuffled (seed ${seed}) ${decimal(shuffledBits[i] ?? NaN)} bits`;
      return [`  at ${count(d)}`, decimal(bits[i] ?? NaN), `over ${count(pairs[i] ?? 0)} pairs; ${shuffled}`];
    }),
    ...fits.map(({ kind, amplitude, rate, residualError }): Row => {
      const exponent = `${rate < 0 ? '' : '−'}${decimal(Math.abs(rate))}`;
      const law = kind === 'power' ? `d^(${exponent})` : `e^(${exponent} d)`;
      const words = `residual error ${decimal(residualError)} in ln, over the first ${used} distances, above ${decimal(chanceBits)} bits of chance`;
      return [`${kind} fit`, '', `${decimal(amplitude)} · ${law} bits, ${words}; neither fit is the truth`];
    }),
  ];
}

function ablationRows(found: AblationReport): Row[] {
  const { at, likelihood, bos, full, withStart, alone } = found;
  const row = (what: string, { logProb, entropy, gain }: AblationRow): Row => {
    const gained =
      gain.model === null ? '' : `, ${signed(gain.model.entropyBits)} against the model’s own start`;
    return [
      what,
      decimal(-logProb / NATS_PER_BIT),
      `bits over 1 token (${likelihood}), per-context entropy ${decimal(entropy / NATS_PER_BIT)}; entropy gained: ${signed(gain.unigram.entropyBits)} bits against the file’s unigram${gained}`,
    ];
  };
  return [
    ['surprisal with less', 'bits', `of token ${count(at.token)} ${JSON.stringify(at.text)}`],
    ...(full === null ? [] : [row('  as scored', full)]),
    ...withStart.map((each) => row(`  start + ${count(each.tokens)}`, each)),
    ...alone.map((each) => row(`  last ${count(each.tokens)}`, each)),
    ...(bos ? [] : [['', '', 'the model has no start token: nothing can be said without context'] as const]),
  ];
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${decimal(Math.abs(value))}`;
