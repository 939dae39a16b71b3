// The analysis as data: positions, distances and contexts as CSV, everything as JSON. Numbers as the engine gave them.
import type { AblationReport, InformationReport } from '../../../src/protocol/information';
import type { InformationContent } from '../../../src/protocol/informationView';
import { toCsv, toJson, type DataColumn } from '../../ui/copyAsData';
import type { Positions } from './positions';

const bits = (nats: number): number => nats / Math.LN2;

export function positionTable(positions: Positions, text: string, report: InformationReport): DataColumn[] {
  const { start, end, byteStart, byteEnd } = positions;
  const badge = report.summary.likelihood;
  return [
    { name: 'token', values: Array.from(start, (_, token) => token + 1) },
    { name: 'start (UTF-16)', values: start },
    { name: 'end (UTF-16)', values: end },
    { name: 'start (byte)', values: byteStart },
    { name: 'end (byte)', values: byteEnd },
    { name: 'text', values: Array.from(start, (from, token) => text.slice(from, end[token])) },
    { name: `per-context entropy (bits over 1 token, ${badge})`, values: finite(positions.entropy) },
    { name: `surprisal (bits over 1 token, ${badge})`, values: finite(positions.bits) },
  ];
}

export function distanceTable({ mutualInformation: found }: InformationReport): DataColumn[] {
  return [
    { name: 'distance (tokens)', values: found.distance },
    { name: 'pairs', values: found.pairs },
    { name: `mutual information (bits, ${found.correction})`, values: found.bits },
    { name: 'mutual information (bits, plug-in)', values: found.plugInBits },
    { name: `shuffled (bits, ${found.correction}, seed ${found.seed})`, values: found.shuffledBits },
    ...found.fits.flatMap(({ kind, fittedBits, residuals }) => [
      { name: `${kind} fit (bits)`, values: fittedBits },
      {
        name: `${kind} residual (ln)`,
        values: Array.from(found.distance, (_, row) => residuals[row] ?? null),
      },
    ]),
  ];
}

export function contextTable(report: AblationReport): DataColumn[] {
  const { full, withStart, alone, likelihood: badge } = report;
  const rows = [
    ...(full === null ? [] : [{ what: 'as scored', row: full }]),
    ...withStart.map((row) => ({ what: 'start token in front', row })),
    ...alone.map((row) => ({ what: 'nothing in front', row })),
  ];
  const column = (name: string, of: (row: (typeof rows)[number]['row']) => number | null): DataColumn => ({
    name,
    values: rows.map(({ row }) => of(row)),
  });
  return [
    { name: 'which', values: rows.map(({ what }) => what) },
    column('context (tokens)', ({ tokens }) => tokens),
    column(`surprisal (bits over 1 token, ${badge})`, ({ logProb }) => -bits(logProb)),
    column(`entropy (bits over 1 token, ${badge})`, ({ entropy }) => bits(entropy)),
    column('gain in entropy over the file’s unigram (bits)', ({ gain }) => gain.unigram.entropyBits),
    column('gain for the token over the file’s unigram (bits)', ({ gain }) => gain.unigram.tokenBits),
    column(
      'gain in entropy over the start token alone (bits)',
      ({ gain }) => gain.model?.entropyBits ?? null,
    ),
    column(
      'gain for the token over the start token alone (bits)',
      ({ gain }) => gain.model?.tokenBits ?? null,
    ),
  ];
}

export const csvOf = (table: readonly DataColumn[]): string => toCsv(table);

export function wholeJson(
  content: InformationContent,
  positions: Positions,
  text: string,
  ablation: AblationReport | null,
): string {
  const { report, file, run } = content;
  const { summary, conditionalEntropy, surprisal, baselines, classes, mutualInformation } = report;
  const { correction, seed, chanceBits, used, fits } = mutualInformation;
  const about = {
    file,
    model: run,
    summary,
    conditionalEntropy: { ...conditionalEntropy, unit: 'bits/token', badge: summary.likelihood },
    surprisal: { ...surprisal, unit: 'bits/token', badge: summary.likelihood },
    baselines,
    classes,
    mutualInformation: {
      correction,
      seed,
      chanceBits,
      used,
      fits: fits.map(({ kind, amplitude, rate, residualError }) => ({
        kind,
        amplitude,
        rate,
        residualError,
      })),
    },
    ablation,
  };
  return toJson(about, {
    distances: distanceTable(report),
    positions: positionTable(positions, text, report),
  });
}

const finite = (values: Float32Array): Array<number | null> =>
  Array.from(values, (value) => (Number.isFinite(value) ? value : null));
