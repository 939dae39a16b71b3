// The analysis as data: a row per token as CSV, everything that is shown as JSON.
import type { LogProbsContent } from '../../../src/protocol/logProbs';
import { toCsv, toJson, type DataColumn } from '../../ui/copyAsData';
import type { Analysis, Scored } from './analysis';
import { ledger } from './ledger';
import { bitsPerByte, type Passage } from './passages';

export function analysisCsv(analysis: Analysis): string {
  return toCsv(tokenTable(analysis, analysis.first));
}

export function analysisJson(analysis: Analysis, content: LogProbsContent, window: number): string {
  const { first, second, aligned, characters } = analysis;
  const about = {
    file: content.file,
    model: first.run.run,
    summary: first.run.summary,
    ledger: ledger(first.run.summary, characters).map(({ how, figure }) => ({ how, ...figure })),
    passagesWindowBytes: window,
    ...(second === undefined
      ? {}
      : {
          compared: second.run.run,
          comparedSummary: second.run.summary,
          comparedLedger: ledger(second.run.summary, characters).map(({ how, figure }) => ({
            how,
            ...figure,
          })),
          wins: analysis.wins,
        }),
  };
  const tables: Record<string, readonly DataColumn[]> = {
    tokens: tokenTable(analysis, first),
    histogram: [
      { name: 'surprisal from (bits)', values: analysis.histogram('first').map((_, bin) => bin) },
      { name: 'tokens', values: analysis.histogram('first') },
    ],
    leastLikely: passageTable(analysis, analysis.passages(window, 1)),
    mostLikely: passageTable(analysis, analysis.passages(window, -1)),
  };
  if (second !== undefined) tables['comparedTokens'] = tokenTable(analysis, second);
  if (aligned !== undefined) {
    tables['difference'] = [
      { name: 'start (UTF-16)', values: aligned.start },
      { name: 'end (UTF-16)', values: aligned.end },
      { name: 'first − second (bits)', values: aligned.difference },
    ];
  }
  return toJson(about, tables);
}

function tokenTable({ text }: Analysis, { run, columns }: Scored): DataColumn[] {
  const { start, end, byteStart, byteEnd, bits } = columns;
  const badge = run.summary.likelihood;
  return [
    { name: 'token', values: Array.from(start, (_, index) => index) },
    { name: 'start (UTF-16)', values: start },
    { name: 'end (UTF-16)', values: end },
    { name: 'start (byte)', values: byteStart },
    { name: 'end (byte)', values: byteEnd },
    { name: 'text', values: Array.from(start, (from, index) => text.slice(from, end[index])) },
    { name: `surprisal (bits over 1 token, ${badge})`, values: Array.from(bits, finite) },
  ];
}

function passageTable({ first, text }: Analysis, passages: readonly Passage[]): DataColumn[] {
  const { start, end } = first.columns;
  return [
    { name: 'first token', values: passages.map((one) => one.low) },
    { name: 'tokens', values: passages.map((one) => one.high - one.low) },
    { name: 'bits', values: passages.map((one) => one.bits) },
    { name: 'bytes', values: passages.map((one) => one.bytes) },
    { name: 'bits/byte', values: passages.map(bitsPerByte) },
    { name: 'text', values: passages.map((one) => text.slice(start[one.low], end[one.high - 1])) },
  ];
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
