// Masks, leaks and checks as data: the JSON has the fields of `ar-lens mask --json` and `check --json`. Pure.
import type { CausalMaskContent } from '../../../src/protocol/causalMaskView';
import { toCsv } from '../../ui/copyAsData';
import { comparedCells, leaksByOffset } from './cells';

/** Rows are outputs, columns inputs, cells 0 or 1. */
export function cellsCsv(cells: Uint8Array, length: number): string {
  const places = Array.from({ length }, (_, i) => i);
  return toCsv([
    { name: 'output', values: places },
    ...places.map((input) => ({
      name: `input ${input}`,
      values: places.map((output) => cells[output * length + input] ?? 0),
    })),
  ]);
}

export function leaksCsv({ report }: CausalMaskContent): string {
  const groups = leaksByOffset(comparedCells(report), report.image);
  const places = groups.flatMap((group) => group.places.map((place) => ({ ...place, ...group })));
  return toCsv([
    { name: 'output', values: places.map(({ output }) => output) },
    { name: 'input', values: places.map(({ input }) => input) },
    report.image === undefined
      ? { name: 'input − output', values: places.map(({ offset }) => offset) }
      : { name: 'input lies (pixels from the output)', values: places.map(({ words }) => words) },
  ]);
}

export function maskJson({ report, checks }: CausalMaskContent): string {
  const { masks, declared, measured, length, agrees, verdict, leaks, unseen, ...rest } = report;
  const { leaksByOffset: groups, comparisons, lengths, draws, ...head } = rest;
  return JSON.stringify({
    ...head,
    length,
    masks: masks.map(({ cells, ...layer }) => ({ ...layer, rows: rowsOf(cells, length) })),
    declared: rowsOf(declared, length),
    measured: {
      agrees,
      verdict,
      leaks,
      unseen,
      leaksByOffset: groups,
      comparisons,
      lengths,
      draws,
      method: 'perturbation',
      rows: rowsOf(measured, length),
    },
    ...(checks.state === 'done' ? { verdict: checks.verdict, checks: checks.outcomes } : {}),
  });
}

function rowsOf(cells: Uint8Array, length: number): number[][] {
  return Array.from({ length }, (_, i) => Array.from(cells.subarray(i * length, (i + 1) * length)));
}
