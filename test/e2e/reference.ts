// What the editor must show, from the command line's answer about the same text: `ar-lens score --json`.
// Knows the rules of the annotations (bins, threshold), not how they are drawn.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { COLOURS } from '../../src/host/ids';
import type { DrawnRange } from './driver/editor';

const root = path.resolve(import.meta.dirname, '../..');

export interface ScoredToken {
  readonly start: number;
  readonly end: number;
  /** Nats. */
  readonly logProb: number | null;
  readonly entropy: number;
  readonly rank: number;
  readonly top: ReadonlyArray<{ readonly id: number; readonly text: string; readonly logProb: number }>;
}
export interface Sample {
  readonly text: string;
  readonly elements: ReadonlyArray<{
    readonly id: number;
    readonly logProb: number;
    readonly draw?: ReadonlyArray<{
      readonly id: number;
      readonly text: string;
      readonly logProb: number;
      readonly noise: number;
      readonly sum: number;
    }>;
  }>;
  readonly samples?: ReadonlyArray<{ readonly text: string }>;
  readonly beam?: {
    readonly totals: readonly number[];
    readonly scores: readonly number[];
    readonly lattice: ReadonlyArray<{ readonly step: number; readonly text: string; readonly fate: string }>;
  };
}
export interface Score {
  readonly tokens: number;
  readonly scored: number;
  /** Nats. */
  readonly nll: number;
  readonly bitsPerByte: number;
  readonly perplexity: number;
  readonly elements: readonly ScoredToken[];
}

/** The headless answer about a text, by a process of its own. */
export async function scoreOf(text: string, model: string, top = 5): Promise<Score> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ar-lens-score-'));
  try {
    const file = path.join(folder, 'text.txt');
    writeFileSync(file, text);
    const args = [
      path.join(root, 'dist/cli.mjs'),
      'score',
      '--model',
      model,
      '--file',
      file,
      '--top',
      String(top),
      '--json',
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 28 });
    return JSON.parse(stdout) as Score;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `ar-lens sample` says with these words, by a process of its own. */
export async function sampleOf(model: string, ...words: readonly string[]): Promise<Sample> {
  const args = [path.join(root, 'dist/cli.mjs'), 'sample', '--model', model, '--json', ...words];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 28 });
  return JSON.parse(stdout) as Sample;
}

export const bitsOf = (token: ScoredToken): number => -(token.logProb ?? NaN) / Math.LN2;

/** Which bin each cell of a text shows: 0 for none. One token per UTF-16 unit, as in ASCII. */
export function expectedCells(text: string, score: Score, threshold: number): number[][] {
  const lines = text.split('\n').map((line) => new Array<number>(line.length).fill(0));
  let line = 0;
  let column = 0;
  for (const token of score.elements) {
    const bits = bitsOf(token);
    const cells = lines[line];
    if (text[token.start] === '\n') {
      line += 1;
      column = 0;
      continue;
    }
    if (cells !== undefined && bits >= threshold) cells[column] = Math.min(12, Math.floor(bits) + 1);
    column += 1;
  }
  return lines;
}

/** The same from what is drawn. `colours[i]` is bin i + 1's. */
export function drawnCells(
  text: string,
  ranges: readonly DrawnRange[],
  colours: readonly string[],
): number[][] {
  const lines = text.split('\n').map((line) => new Array<number>(line.length).fill(0));
  for (const { line, from, to, colour } of ranges) {
    const bin = colours.indexOf(colour) + 1;
    if (bin > 0) lines[line - 1]?.fill(bin, from, to);
  }
  return lines;
}

export const BIN_COLOURS = Array.from({ length: 12 }, (_, i) => COLOURS.surprisal(i + 1));

/**
 * Cells that differ, as sentences. A value within a thousandth of a bit of an edge may fall on either side of it.
 */
export function differences(
  text: string,
  score: Score,
  threshold: number,
  drawn: readonly number[][],
): string[] {
  const found: string[] = [];
  let index = 0;
  expectedCells(text, score, threshold).forEach((cells, line) => {
    cells.forEach((expected, column) => {
      const bits = bitsOf(
        score.elements[index + column] ?? { start: 0, end: 0, logProb: null, entropy: 0, rank: 0, top: [] },
      );
      const got = drawn[line]?.[column] ?? 0;
      const onEdge = Math.abs(bits - Math.round(bits)) < 1e-3;
      if (got !== expected && !onEdge)
        found.push(
          `line ${line + 1} column ${column + 1}: expected bin ${expected} (${bits.toFixed(3)} bits), got ${got}`,
        );
    });
    index += cells.length + 1;
  });
  return found;
}
